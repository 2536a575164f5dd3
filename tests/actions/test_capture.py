"""How leads enter: one person is one lead however they are spelled, blanks are filled, nothing known is overwritten."""

from datetime import timedelta
from typing import Any

import pytest

from assay.actions.actors import INTAKE, actor
from assay.actions.capture import Captured, capture
from assay.actions.counting import count_all_waiting
from assay.actions.scoring import refolded, states_of
from assay.actions.signals import record_signals
from assay.domain.ladder import Rung
from assay.domain.rows import LeadRow
from assay.intake.statements import read_statement
from assay.records.models import (
    Campaign,
    Company,
    Decision,
    Identity,
    Lead,
    Membership,
    Pass,
    PendingSignal,
    Person,
    Score,
    Signal,
    Source,
)
from tests.people import NOBODY, NOW, a_lead, a_row, a_signal, sam

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def bring(*rows: LeadRow) -> Captured:
    """Capture rows as one batch."""
    return capture(rows, INTAKE, NOW)


def codes(done: Captured) -> list[str]:
    """Why rows were refused."""
    return [refusal.code for refusal in done.refusals]


# --- a new lead ----------------------------------------------------------------------------------


def test_a_new_lead_comes_with_all_that_belongs_to_it() -> None:
    [pk] = bring(a_row("Nina@North.example", lead_id="A-7", campaign="Spring", attributes={"Plan": "pro"})).created
    lead = Lead.objects.select_related("person", "company", "source", "campaign").get(pk=pk)
    assert (lead.person.name, lead.person.email, lead.person.title) == (
        "Nina North",
        "Nina@North.example",
        "Head of Operations",
    )
    assert (lead.company, lead.company and lead.company.employees) == (Company.objects.get(domain="north.example"), 120)
    assert (lead.source.name, lead.campaign, lead.external_id) == ("Website", Campaign.objects.get(), "A-7")
    assert (lead.rung, lead.pass_no, lead.captured_at, lead.owner) == (Rung.LEAD, 1, NOW, None)
    assert lead.facts["lead.plan"] == "pro"
    assert set(Identity.objects.values_list("kind", "value", "person")) == {
        ("lead_id", "A-7", lead.person_id),
        ("email", "nina@north.example", lead.person_id),
    }
    assert Membership.objects.get().person == lead.person
    assert Pass.objects.get().lead_at == NOW
    assert Decision.objects.get().move == "capture"
    assert Score.objects.get().lead == lead


def test_a_lead_was_captured_when_its_row_says_so() -> None:
    before = NOW - timedelta(days=90)
    [pk] = bring(a_row(captured_at=before)).created
    assert Lead.objects.get(pk=pk).captured_at == Pass.objects.get().lead_at == Decision.objects.get().at == before


@pytest.mark.parametrize("known_by", [{"name": "Nina"}, {"phone": "+33199001234"}, {"lead_id": "A-7"}], ids=str)
def test_any_one_detail_makes_a_lead(known_by: dict[str, str]) -> None:
    assert len(bring(LeadRow(source="Fair", **known_by)).created) == 1  # type: ignore[arg-type]


def test_nobody_is_no_lead() -> None:
    done = bring(LeadRow(line=3, source="Fair", company="North"))
    assert (codes(done), done.refusals[0].line) == (["guard_failed"], 3)
    assert "name or a contact detail" in done.refusals[0].sentence
    assert not Person.objects.exists()


def test_a_lead_from_nowhere_is_refused() -> None:
    done = bring(a_row(source=None))
    assert codes(done) == ["guard_failed"]
    assert "source" in done.refusals[0].sentence


def test_who_sits_at_no_desk_captures_nothing() -> None:
    assert codes(capture([a_row()], NOBODY, NOW)) == ["wrong_desk"]


def test_a_salesperson_may_enter_a_lead_by_hand() -> None:
    [pk] = capture([a_row()], actor(sam()), NOW).created
    entry = Decision.objects.get(lead=pk)
    assert (entry.by, entry.desk) == (sam(), "sales")


def test_a_lead_of_tomorrow_is_refused() -> None:
    done = bring(a_row(captured_at=NOW + timedelta(seconds=1)), a_row("max@south.example", captured_at=NOW))
    assert codes(done) == ["future"]
    assert Lead.objects.get().captured_at == NOW


