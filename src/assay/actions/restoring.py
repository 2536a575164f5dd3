"""A backup put back: the tables made as they were, filled, and brought up to date, all of it or nothing."""

import tempfile
from base64 import b64decode
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from assay.actions import uploads
from assay.actions.writing import insert_values
from assay.domain.errors import BadInput, Refused
from assay.records.alone import alone
from assay.records.archive import Cells, Manifest, Reader, Table
from assay.records.backup import SECRET_KEY, UPLOADS
from assay.records.elsewhere import on_a_new_file, put_in_place
from assay.records.snapshot import kept
from assay.records.tables import known_migrations
from assay.settings import current

AT_ONCE = 2_000
"""Rows of one writing."""
PATIENCE = "10s"
"""How long it is waited for others to let go of the tables."""

Advance = Callable[[int], None]
Column: TypeAlias = "models.Field[Any, Any]"


def restore(archive: Reader, advance: Advance, *, replace: bool = False) -> None:
    """Put a backup into the database that is set; ``advance`` is told of rows as they are written.

    Whatever happens on the way, up to a power cut, the database is as it was before or as it is to be. Raises Refused
    for one that holds rows, unless they are to be replaced; BadInput for a backup that is newer or damaged, before
    anything is touched.
    """
    check_version(archive.manifest)
    archive.check(lambda _: None)
    with alone():
        if not replace and (held := holding()):
            said = f"The database is not empty: it holds rows in {held}."
            raise Refused("not_empty", said, "Name another with ASSAY_DATABASE, or give --replace to lose these.")
        if connection.vendor == "postgresql":
            with transaction.atomic():
                _drop()
                _build(archive, advance)
        else:
            with on_a_new_file() as (new, old):
                _build(archive, advance)
                put_in_place(new, old)
    _put_back_files(archive)


def holding() -> str:
    """A table of ours with rows in it, "" where the database is as good as new."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in kept():
            if table.name in there and table.model._meta.app_label == "records":
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table.name)} LIMIT 1")  # nosec B608
                if cursor.fetchone():
                    return table.name.removeprefix("records_")
    return ""


def check_version(manifest: Manifest) -> None:
    """Raise BadInput for a backup of a newer version: an older one is brought up to date."""
    if strange := [name for app, name in manifest.migrations if (app, name) not in known_migrations()]:
        said = f"The backup is of a newer version of Assay, {manifest.assay}: this one does not know {strange[0]}."
        raise BadInput("newer_backup", said, "Upgrade Assay, then restore it.")


def _drop() -> None:
    """Take away every table of ours, those of an older version included; nobody else's."""
    ours = {table.name for table in kept()} | {"django_migrations", "cache"}
    there = [name for name in connection.introspection.table_names() if name in ours or name.startswith("records_")]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        for name in there:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")


# --- Making it anew ------------------------------------------------------------------------------


def _build(archive: Reader, advance: Advance) -> None:
    """Make the tables as they were when the backup was taken, fill them, and bring them up to date."""
    apps = _tables_as_of(archive.manifest.migrations)
    _refer_in_any_order()
    for table in archive.manifest.tables:
        _fill(apps.get_model(table.model), table, archive, advance)
    connection.check_constraints()
    connection.enable_constraint_checking()
    call_command("migrate", interactive=False, verbosity=0)  # lays the triggers as well
    call_command("createcachetable", verbosity=0)


def _tables_as_of(applied: list[tuple[str, str]]) -> Apps:
    """Apply these migrations and no others; returns the models as they were then."""
    done = set(applied)
    executor = MigrationExecutor(connection)
    last = [key for key in done if key in executor.loader.graph.nodes and not _followed(key, done, executor.loader)]
    executor.migrate(last)
    return executor.loader.project_state(last).apps


def _refer_in_any_order() -> None:
    """Check references only at the end. Migrations on PostgreSQL leave some of them to be checked at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    else:
        connection.disable_constraint_checking()


def _followed(key: tuple[str, str], among: set[tuple[str, str]], loader: MigrationLoader) -> bool:
    """Whether another of these migrations of the same app comes after one."""
    return any(child.key in among and child.key[0] == key[0] for child in loader.graph.node_map[key].children)


@transaction.atomic
def _fill(model: type[models.Model], table: Table, archive: Reader, advance: Advance) -> None:
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    fields: list[Column] = [by_column[column] for column in table.columns]
    names, convert = [field.name for field in fields], _converter(fields)
    with connection.cursor() as cursor:  # what the migrations themselves have put there
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # nosec B608 - the model's own name
    rows = map(convert, archive.lines(table))
    while some := list(islice(rows, AT_ONCE)):
        insert_values(model, names, some)
        advance(len(some))
    if table.last_id:
        _count_on(model, table.last_id)


def _count_on(model: type[models.Model], last: int) -> None:
    """Let ids go on after the last that was ever given, so that none is given twice."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence(%s, %s)::regclass"
            cursor.execute(f"SELECT setval({sequence}, %s)", [model._meta.db_table, model._meta.pk.column, last])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [model._meta.db_table, last])


def _put_back_files(archive: Reader) -> None:
    """The files of the data folder; a key that stands in ASSAY_SECRET_KEY stays the one that counts."""
    uploads.folder()
    for each in archive.manifest.files:
        folder, _, name = each.path.rpartition("/")
        if name in ("", "..") or (folder != UPLOADS and (each.path != SECRET_KEY or current.secret_key)):
            continue
        with tempfile.NamedTemporaryFile(dir=current.home, prefix=".restoring-", delete=False) as draft:
            draft.writelines(archive.chunks(each))
        Path(draft.name).replace(current.home / folder / name)


# --- From JSON to what the fields take -----------------------------------------------------------

READ: dict[str, Callable[[Any], object]] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "DecimalField": Decimal,
    "UUIDField": UUID,
    "BinaryField": b64decode,
}


def _converter(fields: list[Column]) -> Callable[[bytes], Cells]:
    """What makes a line a row."""
    decode = msgspec.json.Decoder(list[Any]).decode
    places = [(place, READ[kind]) for place, field in enumerate(fields) if (kind := _kind(field)) in READ]
    return partial(_row, decode, places)


def _kind(field: Column) -> str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.get_internal_type()


def _row(decode: Callable[[bytes], list[Any]], places: list[tuple[int, Callable[[Any], object]]], line: bytes) -> Cells:
    cells = decode(line)
    for place, read in places:
        if cells[place] is not None:
            cells[place] = read(cells[place])
    return tuple(cells)
