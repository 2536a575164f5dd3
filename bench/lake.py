"""Records into the lake and scores back out of it, on both databases: each against the bare rows."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from bench.measure import QUICK, Figure
from tests.services import postgres

LEADS = 2_000 if QUICK else 100_000


def figures() -> Iterator[Figure]:
    """Rows a second of a first sync, of a whole write-back and of its switch."""
    for name in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, postgres() as server:
            database = server if name == "PostgreSQL" else f"sqlite:///{folder}/lake.sqlite3"
            environment = os.environ | {"ASSAY_DATABASE": database, "ASSAY_HOME": folder}
            command = [sys.executable, "-m", "bench.lake_side", name, str(LEADS)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            yield from (Figure(**row) for row in json.loads(done.stdout))
