"""The command as other programs start it: a process with arguments, streams, signals and an exit code."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.cli.files import LEADS

Environment = Mapping[str, str]
PROGRAM = (sys.executable, "-c", "from assay.cli.main import main; main()")


def start(environment: Environment, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*PROGRAM, *words], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run(environment: Environment, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*PROGRAM, *words], env=environment, text=True, capture_output=True, timeout=120)


@pytest.fixture
def fresh(tmp_path: Path) -> Environment:
    """An environment with a data folder that is not there yet."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ASSAY_", "DJANGO_"))}
    return kept | {"ASSAY_HOME": str(tmp_path / "home"), "COLUMNS": "120"}


@pytest.fixture
def leads(tmp_path: Path) -> str:
    (tmp_path / "leads.csv").write_text(LEADS)
    return str(tmp_path / "leads.csv")


@pytest.mark.slow
def test_the_first_day(fresh: Environment, leads: str, tmp_path: Path) -> None:
    """From nothing to an accepted lead, each command a process of its own."""
    fresh = {**fresh, "DJANGO_SETTINGS_MODULE": "another.project"}
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    (tmp_path / "signals.csv").write_text(f"at,kind,email\n{yesterday},demo_request,nina@north.example\n")
    assert run(fresh, "user", "add", "sam@firm.example", "--role", "rep", "--name", "Sam").returncode == 0
    assert "3 rows: 3 new.\n" in run(fresh, "import", "leads", leads).stdout
    assert "1 row: 1 new, 1 promoted.\n" in run(fresh, "import", "signals", str(tmp_path / "signals.csv")).stdout
    [nina] = json.loads(run(fresh, "inbox", "--json").stdout)
    done = run({**fresh, "ASSAY_USER": "sam@firm.example"}, "accept", nina["email"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Accepted: Nina North · North")
    assert "owner Sam.\n" in done.stdout
    checked = run(fresh, "doctor")
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.slow
def test_processes_that_start_together_on_nothing_all_work(fresh: Environment) -> None:
    with ThreadPoolExecutor(4) as pool:
        people = [f"person{number}@firm.example" for number in range(4)]
        done = list(pool.map(lambda email: run(fresh, "user", "add", email, "--role", "rep"), people))
        done += pool.map(lambda email: run(fresh, "capture", "--email", email, "--source", "Fair"), people)
    assert [(process.returncode, process.stderr) for process in done] == [(0, "")] * 8
    assert len(json.loads(run(fresh, "user", "list", "--json").stdout)) == 5
    [rule] = json.loads(run(fresh, "policy", "list", "--json").stdout)
    assert rule["version"] == 1


@pytest.mark.slow
def test_processes_that_start_together_on_an_empty_postgresql_all_work(fresh: Environment, postgres: str) -> None:
    name = f"together_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            there = {**fresh, "ASSAY_DATABASE": urlsplit(postgres)._replace(path=f"/{name}").geturl()}
            with ThreadPoolExecutor(3) as pool:
                done = list(pool.map(lambda _: run(there, "leads", "--json"), range(3)))
            assert [(process.returncode, process.stdout, process.stderr) for process in done] == [(0, "[]\n", "")] * 3
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_reader_that_leaves_is_no_failure(fresh: Environment, tmp_path: Path) -> None:
    rows = "".join(f"person{number}@firm.example\n" for number in range(2_000))
    (tmp_path / "many.csv").write_text(f"email\n{rows}")
    process = start(fresh, "score", "--leads", str(tmp_path / "many.csv"), "--json")
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert (process.stderr.read(), process.wait(60)) == ("", 0)
    process.stderr.close()


def test_ctrl_c_stops_in_a_sentence(fresh: Environment, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endless.csv")
    process = start(fresh, "score", "--leads", str(tmp_path / "endless.csv"))
    # The other end is open once the command reads, and it then waits for what never comes.
    with (tmp_path / "endless.csv").open("w"):
        time.sleep(1)  # time to get there on a busy machine
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Stopped.\n  What was reported as done stays done.\n"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ASSAY_DATABASE": "mysql://host/name"}, "ASSAY_DATABASE cannot be used:"),
        ({"ASSAY_LOG_LEVEL": "loud"}, "ASSAY_LOG_LEVEL cannot be used:"),
        ({"ASSAY_HOME": "/dev/null/home"}, "ASSAY_HOME cannot be used:"),
        ({"ASSAY_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}, "The database cannot be used: connection failed"),
        ({"ASSAY_DATABASE": "sqlite:////dev/null/x.sqlite3"}, "ASSAY_DATABASE cannot be used: there is no folder"),
    ],
    ids=["not a database", "a bad value", "no folder", "no server", "no file"],
)
def test_an_installation_that_cannot_work_is_told_in_a_sentence(
    variables: Environment, sentence: str, fresh: Environment
) -> None:
    done = run({**fresh, **variables}, "inbox")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) <= 2
    told = run({**fresh, **variables}, "inbox", "--json")
    assert json.loads(told.stderr)["message"].startswith(sentence)


def test_a_file_that_is_no_database_is_told(fresh: Environment, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "assay.sqlite3").write_text("not a database at all, but long enough to be read as one" * 20)
    done = run(fresh, "inbox")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "The database file is no SQLite database.")
    checked = run(fresh, "doctor")
    assert (checked.returncode, "fail  Database" in checked.stdout) == (1, True)


def test_a_database_that_somebody_writes_to_for_long_is_told(fresh: Environment, tmp_path: Path) -> None:
    assert run(fresh, "inbox").returncode == 0
    file = tmp_path / "home" / "assay.sqlite3"
    patient = {**fresh, "ASSAY_DATABASE": f"sqlite:///{file}?timeout=1"}
    writer = sqlite3.connect(file, isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        done = run(patient, "capture", "--email", "ann@acme.example", "--source", "Fair")
    finally:
        writer.close()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Another process is writing to the database.\n  Try again in a moment.\n"


def test_a_full_disk_is_told_and_nothing_half_written_stays(fresh: Environment, leads: str) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("This machine has no /dev/full to stand for a full disk.")
    with Path("/dev/full").open("w") as full:
        command = [*PROGRAM, "score", "--leads", leads, "--json"]
        done = subprocess.run(command, env=fresh, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, json.loads(done.stderr)["error"]) == (2, "disk_full")


def test_a_terminal_without_unicode_shows_codes(fresh: Environment, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("email,name\nelodie@acme.example,Élodie Ångström\n")
    narrow = {**fresh, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = run(narrow, "score", "--leads", str(tmp_path / "leads.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\xc9lodie" in done.stdout


def test_help_of_a_command_leaves_no_database_behind(fresh: Environment, tmp_path: Path) -> None:
    assert run(fresh, "inbox", "--help").returncode == 0
    assert run(fresh, "doctor").returncode == 0
    assert not (tmp_path / "home" / "assay.sqlite3").exists()
    shutil.rmtree(tmp_path / "home")
