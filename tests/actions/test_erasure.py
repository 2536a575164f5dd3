"""Erasing a person reaches every table and leaves what is counted; what names them later is refused."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from assay.actions.actors import INTAKE, actor
from assay.actions.capture import capture
from assay.actions.counting import count_all_waiting
from assay.actions.edits import correct
from assay.actions.erasure import admit_again, erase
from assay.actions.imports import import_leads, import_signals
from assay.actions.people import merge_people, undo_merge
from assay.actions.receive import receive
from assay.actions.scoring import refolded, states_of
from assay.actions.scrub import SCRUBBED
from assay.actions.undo import undo_import
from assay.actions.writing import in_transaction
from assay.domain.erasure import Why
from assay.domain.errors import MoveRefused, NotFound, Refused
from assay.domain.identity import IdentityKind
from assay.domain.ladder import Rung
from assay.intake.statements import read_statement
from assay.records.about import ABOUT
from assay.records.models import (
    Company,
    Decision,
    ErasedIdentity,
    Erasure,
    Identity,
    Import,
    IntakeCount,
    Lead,
    Merge,
    Pass,
    Person,
    Quarantine,
    Signal,
    Unlock,
)
from tests.actions.arrivals import arrived
from tests.actions.fullness import BROWSER, EMAIL, OTHER, OWN_ID, USER, WORD, a_full_person
from tests.people import NOW, a_lead, a_lead_on, a_row, a_signal, ada, mara, max_, observe, sam, vic
from tests.records.dump import everything, refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)


def erased(lead: Lead) -> Lead:
    """The lead after Ada erased its person."""
    erase(lead.person_id, actor(ada()), LATER, Why.ASKED)
    return Lead.objects.get(pk=lead.pk)


def where_named() -> list[str]:
    """The tables that still hold the word by which everything of the person is known."""
    return [table for table, rows in everything().items() if WORD in repr(rows).lower()]


def numbers() -> dict[str, Any]:
    """What reports count."""
    return {
        "leads": Lead.objects.count(),
        "people": Person.objects.count(),
        # Erasing somebody takes the lead out, so its pass ends.
        "passes": [row | {"left_at": None} for row in Pass.objects.order_by("pk").values()],
        "signals": list(Signal.objects.order_by("pk").values_list("identity", "kind", "at", "received_at", "bot")),
        "decisions": list(
            Decision.objects.exclude(text="Erased").order_by("pk").values_list("lead", "move", "at", "reason", "by")
        ),
    }


def test_no_table_names_them_any_more_and_every_count_stays():
    full = a_full_person()
    assert len(where_named()) > 15
    before = numbers()
    done = erased(full.lead)
    assert where_named() == []
    assert numbers() == before
    assert (str(done.person), done.facts, done.company, done.external_id) == (f"Person {done.person_id}", {}, None, "")
    assert not Unlock.objects.exists()


def test_who_did_it_when_and_why_is_on_record_and_nothing_of_whom():
    erased(a_full_person().lead)
    [erasure] = Erasure.objects.all()
    assert (erasure.by, erasure.at, erasure.why) == (ada(), LATER, "asked")
    assert erasure.counts["Person"] == 2
    assert erasure.counts["Mentioned"] >= 3
    assert ErasedIdentity.objects.count() == 5


def test_every_table_about_somebody_says_what_erasing_does():
    assert set(SCRUBBED) == set(ABOUT)


def test_of_somebody_else_only_the_mention_goes():
    full = a_full_person()
    before = Lead.objects.get(pk=full.bystander.pk)
    erased(full.lead)
    after = Lead.objects.get(pk=full.bystander.pk)
    assert after.facts == before.facts | {"lead.referred_by": "<[erased]>"}
    assert after.person.email == "bob@other.example"
    assert full.bystander.touches.get().note == "Knows [erased], likes us"


def test_its_score_still_is_a_full_recount():
    lead = erased(a_full_person().lead)
    assert states_of([lead.pk]) == refolded([lead.pk], LATER, waiting=False)
    assert lead.intent > 0


@pytest.mark.parametrize(
    ("rung", "then"),
    [
        (Rung.LEAD, Rung.DISQUALIFIED),
        (Rung.MQL, Rung.DISQUALIFIED),
        (Rung.PQL, Rung.DISQUALIFIED),
        (Rung.SAL, Rung.DISQUALIFIED),
        (Rung.SQL, Rung.DISQUALIFIED),
        (Rung.OPPORTUNITY, Rung.LOST),
        (Rung.WON, Rung.WON),
        (Rung.LOST, Rung.LOST),
        (Rung.DISQUALIFIED, Rung.DISQUALIFIED),
    ],
)
def test_nobody_works_on_them_any_more(rung: Rung, then: Rung):
    lead = erased(a_lead_on(rung))
    assert lead.rung == then
    assert (Decision.objects.filter(lead=lead).latest("pk").text == "Erased") is (rung != then)


def test_only_an_admin_erases():
    lead, admin = a_lead(), actor(ada())
    for who in (mara(), sam(), max_(), vic()):
        with pytest.raises(MoveRefused, match="cannot erase a person"):
            erase(lead.person_id, actor(who), LATER, Why.ASKED)
    with refused("unknown_person"):
        erase(lead.person_id + 1, admin, LATER, Why.ASKED)


def test_a_company_that_only_they_brought_goes_with_them():
    own, shared = a_lead(email="zoe@zoe-zimmer.example"), a_lead(email="ann@acme.example")
    a_lead(email="bob@acme.example")
    erased(own)
    erased(shared)
    assert list(Company.objects.values_list("domain", flat=True)) == ["acme.example"]


# --- A browser alone -----------------------------------------------------------------------------


def test_a_browser_that_is_nobodys_is_erased_too():
    visit = arrived("page_view", visitor=BROWSER, url=f"https://x.example/{WORD}", message_id=f"m-{WORD}")
    receive([visit], [], Counter(), NOW)
    erase((IdentityKind.VISITOR, BROWSER), actor(ada()), LATER, Why.WITHDREW)
    assert where_named() == []
    assert Signal.objects.count() == 1
    with pytest.raises(NotFound, match="Nothing is on record"):
        erase((IdentityKind.VISITOR, BROWSER), actor(ada()), LATER, Why.WITHDREW)


def test_a_browser_begins_afresh():
    lead = observe(a_lead(email=EMAIL), "page_view")
    receive([arrived("page_view", visitor=BROWSER)], [], Counter(), NOW)
    Identity.objects.filter(value=BROWSER).update(person=lead.person)
    erased(lead)
    receive([arrived("page_view", visitor=BROWSER, at=LATER)], [], Counter(), LATER)
    assert Identity.objects.get(value=BROWSER).person is None
    assert Signal.objects.filter(identity__value=BROWSER).count() == 1


# --- What comes later ----------------------------------------------------------------------------


def test_events_that_name_them_are_refused_and_counted():
    erased(a_full_person().lead)
    before = everything()
    ids = {"ids": {"email": EMAIL.upper(), "visitor_id": "b2"}, "traits": {"name": WORD}}
    sent = [
        arrived("page_view", user=USER),
        arrived("page_view", email=EMAIL),
        arrived("identify", visitor="b2", properties=ids),
        arrived("alias", user="new", properties={"ids": {"user_id": "new", "previous_id": EMAIL}}),
        arrived("page_view", visitor="b2"),
    ]
    tally = receive(sent, [], Counter(), LATER)
    key = sent[0].key
    assert +tally == {(key, "refused", "erased"): 4, (key, "accepted", ""): 1}
    assert sum(IntakeCount.objects.filter(minute__gte=LATER).values_list("count", flat=True)) == 5
    assert where_named() == []
    assert len(everything()["Signal"]) == len(before["Signal"]) + 1


def test_rows_of_files_that_name_them_are_refused_without_a_word_kept():
    erased(a_full_person().lead)
    rows = [a_row(EMAIL, name=WORD), a_row(None, name=WORD, lead_id=OWN_ID), a_row(OTHER), a_row("new@new.example")]
    leads = import_leads(rows, "again.csv", {}, actor(mara()), LATER)
    signals = [a_signal("page_view", LATER, EMAIL), a_signal("page_view", LATER, "new@new.example")]
    behaviour = import_signals(signals, "signals.csv", {}, actor(mara()), LATER)
    assert (leads.counts["new"], leads.counts["quarantined"]) == (1, 3)
    assert (behaviour.counts["new"], behaviour.counts["quarantined"]) == (1, 1)
    assert [row.raw for row in Quarantine.objects.filter(code="erased")] == [{}] * 4
    assert where_named() == []


def test_nobody_gets_their_address_by_a_correction():
    erased(a_lead(email=EMAIL))
    other, marketer = a_lead(), actor(mara())
    with refused("erased"):
        correct(other.pk, marketer, LATER, {"person.email": EMAIL})


def test_who_agrees_anew_is_let_in_and_begins_as_somebody_new():
    lead = erased(a_lead(email=EMAIL))
    with pytest.raises(MoveRefused):
        admit_again([(IdentityKind.EMAIL, EMAIL)], actor(mara()), LATER)
    admit_again([(IdentityKind.EMAIL, EMAIL)], actor(ada()), LATER)
    [new] = in_transaction(lambda: capture([a_row(EMAIL)], INTAKE, LATER)).created
    assert new != lead.pk
    with pytest.raises(NotFound):
        admit_again([(IdentityKind.EMAIL, EMAIL)], actor(ada()), LATER)
    erased(Lead.objects.get(pk=new))
    assert ErasedIdentity.objects.filter(admitted_at=None).count() == 1


def test_what_waited_to_be_counted_is_said_no_more_but_counts():
    lead = a_lead(email=EMAIL)
    said = {"ids": {"email": EMAIL}, "traits": {"title": f"CEO of {WORD}"}}
    receive([arrived("identify", email=EMAIL, properties=said), arrived("page_view", email=EMAIL)], [], Counter(), NOW)
    erased(lead)
    count_all_waiting(LATER, read_statement)
    assert where_named() == []
    assert [state.kind for state in lead.states.all()] == ["page_view"]


# --- What could bring it back --------------------------------------------------------------------


def test_undoing_an_import_brings_nothing_back():
    full = a_full_person()
    erased(full.lead)
    for source in Import.objects.order_by("-pk"):
        undo_import(source.pk, actor(mara()), LATER)
    assert where_named() == []


def test_undoing_a_merge_brings_nothing_back():
    full = a_full_person()
    erased(full.lead)
    in_transaction(lambda: undo_merge(Merge.objects.get(), actor(mara()), LATER))
    assert where_named() == []


def test_people_of_an_undone_merge_are_two():
    one, other = a_lead(email="ann@acme.example"), a_lead(email="nan@acme.example")
    merge = in_transaction(lambda: merge_people(one.person_id, other.person_id, actor(mara()), NOW, "same"))
    in_transaction(lambda: undo_merge(merge, actor(mara()), NOW))
    erased(one)
    assert Person.objects.get(pk=other.person_id).email == "nan@acme.example"
    assert Merge.objects.get().why == ""


def test_erasing_twice_changes_nothing_more():
    lead = erased(a_lead(email=EMAIL))
    before = ErasedIdentity.objects.count()
    erase(lead.person_id, actor(ada()), LATER, Why.ASKED)
    assert ErasedIdentity.objects.filter(admitted_at=None).count() >= before
    with pytest.raises(Refused):
        erase((IdentityKind.EMAIL, EMAIL), actor(ada()), LATER, Why.ASKED)
