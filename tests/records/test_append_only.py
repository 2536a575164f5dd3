"""Signals, the ledger and published policies stay as they were written: the database refuses, whoever asks."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, models, transaction

from assay.actions.actors import actor
from assay.actions.policies import sign, start_with
from assay.domain.ladder import Desk
from assay.policies import shipped
from assay.records.models import Decision, PolicyVersion, Signal, Unlock
from tests.people import NOW, an_mql, mara, observe
from tests.records.dump import everything, execute

pytestmark = pytest.mark.django_db

Table = type[models.Model]

KEPT: dict[Table, str] = {Signal: "kind", Decision: "reason", PolicyVersion: "name"}
"""What nobody may rewrite, each with a text that somebody might like to."""


def _save(table: Table, column: str) -> None:
    row = table._default_manager.latest("pk")
    setattr(row, column, "changed")
    row.save()


def _upsert(table: Table, column: str) -> None:
    row = table._default_manager.latest("pk")
    setattr(row, column, "changed")
    table._default_manager.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=[column])


def _delete(table: Table, _: str) -> None:
    table._default_manager.latest("pk").delete()


def _update(table: Table, column: str) -> None:
    table._default_manager.update(**{column: "changed"})


def _raw_update(table: Table, column: str) -> None:
    execute(f"UPDATE {table._meta.db_table} SET {column} = 'changed'")


def _raw_delete(table: Table, _: str) -> None:
    execute(f"DELETE FROM {table._meta.db_table}")


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("rewrite", [_save, _upsert, _update, _delete, _raw_update, _raw_delete])
def test_what_is_written_stays_written(table: Table, rewrite: Callable[[Table, str], None]) -> None:
    an_mql()
    start_with(shipped("saas"), NOW)  # a version that no decision names yet, so only the trigger holds it
    before = everything()
    with pytest.raises(IntegrityError, match=r"append-only|immutable"), transaction.atomic():
        rewrite(table, KEPT[table])
    assert everything() == before


def test_a_draft_may_still_be_thrown_away() -> None:
    draft = sign(shipped("saas"), actor(mara()), Desk.MARKETING, NOW)
    draft.keys.all().delete()
    draft.delete()
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize("table", [Signal, Decision])
def test_only_who_says_why_may_delete_and_only_until_it_is_done(table: Table) -> None:
    """Undoing an import and erasing a person need it; who did that is on record elsewhere."""
    observe(an_mql(), "page_view")
    unlock = Unlock.objects.create(why="undo import 7")
    _delete(table, "")
    unlock.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        _delete(table, "")
