"""One side of bench/lead_import.py, run as a process of its own: prints rows a second."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from assay.actions.actors import actor, operator  # noqa: E402 - models need Django set up
from assay.actions.imports import import_leads  # noqa: E402
from assay.actions.policies import rule  # noqa: E402
from assay.intake.columns import lead_mapping  # noqa: E402
from assay.intake.leads import read_leads  # noqa: E402
from assay.intake.tables import read_table  # noqa: E402
from bench.measure import per_second  # noqa: E402

CHUNK = 2_000


def main(side: str, file: Path) -> None:
    """Empty the database, then time the import of the file."""
    _drop_everything()
    call_command("migrate", verbosity=0)
    sys.stdout.write(str(per_second(lambda: SIDES[side](file))))


def _drop_everything() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            return
    connection.close()
    for leftover in Path(connection.settings_dict["NAME"]).parent.glob("bench.sqlite3*"):
        leftover.unlink()


def ours(file: Path) -> int:
    """`assay import leads`, without the terminal."""
    now = datetime.now(UTC)
    table = read_table(file)
    mapping = lead_mapping(table.columns, {})
    rows = read_leads(table, mapping, tz=rule(now).policy.zone)
    return import_leads(rows, file.name, {}, actor(operator()), now).counts["new"]


def bare(file: Path) -> int:
    """The same rows, read and upserted into one table by email in transactions of the same size."""
    done = 0
    with file.open(newline="", encoding="utf-8") as opened, connection.cursor() as cursor:
        reader = csv.reader(opened)
        columns = next(reader)
        cursor.execute(f"CREATE TABLE bare (email TEXT PRIMARY KEY, {', '.join(f'{c} TEXT' for c in columns[1:])})")
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        upsert = (
            f"INSERT INTO bare VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT (email) DO UPDATE SET {updates}"
        )
        while chunk := [row for _, row in zip(range(CHUNK), reader, strict=False)]:
            with transaction.atomic():
                cursor.executemany(upsert, chunk)
            done += len(chunk)
    return done


SIDES = {"ours": ours, "bare": bare}

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
