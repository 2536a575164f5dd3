"""A lead cannot be in a state that the ladder does not have: the database refuses it from anybody."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from assay.domain.ladder import Rung
from assay.records.leads import OWNED
from assay.records.models import Deal, Decision, Identity, Lead, Membership, Pass, Person, Source, Touch, User
from tests.people import NOW, a_lead, a_lead_on, an_mql, an_opportunity, an_sql, sam
from tests.records.dump import everything, execute

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (Lead, "rung"),
        (Lead, "temperature"),
        (User, "role"),
        (Identity, "kind"),
        (Membership, "role"),
        (Deal, "outcome"),
    ],
)
def test_a_word_nobody_knows_is_refused(table: type[models.Model], column: str) -> None:
    an_opportunity()
    before = everything()
    with pytest.raises(IntegrityError), transaction.atomic():
        table._default_manager.update(**{column: "else"})
    with pytest.raises(IntegrityError):
        execute(f"UPDATE {table._meta.db_table} SET {column} = 'else'")
    assert everything() == before


@pytest.mark.parametrize("wrong", [{"move": "jump"}, {"to_rung": "cloud"}, {"desk": "kitchen"}])
def test_the_ledger_takes_only_moves_rungs_and_desks_of_the_ladder(wrong: dict[str, str]) -> None:
    lead = an_mql()
    entry = Decision.objects.filter(lead=lead).latest("pk")
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.bulk_create([_changed(entry, **wrong)])


def test_a_touch_is_of_a_known_kind() -> None:
    lead = an_sql()
    with pytest.raises(IntegrityError), transaction.atomic():
        Touch.objects.create(lead=lead, pass_no=1, kind="pigeon", at=NOW, by_name="Sam")


def test_a_pass_counts_from_one_and_each_number_once() -> None:
    lead = a_lead()
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.update(pass_no=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pass.objects.create(lead=lead, number=1, lead_at=NOW)


@pytest.mark.parametrize("rung", [Rung.SQL, Rung.OPPORTUNITY, Rung.WON, Rung.LOST])
def test_beyond_the_gate_somebody_owns_the_lead(rung: Rung) -> None:
    a_lead_on(rung)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.update(owner=None)


@pytest.mark.parametrize("rung", sorted(OWNED))
def test_nothing_slips_past_the_gate_without_an_owner(rung: Rung) -> None:
    an_mql()
    with pytest.raises(IntegrityError):
        execute("UPDATE records_lead SET rung = %s", rung)


def test_a_person_is_one_lead() -> None:
    lead = a_lead()
    lead.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        lead.save(force_insert=True)


# --- Deals ---------------------------------------------------------------------------------------

RUNGS_WITH_A_DEAL = [Rung.OPPORTUNITY, Rung.WON, Rung.LOST]


@pytest.mark.parametrize("rung", RUNGS_WITH_A_DEAL)
def test_no_opportunity_without_a_deal(rung: Rung) -> None:
    lead = an_sql()
    Deal.objects.create(lead=lead, pass_no=1, budget="20k")  # begun, not opened
    before = everything()
    with pytest.raises(IntegrityError, match="needs an open deal"), transaction.atomic():
        Lead.objects.update(rung=rung)
    with pytest.raises(IntegrityError, match="needs an open deal"):
        execute("UPDATE records_lead SET rung = %s", rung)
    assert everything() == before


@pytest.mark.parametrize("rung", RUNGS_WITH_A_DEAL)
def test_no_lead_is_born_an_opportunity(rung: Rung) -> None:
    person, source = Person.objects.create(name="Ann", created_at=NOW), Source.objects.create(name="Web")
    with pytest.raises(IntegrityError, match="needs an open deal"), transaction.atomic():
        Lead.objects.create(person=person, source=source, owner=sam(), captured_at=NOW, rung=rung)


@pytest.mark.parametrize("rung", RUNGS_WITH_A_DEAL)
def test_the_deal_of_another_pass_is_no_deal_of_this_one(rung: Rung) -> None:
    a_lead_on(rung)
    with pytest.raises(IntegrityError, match="needs an open deal"), transaction.atomic():
        Lead.objects.update(pass_no=2)


@pytest.mark.parametrize("rung", RUNGS_WITH_A_DEAL)
def test_the_deal_cannot_be_taken_from_under_an_opportunity(rung: Rung) -> None:
    a_lead_on(rung)
    before = everything()
    for statement in (
        "DELETE FROM records_deal",
        "UPDATE records_deal SET pass_no = 7",
        "UPDATE records_deal SET opened_at = NULL, outcome = '', closed_on = NULL",
    ):
        with pytest.raises(IntegrityError, match="opened deal stays"):
            execute(statement)
    assert everything() == before


@pytest.mark.parametrize(
    "lacking",
    [
        {"value": None},
        {"value": 0},
        {"value": -5},
        {"currency": ""},
        {"close_date": None},
        {"budget": ""},
        {"authority": ""},
        {"need": ""},
        {"timeline": ""},
    ],
    ids=str,
)
def test_an_open_deal_is_whole(lacking: dict[str, Any]) -> None:
    an_opportunity()
    before = everything()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.update(**lacking)
    assert everything() == before


@pytest.mark.parametrize("missing", [{"actual_value": None}, {"actual_value": 0}, {"closed_on": None}], ids=str)
def test_a_won_deal_says_what_it_brought_and_when(missing: dict[str, Any]) -> None:
    a_lead_on(Rung.WON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.update(**missing)


def test_a_pass_has_one_deal() -> None:
    lead = an_opportunity()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.create(lead=lead, pass_no=1)


def _changed(entry: Decision, **wrong: str) -> Decision:
    for name, value in wrong.items():
        setattr(entry, name, value)
    return entry
