"""Undoing an import: everything is as it was before it, except what people have worked on since."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from assay.actions.actors import INTAKE, actor
from assay.actions.capture import capture
from assay.actions.edits import correct
from assay.actions.forms import Entry, submit
from assay.actions.gate import accept, promote
from assay.actions.imports import import_leads, import_signals
from assay.actions.policies import rule
from assay.actions.scoring import refolded, rescore, states_of
from assay.actions.signals import record_signals
from assay.actions.sources import count_visitors
from assay.actions.spend import enter_cost
from assay.actions.undo import undo_import
from assay.actions.work import assign, log_touch
from assay.domain.ladder import Rung
from assay.domain.rows import CostRow, LeadRow, SignalRow
from assay.records.models import (
    Campaign,
    Decision,
    Identity,
    Import,
    ImportChange,
    Lead,
    Person,
    Signal,
    Source,
    Submission,
)
from tests.forms import a_form
from tests.people import NOW, a_lead, a_row, a_signal, mara, max_, observe, sam
from tests.records.dump import Dump, everything, refused

pytestmark = pytest.mark.django_db

NINA, ANN, BOB = "nina@north.example", "ann@north.example", "bob@south.example"
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
DAY = NOW.date()


def bring(*rows: LeadRow) -> Import:
    """Mara imports leads."""
    return import_leads(rows, "leads.csv", {}, actor(mara()), NOW)


def bring_signals(*rows: SignalRow) -> Import:
    """Mara imports signals."""
    return import_signals(rows, "signals.csv", {}, actor(mara()), NOW)


def undo(source: Import) -> dict[str, int]:
    """Mara takes it back."""
    return undo_import(source.pk, actor(mara()), NOW)


def rows() -> Dump:
    """Every row but those that tell about imports; the key of a folded state means nothing."""
    found = everything(without=[Import, ImportChange])
    states = [{**row, "id": 0} for row in found["SignalState"]]
    return found | {"SignalState": sorted(states, key=lambda row: (row["lead_id"], row["kind"]))}


@pytest.fixture
def nina(db: None) -> Lead:
    """Somebody on record, of whom not all is known, scored just now."""
    for person in (mara, sam):
        person()
    rule(NOW)
    lead = observe(a_lead(email=NINA, title=None, industry=None), "page_view", at=YESTERDAY)
    rescore(NOW)
    return lead


# --- all is as it was ----------------------------------------------------------------------------


def nothing() -> None:
    """Nothing had happened before."""


Step = Callable[[], object]
CASES: dict[str, tuple[Step, Callable[[], Import]]] = {
    "new people": (
        nothing,
        lambda: bring(a_row(ANN, source="Fair", campaign="Spring"), a_row(BOB, lead_id="B-1"), a_row(None, name="Eve")),
    ),
    "new people who were waited for": (
        lambda: record_signals([a_signal("demo_request", email=ANN), a_signal("page_view", lead_id="A-1")], NOW),
        lambda: bring(a_row(ANN, lead_id="A-1")),
    ),
    "a signal of tomorrow that waited too": (
        lambda: record_signals([a_signal("demo_request", TOMORROW, ANN)], NOW),
        lambda: bring(a_row(ANN)),
    ),
    "blanks of a person, her company and her lead": (
        nothing,
        lambda: bring(a_row(NINA, title="CEO", industry="Software", attributes={"Plan": "pro"})),
    ),
    "blanks that two rows fill": (nothing, lambda: bring(a_row(NINA, title="CEO"), a_row(NINA, phone="+33199001234"))),
    "a further key": (nothing, lambda: bring(a_row(NINA, lead_id="A-7", title=None, industry=None))),
    "a further key with signals that waited": (
        lambda: record_signals([a_signal("page_view", lead_id="A-7")], NOW),
        lambda: bring(a_row(NINA, lead_id="A-7")),
    ),
    "signals of somebody known": (
        nothing,
        lambda: bring_signals(a_signal("page_view", email=NINA), a_signal("pricing_view", email=NINA)),
    ),
    "signals of somebody unknown": (
        nothing,
        lambda: bring_signals(a_signal("page_view", visitor_id="v-1"), a_signal("demo_request", email=ANN)),
    ),
    "further signals of somebody unknown": (
        lambda: record_signals([a_signal("page_view", visitor_id="v-1")], NOW),
        lambda: bring_signals(a_signal("pricing_view", visitor_id="v-1")),
    ),
    "signals of tomorrow": (nothing, lambda: bring_signals(a_signal("demo_request", TOMORROW, NINA))),
    "a source that had only visitors": (
        lambda: count_visitors(NOW.date(), "Fair", None, 12),
        lambda: bring(a_row(ANN, source="Fair")),
    ),
    "a campaign that had only costs": (
        lambda: enter_cost(CostRow("Fair", "Spring", DAY, DAY, Decimal(900), "EUR"), actor(mara())),
        lambda: bring(a_row(ANN, source="Fair", campaign="Spring")),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_all_is_as_it_was(nina: Lead, case: str) -> None:
    prepare, imported = CASES[case]
    prepare()
    before = rows()
    source = imported()
    assert rows() != before
    undo(source)
    assert rows() == before


def test_the_import_itself_stays_on_record(nina: Lead) -> None:
    source = bring(a_row(ANN))
    undo(source)
    source.refresh_from_db()
    assert (source.counts["new"], source.undone_at, source.undone_by) == (1, NOW, mara())


def test_what_was_done_is_counted(nina: Lead) -> None:
    leads = bring(a_row(ANN), a_row(BOB), a_row(NINA, title="CEO"))
    signals = bring_signals(a_signal("page_view", email=NINA), a_signal("page_view", TOMORROW, NINA))
    assert undo(signals) == {"signals": 2, "leads": 0, "kept": 0, "emptied": 0}
    # Her title, and the industry as her company's and as what her own row says.
    assert undo(leads) == {"signals": 0, "leads": 2, "kept": 0, "emptied": 3}


def test_the_same_file_can_be_brought_in_again(nina: Lead) -> None:
    first = bring(a_row(ANN), a_row(NINA, title="CEO"))
    undo(first)
    again = bring(a_row(ANN), a_row(NINA, title="CEO"))
    assert again.counts == first.counts


# --- what came in between stays ------------------------------------------------------------------


def test_leads_that_people_worked_on_stay(nina: Lead) -> None:
    emails = [f"{done}@{done}.example" for done in ("accepted", "touched", "assigned", "promoted", "corrected")]
    source = bring(*map(a_row, emails), a_row("fresh@fresh.example"))
    accepted, touched, assigned, promoted, corrected, _ = Lead.objects.filter(imported_by=source).order_by("pk")
    observe(accepted, "demo_request")
    accept(accepted.pk, actor(sam()), NOW)
    log_touch(touched.pk, actor(sam()), NOW, kind="call", reached=False)
    assign(assigned.pk, actor(max_()), NOW, sam().pk)
    promote(promoted.pk, actor(mara()), NOW, text="They wrote to us")
    correct(corrected.pk, actor(mara()), NOW, {"person.title": "CFO"})
    assert undo(source) == {"signals": 0, "leads": 1, "kept": 5, "emptied": 0}
    assert set(Person.objects.values_list("email", flat=True)) == {NINA, *emails}
    assert Decision.objects.filter(lead=accepted).count() == 4


def test_a_lead_that_only_the_policy_moved_goes(nina: Lead) -> None:
    source = bring(a_row(ANN))
    observe(Lead.objects.get(imported_by=source), "demo_request")
    assert undo(source)["leads"] == 1
    assert not Lead.objects.filter(rung=Rung.MQL).exists()


def test_signals_outlive_a_lead_and_wait_for_it(nina: Lead) -> None:
    source = bring(a_row(ANN))
    observe(Lead.objects.get(imported_by=source), "demo_request")
    undo(source)
    assert Signal.objects.get(kind="demo_request").identity.person is None
    capture([a_row(ANN)], INTAKE, NOW)
    assert Lead.objects.get(person__email=ANN).rung == Rung.MQL


def test_undoing_signals_counts_their_leads_anew(nina: Lead) -> None:
    observe(nina, "pricing_view")
    source = bring_signals(a_signal("demo_request", email=NINA), a_signal("page_view", NOW, NINA))
    undo(source)
    nina.refresh_from_db()
    assert nina.intent == pytest.approx(8 + 0.5 ** (1 / 7))
    assert states_of([nina.pk]) == refolded([nina.pk], NOW)


def test_a_promotion_by_signals_that_were_undone_stays_and_cools(nina: Lead) -> None:
    """The ledger is never rewritten: whoever decides sees that the interest is gone."""
    bring(a_row(NINA, title="CEO", industry="Software"))
    undo(bring_signals(a_signal("demo_request", email=NINA)))
    nina.refresh_from_db()
    assert (nina.rung, nina.cooling) == (Rung.MQL, True)


def test_what_somebody_corrected_since_is_not_emptied(nina: Lead) -> None:
    source = bring(a_row(NINA, title="CEO", industry="Software"))
    Person.objects.filter(pk=nina.person_id).update(title="CFO")
    assert undo(source)["emptied"] > 0
    nina.refresh_from_db()
    assert (nina.person.title, nina.facts.get("company.industry")) == ("CFO", None)


def test_a_source_that_others_use_stays(nina: Lead) -> None:
    source = bring(a_row(ANN, source="Fair", campaign="Spring"))
    a_lead(source="fair", campaign="spring")
    undo(source)
    assert Source.objects.filter(name="Fair").exists()
    assert Campaign.objects.get().name == "Spring"


def test_a_key_with_signals_since_waits_instead_of_going(nina: Lead) -> None:
    source = bring(a_row(NINA, lead_id="A-7"))
    record_signals([a_signal("pricing_view", lead_id="A-7")], NOW)
    undo(source)
    assert Identity.objects.get(value="A-7").person is None
    nina.refresh_from_db()
    assert nina.intent < 1


def test_somebody_who_filled_in_a_form_since_stays() -> None:
    source = bring(a_row(ANN), a_row("bob@oak.example"))
    form = a_form()
    submit(form, Entry("t", form.consent.pk, a_row(ANN)), NOW, confirm_first=False)
    assert undo(source)["leads"] == 1
    assert Submission.objects.filter(person=Lead.objects.get().person).exists()


# --- what is refused -----------------------------------------------------------------------------


def test_an_import_is_undone_once(nina: Lead) -> None:
    source = bring(a_row(ANN))
    undo(source)
    with refused("undone_already") as why:
        undo(source)
    assert "2026-11-04 09:00" in why.value.sentence


def test_there_must_be_such_an_import(nina: Lead) -> None:
    by = actor(mara())
    with refused("unknown_import"):
        undo_import(4711, by, NOW)
