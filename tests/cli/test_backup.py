"""A backup holds every row as of one moment and goes back into either database, all of it or nothing."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from math import ceil
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest
from django.db import connection

from assay.domain.ladder import Rung
from assay.records import archive
from assay.records.archive import Manifest, reading
from assay.records.backup import back_up, last_backup
from assay.records.models import Decision, Landed, Lead, Pass
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, a_lead_on, mara

PROGRAM = (sys.executable, "-c", "from assay.cli.main import main; main()")
PATIENCE = 240.0


@pytest.fixture
def backup(transactional_db: None, assay: Assay, tmp_path: Path) -> Path:
    """A backup of leads on every rung, and of events that nobody has sorted."""
    mara()
    for rung in Rung:
        a_lead_on(rung, email=f"{rung}@{rung}.example", name='Zoë "the" O’Hara\t\\N', campaign="Autumn")
    Landed.objects.create(at=NOW, events=1, content=b'{"text": "\xff"}')
    file = tmp_path / "all.zip"
    assert assay("backup", file).code == 0
    return file


class Elsewhere(NamedTuple):
    """An installation on the other database, each command a process of its own."""

    environment: Mapping[str, str]
    is_at_it: Callable[[], bool]
    """Whether a restore has begun to change things."""

    def start(self, *words: object) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        command = [*PROGRAM, *map(str, words)]
        return subprocess.Popen(command, env=self.environment, text=True, stdout=pipe, stderr=pipe)

    def __call__(self, *words: object) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (0, ""), out
        return out

    def state(self, file: Path) -> list[archive.Table]:
        """What its database holds, table by table: what a backup of it says."""
        self("backup", file)
        return manifest(file).tables


@pytest.fixture
def elsewhere(tmp_path: Path, postgres: str) -> Iterator[Elsewhere]:
    """A new PostgreSQL database for the tests on SQLite, and the other way round."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ASSAY_", "DJANGO_"))}
    there = kept | {"ASSAY_HOME": str(tmp_path / "there")}
    if connection.vendor == "postgresql":
        new = tmp_path / "there" / "assay.sqlite3.restoring"
        yield Elsewhere(there, lambda: new.exists() and new.stat().st_size > 100_000)
        return
    name = f"restored_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        url = urlsplit(postgres)._replace(path=f"/{name}").geturl()
        locked = (
            "SELECT count(*) > 50 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            f"WHERE datname = '{name}' AND mode = 'AccessExclusiveLock'"
        )
        try:
            yield Elsewhere(there | {"ASSAY_DATABASE": url}, lambda: server.execute(locked).fetchone() == (True,))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manifest(file: Path) -> Manifest:
    with reading(file) as opened:
        return opened.manifest


@pytest.mark.slow
def test_it_goes_into_the_other_database_and_one_that_is_cut_off_changes_nothing(
    backup: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    assert "is restored" in elsewhere("restore", backup)
    held = elsewhere.state(tmp_path / "first.zip")
    assert held == manifest(backup).tables
    assert {table.name: table.rows for table in held}["records_lead"] == len(Rung)
    process = elsewhere.start("restore", backup, "--replace")
    deadline = time.monotonic() + PATIENCE
    while not elsewhere.is_at_it() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode == -9
    assert elsewhere.state(tmp_path / "second.zip") == held
    said = elsewhere("capture", "--email", "new@new.example", "--source", "Fair", "--json")
    assert json.loads(said)["id"] == max(Lead.objects.values_list("pk", flat=True)) + 1  # ids go on where they were


def test_nobody_who_writes_waits_and_what_they_write_is_in_the_next_one(transactional_db: None, tmp_path: Path) -> None:
    a_lead(email="ann@before.example")

    def write_meanwhile() -> None:
        a_lead(email=f"ben{Lead.objects.count()}@meanwhile.example")
        connection.close()

    written = count()
    with ThreadPoolExecutor(1) as others:

        def advance(_: int) -> None:
            if next(written) % 50 == 0:
                others.submit(write_meanwhile).result(PATIENCE)

        made = back_up(tmp_path / "busy.zip", NOW, advance)
    rows = {table.name: table.rows for table in made.tables}
    assert [rows[model._meta.db_table] for model in (Lead, Decision, Pass)] == [1, 1, 1]
    assert Lead.objects.count() == 1 + ceil(made.rows / 50) > 2


def test_what_is_wrong_with_a_file_is_said_and_nothing_is_changed(backup: Path, assay: Assay, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    cases = {
        "not_empty": whole,
        "no_backup": whole[: len(whole) // 2],
        "newer_backup": changed(backup, migrations=[("records", "9999_later")]),
    }
    at = zipfile.ZipFile(backup).getinfo("tables/records_lead.jsonl").header_offset + 200
    cases["damaged_backup"] = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    before = Lead.objects.count()
    for code, content in cases.items():
        file = tmp_path / f"{code}.zip"
        file.write_bytes(content)
        done = assay("restore", file, "--json", *([] if code == "not_empty" else ["--replace"]))
        assert (done.code, done.error["error"]) == (1 if code == "not_empty" else 2, code)
    assert assay("restore", tmp_path / "nowhere.zip", "--json").error["error"] == "no_file"
    assert Lead.objects.count() == before
    assert assay("restore", backup, "--check").out.endswith("is whole: nothing was changed.\n")
    assert assay("restore", tmp_path / "damaged_backup.zip", "--check").code == 2


def changed(backup: Path, **said: object) -> bytes:
    """A backup of which the manifest says something else."""
    other = backup.with_name("changed.zip")
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, json.dumps(json.loads(content) | said) if name == archive.MANIFEST else content)
    return other.read_bytes()


def test_a_folder_keeps_the_newest(transactional_db: None, assay: Assay, tmp_path: Path) -> None:
    for day in (1, 2, 3):
        (tmp_path / f"assay-2026010{day}-120000.zip").touch()
    (tmp_path / "somebody-elses.zip").touch()
    done = assay("backup", tmp_path, "--keep", 2, "--json")
    newest = tmp_path / f"assay-{NOW:%Y%m%d-%H%M%S}.zip"
    assert done.json["file"] == str(newest)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "assay-20260103-120000.zip", newest.name, "somebody-elses.zip",
    ]  # fmt: skip
    assert newest.stat().st_mode & 0o077 == 0
    found = last_backup()
    assert found
    assert (found.at, found.file) == (NOW, str(newest))
    assert assay("backup", newest, "--json").error["error"] == "file_exists"
    assert assay("backup", tmp_path / "no" / "folder.zip", "--json").error["error"] == "no_folder"
    assert msgspec.json.decode(zipfile.ZipFile(newest).read(archive.MANIFEST))["format"] == archive.FORMAT
