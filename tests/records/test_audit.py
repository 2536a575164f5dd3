"""Who shows which mistake: small histories made by the real actions, each with the leads it should name."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assay.actions import answers, edits, gate, work
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.domain.audit import Finding, Mistake, Problem
from assay.domain.ladder import Rung
from assay.records.findings import audit, problems, shown_by
from assay.records.funnel import Period
from assay.records.models import Lead
from tests.people import NOW, a_lead, a_lead_on, a_rule, an_mql, an_sql, mara, max_, observe, sam

pytestmark = pytest.mark.django_db

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
UNFIT: dict[str, Any] = {"employees": 2, "title": "Trainee", "budget": 100, "industry": "Mining"}


def period(later: timedelta = HOUR, start: timedelta | None = None, end: timedelta | None = None) -> Period:
    """What happened until so long after now, from and to so long after it."""
    limits = [None if limit is None else NOW + limit for limit in (start, end)]
    return Period(NOW + later, ZoneInfo("Europe/Paris"), *limits)


def behind(mistake: Mistake, over: Period) -> dict[Problem, list[int]]:
    """The leads behind each problem that anybody shows."""
    found = problems(mistake, over, rule(over.now).policy)
    listed = {problem: sorted({lead for (lead,) in ids}) for problem, ids in found.items()}
    return {problem: leads for problem, leads in listed.items() if leads}


def finding(mistake: Mistake, over: Period) -> Finding:
    return next(one for one in audit(over, rule(over.now).policy).findings if one.mistake is mistake)


def called(lead: Lead, at: timedelta = timedelta(), by: Any = sam, **said: Any) -> Lead:
    work.log_touch(lead.pk, actor(by()), NOW + at, kind="call", reached=False, **said)
    return lead


def promoted_against_the_rule(**said: Any) -> Lead:
    lead = a_lead(**UNFIT, **said)
    gate.promote(lead.pk, actor(mara()), NOW, text="Met the founder")
    return lead


# --- 1. Raw leads passed to sales ------------------------------------------------------------------


def test_a_lead_that_sales_calls_or_owns_before_accepting_it_is_raw():
    worked, owned = called(a_lead()), a_lead()
    work.assign(owned.pk, actor(max_()), NOW, sam().pk)
    called(a_lead(), by=mara)  # marketing may
    called(a_lead(), automatic=True)  # nobody did
    called(an_sql(), HOUR / 2)  # as it should be
    assert behind(Mistake.RAW_LEADS, period()) == {Problem.WORKED_RAW: [worked.pk], Problem.OWNED_RAW: [owned.pk]}
    found = finding(Mistake.RAW_LEADS, period())
    assert (found.count, found.of) == (2, 4)  # and the one that marketing touched
    assert found.cost is not None
    assert found.cost.hours is not None
    assert found.cost.hours.value == pytest.approx(10 / 60)


def test_a_lead_called_at_the_gate_was_raw_even_if_it_was_accepted_later():
    lead = called(an_mql(), HOUR / 4)
    gate.accept(lead.pk, actor(sam()), NOW + HOUR / 2)
    called(lead, HOUR)
    assert behind(Mistake.RAW_LEADS, period()) == {Problem.WORKED_RAW: [lead.pk]}
    assert finding(Mistake.RAW_LEADS, period(2 * HOUR)).cost.hours.value == pytest.approx(10 / 60)  # type: ignore[union-attr]


def test_what_was_done_counts_in_its_period_and_what_stands_in_any():
    worked, owned = called(a_lead()), a_lead()
    work.assign(owned.pk, actor(max_()), NOW, sam().pk)
    assert set(behind(Mistake.RAW_LEADS, period(DAY, end=HOUR))) == {Problem.WORKED_RAW, Problem.OWNED_RAW}
    assert behind(Mistake.RAW_LEADS, period(DAY, start=HOUR)) == {Problem.OWNED_RAW: [owned.pk]}
    assert behind(Mistake.RAW_LEADS, period(DAY, end=-HOUR)) == {}
    assert worked.pk != owned.pk


# --- 2. Slow first response ------------------------------------------------------------------------


def test_a_hand_raised_at_the_gate_is_owed_an_answer_within_the_hour():
    silent, late, quick = an_mql(), an_sql(), an_sql()
    called(late, 2 * HOUR)
    called(quick, HOUR / 2)
    assert behind(Mistake.SLOW_RESPONSE, period(3 * HOUR)) == {
        Problem.NOT_ANSWERED: [silent.pk],
        Problem.ANSWERED_LATE: [late.pk],
    }
    found = finding(Mistake.SLOW_RESPONSE, period(3 * HOUR))
    assert (found.count, found.of) == (2, 3)
    assert found.times is not None
    assert found.times.median == 2 * HOUR
    assert behind(Mistake.SLOW_RESPONSE, period(DAY + HOUR))[Problem.LEFT_OVERNIGHT] == [silent.pk]


def test_returning_a_lead_in_time_is_an_answer_and_too_late_is_none():
    late, in_time = an_mql(), an_mql()
    for lead, when in ((in_time, HOUR / 2), (late, 2 * HOUR)):
        gate.reject(lead.pk, actor(sam()), NOW + when, reason="wrong_market")
    assert behind(Mistake.SLOW_RESPONSE, period(WEEK)) == {Problem.ANSWERED_LATE: [late.pk]}


def test_who_never_came_to_the_gate_or_is_not_hot_is_not_owed_one():
    observe(a_lead(**UNFIT), "demo_request")
    observe(a_lead(), "content_download", "pricing_view", "case_study_view", "pricing_view", "webinar_attended")
    assert Lead.objects.filter(rung=Rung.MQL).exists()
    assert behind(Mistake.SLOW_RESPONSE, period(WEEK)) == {}
    assert finding(Mistake.SLOW_RESPONSE, period(WEEK)).of == 0


def test_hot_without_asking_counts_from_acceptance():
    lead = observe(a_lead(), "pricing_view", "pain_named")
    gate.accept(lead.pk, actor(sam()), NOW + 6 * HOUR)
    assert behind(Mistake.SLOW_RESPONSE, period(6.5 * HOUR)) == {}
    assert behind(Mistake.SLOW_RESPONSE, period(7.5 * HOUR)) == {Problem.NOT_ANSWERED: [lead.pk]}


def test_late_answers_are_told_from_those_in_time_by_the_deals_they_bring():
    won = a_lead_on(Rung.WON)
    for _ in range(3):
        called(an_sql(), 3 * HOUR)
    cost = finding(Mistake.SLOW_RESPONSE, period(4 * HOUR)).cost
    assert cost is not None
    assert cost.deals is not None
    assert cost.deals.value == pytest.approx(3 * (1 - 0) * 1)
    assert cost.currency == "EUR"
    assert won.rung == Rung.WON


# --- 3. No fit filter ------------------------------------------------------------------------------


def test_working_promoting_accepting_and_pursuing_the_unfit_is_found():
    worked, promoted, accepted = called(a_lead(**UNFIT)), promoted_against_the_rule(), promoted_against_the_rule()
    gate.accept(accepted.pk, actor(sam()), NOW)
    assert behind(Mistake.NO_FIT_FILTER, period()) == {
        Problem.WORKED_UNFIT: [worked.pk],
        Problem.OVERRIDDEN: [promoted.pk, accepted.pk],
        Problem.ACCEPTED_UNFIT: [accepted.pk],
        Problem.PURSUED_UNFIT: [accepted.pk],
    }
    assert finding(Mistake.NO_FIT_FILTER, period()).count == 3


def test_too_little_known_is_not_unfit_unless_a_knockout_was_missed():
    silent: dict[str, Any] = {"employees": None, "industry": None, "budget": None, "title": None, "company": None}
    called(a_lead(**silent, country=None))
    assert behind(Mistake.NO_FIT_FILTER, period()) == {}
    abroad = called(a_lead(**silent, country="BR"))
    assert Lead.objects.get(pk=abroad.pk).insufficient_data
    assert behind(Mistake.NO_FIT_FILTER, period()) == {Problem.WORKED_UNFIT: [abroad.pk]}


def test_who_fitted_when_accepted_counts_only_while_still_pursued():
    lead = called(an_sql(), HOUR / 2)
    edits.correct(lead.pk, actor(sam()), NOW + HOUR / 2, {f"company.{key}": 1 for key in ("employees", "budget")})
    edits.correct(lead.pk, actor(sam()), NOW + HOUR / 2, {"company.industry": "Mining", "person.title": "Trainee"})
    assert behind(Mistake.NO_FIT_FILTER, period()) == {Problem.PURSUED_UNFIT: [lead.pk]}
    work.recycle(lead.pk, actor(sam()), NOW + HOUR, reason="not_now")
    assert behind(Mistake.NO_FIT_FILTER, period(2 * HOUR)) == {}


# --- 4. One-way handoff ----------------------------------------------------------------------------


def test_undecided_past_its_clock_is_found_and_within_it_is_not():
    waits = observe(a_lead(), "content_download", "pricing_view", "case_study_view", "pricing_view", "webinar_attended")
    decided = an_mql()
    gate.accept(decided.pk, actor(sam()), NOW)
    assert waits.temperature == "warm"
    assert behind(Mistake.ONE_WAY_HANDOFF, period(7 * HOUR)) == {}
    assert behind(Mistake.ONE_WAY_HANDOFF, period(2 * DAY)) == {Problem.UNDECIDED: [waits.pk]}
    found = finding(Mistake.ONE_WAY_HANDOFF, period(2 * DAY))
    assert (found.count, found.of) == (1, 2)
    assert found.cost is not None
    assert found.cost.revenue is None


def test_who_came_back_to_the_gate_waits_from_then_on():
    lead = an_mql()
    gate.reject(lead.pk, actor(sam()), NOW, reason="bad_data")
    again = NOW + 40 * DAY
    answers.answer(lead.decisions.get(move="reject").pk, actor(mara()), again, "New number")
    observe(lead, "demo_request", at=again)
    assert behind(Mistake.ONE_WAY_HANDOFF, period(40 * DAY + HOUR / 2)) == {}
    assert behind(Mistake.ONE_WAY_HANDOFF, period(41 * DAY)) == {Problem.UNDECIDED: [lead.pk]}


@pytest.mark.parametrize(("said", "usable"), [("n/a", False), ("  -  ", False), ("Sells to consumers", True)])
def test_other_needs_words(said: str, usable: bool):
    lead = an_mql()
    gate.reject(lead.pk, actor(sam()), NOW, reason="other", text=said)
    assert (behind(Mistake.ONE_WAY_HANDOFF, period()) == {}) is usable
    assert not usable or lead.pk


def test_a_rejection_is_never_answered_after_a_week_and_any_answer_helps():
    silent, replied, cited = an_mql(), an_mql(), an_mql()
    for lead in (silent, replied, cited):
        gate.reject(lead.pk, actor(sam()), NOW, reason="too_early")
    answers.answer(replied.decisions.get(move="reject").pk, actor(mara()), NOW + HOUR, "Heard")
    number = cited.decisions.get(move="reject").pk
    a_rule(('name = "', f'# After rejection #{number}.\nname = "'), at=NOW + HOUR)
    assert behind(Mistake.ONE_WAY_HANDOFF, period(6 * DAY)) == {}
    assert behind(Mistake.ONE_WAY_HANDOFF, period(8 * DAY)) == {Problem.NEVER_ANSWERED: [silent.pk]}
    for start, end, found in ((6, 8, True), (7.5, 9, False), (0, 6.5, False)):
        of_time = period(9 * DAY, start=start * DAY, end=end * DAY)
        assert (Problem.NEVER_ANSWERED in behind(Mistake.ONE_WAY_HANDOFF, of_time)) is found, "when the week was over"


def test_a_gate_that_lets_everybody_through_is_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assay.records.findings.NEVER_REJECTED_AFTER", 2)
    an_sql()
    assert not finding(Mistake.ONE_WAY_HANDOFF, period()).found
    an_sql()
    assert finding(Mistake.ONE_WAY_HANDOFF, period()).never_rejected
    gate.reject(an_mql().pk, actor(sam()), NOW, reason="too_early")
    assert not finding(Mistake.ONE_WAY_HANDOFF, period()).never_rejected


# --- The whole -------------------------------------------------------------------------------------


def test_an_empty_database_has_nothing_to_fix():
    found = audit(period(), rule(NOW).policy)
    assert found.first is None
    assert [(one.count, one.of, one.share, one.cost) for one in found.findings] == [(0, 0, None, None)] * 4


def test_a_lead_says_by_what_it_shows_a_mistake_and_counts_once():
    lead = called(a_lead())
    work.assign(lead.pk, actor(max_()), NOW, sam().pk)
    over = period()
    found = problems(Mistake.RAW_LEADS, over, rule(NOW).policy)
    assert shown_by(found, [lead.pk]) == {lead.pk: [Problem.WORKED_RAW, Problem.OWNED_RAW]}
    assert finding(Mistake.RAW_LEADS, over).count == 1


def test_it_takes_as_many_queries_for_many_as_for_few(django_assert_max_num_queries: Any):
    over = period(DAY)
    policy = rule(NOW).policy
    for _ in range(2):
        called(a_lead(**UNFIT))
        called(an_mql(), HOUR)
        with django_assert_max_num_queries(45):
            audit(over, policy)