def test_a_refused_row_leaves_the_good_ones() -> None:
    done = bring(a_row(line=2), a_row("ann@south.example", source=None, line=3), a_row("bob@west.example", line=4))
    assert (len(done.created), [refusal.line for refusal in done.refusals]) == (2, [3])


# --- the company ---------------------------------------------------------------------------------


def test_colleagues_share_a_company() -> None:
    bring(a_row("ann@north.example"), a_row("bob@mail.north.example"))
    assert Company.objects.get().leads.count() == 2


@pytest.mark.parametrize("email", ["nina@gmail.com", "nina@mailinator.com", None])
def test_private_and_throw_away_mail_makes_no_company(email: str | None) -> None:
    [pk] = bring(a_row(email)).created
    lead = Lead.objects.get(pk=pk)
    assert (lead.company, Company.objects.count()) == (None, 0)
    assert lead.facts["company.employees"] == 120  # what the row said still counts for its own lead


def test_text_where_a_number_belongs_stays_with_the_lead() -> None:
    [pk] = bring(a_row(employees="about fifty")).created
    lead = Lead.objects.select_related("company").get(pk=pk)
    assert lead.company is not None
    assert (lead.company.employees, lead.facts["company.employees"]) == (None, "about fifty")


# --- somebody known already ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    ["NINA@North.Example", " nina@north.example ", "nina+news@north.example", "Nina North <nina@north.example>"],
)
def test_another_spelling_of_an_address_is_the_same_person(again: str) -> None:
    lead = a_lead(email="nina@north.example")
    done = bring(a_row(again))
    assert (done.created, done.known, done.filled) == ([], 1, 0)
    assert Lead.objects.get() == lead
    assert lead.person.email == "nina@north.example"  # as they write it, not as we would


def test_dots_do_not_matter_to_gmail() -> None:
    bring(a_row("n.north@gmail.com"))
    assert bring(a_row("nnorth@googlemail.com")).created == []


def test_two_rows_of_one_person_in_a_batch_are_one_lead() -> None:
    done = bring(
        a_row("nina@north.example", title=None, lead_id="A-7"),
        a_row("Nina@north.example", title="CEO", phone="+33199001234"),
        a_row(None, lead_id="A-7", title="CFO", name="Ninette"),
    )
    assert (len(done.created), done.known) == (1, 2)
    person = Person.objects.get()
    assert (person.name, person.title, person.phone) == ("Nina North", "CEO", "+33199001234")


def test_the_order_of_rows_does_not_split_a_person() -> None:
    """The second row says that A-7 has this address, so the third is about A-7 too, in a batch as in two."""
    bring(a_row(None, lead_id="A-7"))
    done = bring(a_row("nina@north.example", lead_id="A-7"), a_row("nina@north.example"))
    assert (done.created, done.known, Lead.objects.count()) == ([], 2, 1)


def test_a_phone_recognises_only_where_there_is_nothing_better() -> None:
    """Everybody in an office has its number."""
    office = "+33199001234"
    bring(a_row("ann@north.example", phone=office), a_row("bob@north.example", phone=office))
    assert Lead.objects.count() == 2
    done = bring(a_row(None, name="Somebody", phone=office), a_row(None, name="Somebody else", phone=office))
    assert (len(done.created), done.known) == (1, 1)


def test_a_row_without_any_key_is_known_by_what_it_says() -> None:
    bring(a_row(None, name="Ann"))
    done = bring(a_row(None, name="Ann"), a_row(None, name="Ann", title="CEO"))
    assert (len(done.created), done.known) == (1, 1)


def test_an_id_and_an_address_of_two_people_are_refused() -> None:
    bring(a_row(None, lead_id="A-7"), a_row("nina@north.example"))
    done = bring(a_row("nina@north.example", lead_id="A-7", line=5, title="CEO"))
    assert codes(done) == ["two_people"]
    assert done.refusals[0].line == 5
    for said in ("A-7", "nina@north.example"):
        assert said in done.refusals[0].sentence
    assert Lead.objects.count() == 2


def test_even_when_both_came_in_the_same_batch() -> None:
    done = bring(a_row(None, lead_id="A-7"), a_row("nina@north.example"), a_row("nina@north.example", lead_id="A-7"))
    assert (len(done.created), codes(done)) == (2, ["two_people"])


def test_even_when_one_is_on_record_and_one_is_new() -> None:
    bring(a_row(None, lead_id="A-7"))
    done = bring(a_row("nina@north.example"), a_row("nina@north.example", lead_id="A-7"))
    assert (len(done.created), codes(done)) == (1, ["two_people"])


