"""How signals enter: stored once, counted once, at their time, for whoever they turn out to name."""

from datetime import datetime, timedelta

import pytest

from assay.actions.actors import INTAKE
from assay.actions.capture import capture
from assay.actions.counting import count_all_waiting
from assay.actions.scoring import refolded, rescore, states_of
from assay.actions.signals import Recorded, record_signals
from assay.domain.ladder import Rung
from assay.domain.rows import SignalRow
from assay.intake.statements import read_statement
from assay.records.models import Decision, Identity, Lead, PendingSignal, Score, Signal, SignalState
from tests.people import NOW, a_lead, a_row, a_rule, a_signal
from tests.records.dump import everything

pytestmark = pytest.mark.django_db

NINA = "nina@north.example"
TOMORROW = NOW + timedelta(days=1)


def time_passes(until: datetime) -> None:
    """The scorer and the sweep, as they run beside the server."""
    count_all_waiting(until, read_statement)
    rescore(until)


def bring(*rows: SignalRow) -> Recorded:
    """Record signals as one batch."""
    return record_signals(rows, NOW)


@pytest.fixture
def nina() -> Lead:
    return a_lead(email=NINA, lead_id="A-7")


def intent(lead: Lead) -> float:
    """The stored intent."""
    lead.refresh_from_db()
    return lead.intent


# --- once ----------------------------------------------------------------------------------------


def test_a_signal_is_kept_with_all_it_says(nina: Lead) -> None:
    before = NOW - timedelta(hours=5)
    row = a_signal("pricing_view", before, NINA, url="https://assay.example/p", properties={"plan": "pro", "seats": 3})
    done = bring(row)
    assert (done.stored, done.repeated, done.waiting, done.promoted) == (1, 0, 0, [])
    signal = Signal.objects.select_related("identity").get()
    assert (signal.kind, signal.at, signal.received_at) == ("pricing_view", before, NOW)
    assert (signal.url, signal.properties) == ("https://assay.example/p", {"plan": "pro", "seats": 3})
    assert signal.identity.person_id == nina.person_id


def test_the_same_message_twice_is_one_signal(nina: Lead) -> None:
    row = a_signal("pricing_view", email=NINA, message_id="m-1")
    bring(row)
    before = everything()
    done = bring(row, row)
    assert (done.stored, done.repeated) == (0, 2)
    assert everything() == before


def test_even_within_one_batch_and_under_another_kind(nina: Lead) -> None:
    done = bring(
        a_signal("pricing_view", email=NINA, message_id="m-1"),
        a_signal("demo_request", email=NINA, message_id="m-1"),
        a_signal("demo_request", email="else@south.example", message_id="m-1"),
    )
    assert (done.stored, done.repeated) == (1, 2)
    assert Signal.objects.get().kind == "pricing_view"  # the first to come is the one
    assert intent(nina) == 8


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_arrival_does_not_matter(nina: Lead, order: int) -> None:
    rows = [a_signal("pricing_view", NOW - timedelta(days=days), NINA) for days in (0, 10, 20)]
    for row in rows[::order]:
        bring(row)
    assert intent(nina) == pytest.approx(8 + 4 + 2)
    assert SignalState.objects.get().count == 3


# --- whose it is ---------------------------------------------------------------------------------


def test_your_id_says_whose_it_is_before_the_address_does(nina: Lead) -> None:
    other = a_lead(email="else@south.example")
    bring(a_signal("pricing_view", email="else@south.example", lead_id="A-7"))
    assert (intent(nina), intent(other)) == (8, 0)


def test_signals_of_nobody_known_wait() -> None:
    done = bring(a_signal("page_view", visitor_id="v-1"), a_signal("demo_request", visitor_id="v-1"))
    assert (done.stored, done.waiting) == (2, 2)
    assert Identity.objects.get().person is None
    assert not Lead.objects.exists()


def test_one_batch_serves_many_people(nina: Lead) -> None:
    others = [a_lead() for _ in range(3)]
    bring(*(a_signal("pricing_view", email=lead.person.email) for lead in [nina, *others]))
    assert {intent(lead) for lead in [nina, *others]} == {8}


# --- in their time -------------------------------------------------------------------------------


def test_a_signal_of_tomorrow_waits_until_then(nina: Lead) -> None:
    bring(a_signal("demo_request", TOMORROW, NINA))
    time_passes(TOMORROW - timedelta(seconds=1))
    assert (intent(nina), nina.rung, PendingSignal.objects.count()) == (0, Rung.LEAD, 1)
    time_passes(TOMORROW)
    assert (intent(nina), nina.rung, PendingSignal.objects.count()) == (40, Rung.MQL, 0)
    time_passes(TOMORROW)
    assert (intent(nina), SignalState.objects.get().count) == (40, 1)


def test_a_signal_of_now_counts_now(nina: Lead) -> None:
    bring(a_signal("pricing_view", NOW, NINA))
    assert (intent(nina), PendingSignal.objects.count()) == (8, 0)


def test_a_waiting_signal_is_counted_once_though_the_rule_changed_meanwhile(nina: Lead) -> None:
    """A new rule counts anew from the log, and the log has the signal that waits."""
    bring(a_signal("pricing_view", TOMORROW, NINA))
    later = TOMORROW + timedelta(days=1)
    a_rule(("threshold = 100", "threshold = 110"), at=later)
    record_signals([a_signal("page_view", later, NINA)], later)
    time_passes(later)
    assert SignalState.objects.get(kind="pricing_view").count == 1
    assert states_of([nina.pk]) == refolded([nina.pk], later)


def test_a_signal_of_tomorrow_for_somebody_known_only_the_day_after(nina: Lead) -> None:
    bring(a_signal("pricing_view", TOMORROW, "new@south.example"))
    capture([a_row("new@south.example")], INTAKE, NOW)
    assert not SignalState.objects.exists()
    time_passes(TOMORROW)
    assert SignalState.objects.get().count == 1


# --- what weighs nothing -------------------------------------------------------------------------


def test_bots_are_kept_and_weigh_nothing(nina: Lead) -> None:
    done = bring(
        a_signal("demo_request", email=NINA, bot=True),
        a_signal("pricing_view", TOMORROW, NINA, bot=True),
        a_signal("page_view", email=NINA),
    )
    time_passes(TOMORROW)
    assert (done.stored, Signal.objects.filter(bot=True).count()) == (3, 2)
    assert list(SignalState.objects.values_list("kind", flat=True)) == ["page_view"]
    assert (nina.rung, Decision.objects.count()) == (Rung.LEAD, 1)


def test_a_kind_the_rule_does_not_list_is_kept_for_a_rule_that_does(nina: Lead) -> None:
    bring(a_signal("podcast", email=NINA))
    assert (intent(nina), Signal.objects.count(), SignalState.objects.count()) == (0, 1, 0)
    a_rule(("page_view  ", "podcast    "), at=TOMORROW)
    rescore(NOW + timedelta(days=7))
    assert intent(nina) == pytest.approx(0.5)  # a point, half of it gone after seven days


def test_a_batch_of_nothing_does_nothing(nina: Lead) -> None:
    before = everything()
    assert bring() == Recorded()
    assert everything() == before


def test_the_score_is_as_of_the_last_signal(nina: Lead) -> None:
    record_signals([a_signal("page_view", NOW, NINA)], TOMORROW)
    assert Score.objects.get().as_of == TOMORROW
