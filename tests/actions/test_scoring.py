"""The live score: equal to the rule on the same facts and signals, kept under the rule in force, promoting once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.actions.actors import INTAKE, actor
from assay.actions.capture import capture
from assay.actions.counting import count_all_waiting
from assay.actions.gate import accept
from assay.actions.policies import rule
from assay.actions.scoring import refolded, rescore, states_of
from assay.actions.signals import record_signals
from assay.domain.intent import KindState, Signal, States
from assay.domain.ladder import Rung
from assay.domain.rows import LeadRow, SignalRow
from assay.intake.statements import read_statement
from assay.records.models import Decision, Lead, Score, SignalState
from tests.people import NOW, a_lead, a_lead_on, a_row, a_rule, a_signal, an_mql, observe, sam
from tests.records.dump import everything, taken_back

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# --- the same score as the rule's ----------------------------------------------------------------

KINDS = ["page_view", "pricing_view", "demo_request", "careers_view", "unsubscribe", "product_milestone", "unheard_of"]
PEOPLE = ["ann@north.example", "bob@north.example", "eve@gmail.com"]


@st.composite
def lead_rows(draw: st.DrawFn) -> list[LeadRow]:
    """The three people, each with whatever the file knows of them."""
    said = st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(["CEO", "Student", "Head of IT", None]),
            "employees": st.sampled_from([5, 10, 1000.0, "about fifty", None]),
            "country": st.sampled_from(["FR", "BR", None]),
            "budget": st.sampled_from([9_999, 10_000, None]),
            "industry": st.sampled_from(["software", "Mining", None]),
        },
    )
    # Each from a firm of its own: what one colleague says is filled in for the other.
    return [a_row(email, domain=f"{number}.example", **draw(said)) for number, email in enumerate(PEOPLE)]


@st.composite
def histories(draw: st.DrawFn) -> list[list[SignalRow]]:
    """Signals in batches, in any order, with repeats, bots, and some from the future."""
    seconds = st.integers(-60 * 86_400, 3 * 86_400)
    one = st.builds(
        lambda kind, email, ago, bot: a_signal(kind, NOW + timedelta(seconds=ago), email, bot=bot),
        st.sampled_from(KINDS),
        st.sampled_from([*PEOPLE, "nobody@south.example"]),
        seconds,
        st.sampled_from([False, False, False, True]),
    )
    return draw(st.lists(st.lists(one, max_size=8), max_size=5))


@given(rows=lead_rows(), batches=histories(), known_after=st.integers(0, 5), days=st.integers(0, 10))
@settings(max_examples=settings().max_examples // 3)
def test_the_stored_score_is_the_rules_on_the_same_facts_and_signals(
    rows: list[LeadRow], batches: list[list[SignalRow]], known_after: int, days: int
) -> None:
    """Whether the person was known before or after, whatever came in which batch, twice or late."""
    later = NOW + days * DAY
    with taken_back():
        for number, batch in enumerate([*batches, []]):
            if number == min(known_after, len(batches)):
                capture(rows, INTAKE, NOW)
            record_signals(batch, NOW)
        count_all_waiting(later, read_statement)
        rescore(later)
        for row in rows:
            assert_scored_as_the_rule_says(row, [signal for batch in batches for signal in batch], later)


def assert_scored_as_the_rule_says(row: LeadRow, signals: Sequence[SignalRow], at: datetime) -> None:
    """Compare a lead's stored score, parts and all, with the domain's own."""
    scorer, lead = rule(at).scorer, Lead.objects.get(person__email=row.email)
    own = [Signal(each.message_id, each.kind, each.at, each.bot) for each in signals if each.email_key == row.email_key]
    expected = scorer.score(row.facts(), scorer.intent.fold(own, at), at)
    stored = Score.objects.get(lead=lead)
    points = [(part["axis"], part["name"], part["sentence"], part["verdict"]) for part in stored.parts]
    assert points == [(part.axis, part.name, part.sentence, part.verdict) for part in expected.parts]
    assert [part["points"] for part in stored.parts] == pytest.approx(
        [part.points for part in expected.parts], abs=1e-9
    )
    assert (stored.as_of, stored.missing) == (at, list(expected.missing))
    for name in Lead.SCORED:
        wanted = getattr(expected, name)
        assert getattr(lead, name) == (pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else wanted)
    assert_same(states_of([lead.pk])[lead.pk], refolded([lead.pk], at)[lead.pk])


def assert_same(live: States, recounted: States) -> None:
    """The states kept signal by signal are those of a fold over the whole log."""
    assert live.keys() == recounted.keys()
    for kind, state in live.items():
        other = recounted[kind]
        assert figures(state) == pytest.approx(figures(other), abs=1e-9)
        assert (state.count, state.days) == (other.count, other.days)


def figures(state: KindState) -> list[float]:
    """The numbers of a state, its weight as of a common time."""
    return [state.half_life_days, state.weight_at(state.last), state.first, state.last]


def test_parts_add_up_to_the_score() -> None:
    lead = observe(a_lead(title="Student", email="eve@gmail.com"), *KINDS)
    stored = Score.objects.get(lead=lead)
    for axis, total in (("fit", lead.fit), ("intent", lead.intent)):
        assert sum(part["points"] for part in stored.parts if part["axis"] == axis) == pytest.approx(total, abs=1e-9)


# --- promotion -----------------------------------------------------------------------------------


def promotions(lead: Lead) -> list[str]:
    """What the policy decided on a lead."""
    return list(Decision.objects.filter(lead=lead, desk="policy").order_by("pk").values_list("move", flat=True))


def test_a_lead_that_crosses_is_promoted_once() -> None:
    lead = an_mql()
    observe(lead, "demo_request", "pricing_inquiry", at=NOW + DAY)
    rescore(NOW + 2 * DAY)
    assert promotions(lead) == ["promote"]


def test_not_before_both_axes_cross() -> None:
    assert observe(a_lead(country="BR"), "demo_request", "pricing_inquiry").rung == Rung.LEAD  # wrong fit
    assert observe(a_lead(), "pricing_view").rung == Rung.LEAD  # one click is no pattern
    unknown = a_lead(email="ann@south.example", title=None, employees=None, industry=None)
    assert observe(unknown, "demo_request").rung == Rung.LEAD
    assert observe(a_lead(), "demo_request").rung == Rung.MQL


def test_a_score_that_falls_leaves_the_mql_and_shows_it_cooling() -> None:
    lead = an_mql()
    assert not lead.cooling
    scored, promoted = rescore(NOW + 60 * DAY)
    lead.refresh_from_db()
    assert (scored, promoted) == (1, 0)
    assert (lead.rung, lead.mql, lead.cooling) == (Rung.MQL, False, True)
    assert promotions(lead) == ["promote"]


def test_a_score_that_comes_after_a_decision_does_not_undo_it() -> None:
    lead = an_mql()
    accept(lead.pk, actor(sam()), NOW)
    assert observe(lead, "product_milestone", "demo_request", at=NOW + DAY).rung == Rung.SQL


def test_the_product_promotes_whoever_fits_and_got_value() -> None:
    lead = observe(a_lead(), "product_milestone")
    assert (lead.rung, lead.mql, lead.milestone) == (Rung.PQL, False, True)
    assert promotions(lead) == ["promote_product"]


def test_of_both_the_product_says_more() -> None:
    lead = observe(a_lead(), "demo_request", "product_milestone")
    assert (lead.rung, promotions(lead)) == (Rung.PQL, ["promote_product"])


@pytest.mark.parametrize("rung", [Rung.DISQUALIFIED, Rung.WON, Rung.LOST])
def test_what_is_closed_is_not_promoted(rung: Rung) -> None:
    assert observe(a_lead_on(rung), "demo_request", "product_milestone", at=NOW + DAY).rung == rung


# --- a new rule ----------------------------------------------------------------------------------


def test_a_new_rule_counts_anew_from_the_log() -> None:
    """A half-life is in the folded state, so states of another rule cannot be used on."""
    lead = observe(a_lead(), "pricing_view", at=NOW - 20 * DAY)
    version = a_rule(("points = 8,   half_life_days = 10", "points = 8,   half_life_days = 20")).pk
    rescore(NOW)
    lead.refresh_from_db()
    assert lead.intent == pytest.approx(4)
    assert SignalState.objects.get().half_life_days == 20
    assert Score.objects.get().policy_id == version


def test_so_does_the_next_signal() -> None:
    lead = observe(a_lead(), "pricing_view", at=NOW - 20 * DAY)
    a_rule(("points = 8,   half_life_days = 10", "points = 8,   half_life_days = 20"))
    lead = observe(lead, "page_view")
    assert lead.intent == pytest.approx(4 + 1)


def test_a_kind_that_a_new_rule_drops_weighs_nothing_any_more() -> None:
    lead = observe(a_lead(), "pricing_view", "page_view")
    a_rule(("pricing_view      =", "price_list_view   ="), at=NOW + DAY)
    rescore(NOW + DAY)
    assert list(SignalState.objects.values_list("kind", flat=True)) == ["page_view"]
    lead.refresh_from_db()
    assert lead.intent < 1


def test_a_lower_threshold_promotes_and_a_higher_one_takes_nobody_back() -> None:
    near = observe(a_lead(email="ann@south.example", title=None, industry=None), "demo_request")
    there = an_mql()
    assert (near.rung, near.total) == (Rung.LEAD, 95)
    a_rule(("threshold = 100", "threshold = 130"), at=NOW)
    rescore(NOW)
    a_rule(("threshold = 130", "threshold = 90"), at=NOW)
    assert rescore(NOW) == (2, 1)
    for lead in (near, there):
        lead.refresh_from_db()
        assert lead.rung == Rung.MQL
    assert promotions(there) == ["promote"]


# --- rescoring -----------------------------------------------------------------------------------


def test_rescoring_twice_at_one_time_changes_nothing() -> None:
    an_mql()
    observe(a_lead(), "page_view")
    rescore(NOW + DAY)
    before = everything()
    assert rescore(NOW + DAY) == (2, 0)
    assert everything() == before


def test_progress_is_told() -> None:
    a_lead()
    told: list[int] = []
    rescore(NOW, told.append)
    assert told == [1]


def test_nobody_to_score_is_fine() -> None:
    assert rescore(NOW) == (0, 0)