# --- blanks are filled ---------------------------------------------------------------------------


def test_blanks_are_filled_and_nothing_known_is_overwritten() -> None:
    lead = a_lead(email="nina@north.example", title=None, industry=None, phone="+33199001234")
    assert lead.fit == 55
    done = bring(
        a_row(
            title="CEO", industry="Software", phone="+33100000000", employees=7, name="Ninette", attributes={"Plan": 1}
        )
    )
    assert (done.known, done.filled) == (1, 1)
    lead = Lead.objects.select_related("person", "company").get()
    assert (lead.person.title, lead.person.phone, lead.person.name) == ("CEO", "+33199001234", "Nina North")
    assert lead.company is not None
    assert (lead.company.industry, lead.company.employees) == ("Software", 120)
    assert (lead.facts["lead.plan"], lead.facts["company.employees"]) == (1, 120)
    assert lead.fit == 100  # scored anew at once


def test_a_source_is_the_first_one() -> None:
    lead = a_lead(email="nina@north.example", source="Fair")
    bring(a_row(source="Website"))
    lead.refresh_from_db()
    assert lead.source.name == "Fair"


def test_a_further_key_is_remembered() -> None:
    lead = a_lead(email=None, lead_id="A-7")
    bring(a_row("nina@north.example", lead_id="A-7"))
    assert bring(a_row("nina@north.example")).created == []
    assert Person.objects.get().email == "nina@north.example"
    bring(a_row("nina@north.example", lead_id="B-1"))
    assert Identity.objects.filter(person=lead.person).count() == 3


def test_filling_a_blank_can_promote() -> None:
    lead = a_lead(email="nina@north.example", industry=None, title=None, budget=None)
    record_signals([a_signal("demo_request", email="nina@north.example")], NOW)
    lead.refresh_from_db()
    assert lead.rung == Rung.LEAD
    assert bring(a_row()).promoted == [lead.pk]


# --- who had been here before we knew them -------------------------------------------------------


@pytest.mark.parametrize("known_by", [{"email": "nina@north.example"}, {"lead_id": "A-7"}], ids=str)
def test_signals_from_before_count_as_soon_as_the_lead_is_known(known_by: dict[str, Any]) -> None:
    done = record_signals([a_signal("demo_request", **known_by), a_signal("page_view", **known_by)], NOW)
    assert (done.stored, done.waiting) == (2, 2)
    [pk] = bring(a_row("nina@north.example", lead_id="A-7")).created
    lead = Lead.objects.get(pk=pk)
    assert (lead.intent, lead.rung) == (41, Rung.MQL)


def test_and_when_somebody_known_turns_out_to_be_the_one() -> None:
    lead = a_lead(email=None, lead_id="A-7")
    record_signals([a_signal("demo_request", email="nina@north.example")], NOW)
    bring(a_row("nina@north.example", lead_id="A-7"))
    lead.refresh_from_db()
    assert (lead.intent, lead.rung) == (40, Rung.MQL)


def test_a_waiting_signal_whose_time_has_come_is_counted_once() -> None:
    record_signals([a_signal("demo_request", LATER, email="nina@north.example")], NOW)
    [pk] = capture([a_row("nina@north.example")], INTAKE, LATER).created
    count_all_waiting(LATER, read_statement)
    assert not PendingSignal.objects.exists()
    assert states_of([pk]) == refolded([pk], LATER)
    assert Signal.objects.count() == 1


# --- sources and campaigns -----------------------------------------------------------------------


@pytest.mark.parametrize(("first", "again"), [("Fair", " FAIR"), ("Été", "ÉTÉ ")])
def test_sources_and_campaigns_are_the_same_in_any_case(first: str, again: str) -> None:
    bring(a_row("ann@north.example", source=first, campaign=first))
    bring(
        a_row("bob@north.example", source=again, campaign=again),
        a_row("eve@north.example", source=first, campaign=again),
    )
    assert Source.objects.get().name == first
    assert Campaign.objects.get().leads.count() == 3


def test_a_campaign_belongs_to_its_source() -> None:
    bring(
        a_row("ann@north.example", source="Fair", campaign="Spring"),
        a_row("bob@north.example", source="Web", campaign="Spring"),
    )
    assert Campaign.objects.count() == 2
