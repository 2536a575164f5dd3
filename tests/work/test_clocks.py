"""Clocks that run out are spoken of by themselves: once for each step, in working time, whoever else is at work."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from assay.actions import escalating, gate, work
from assay.actions.actors import actor
from assay.actions.deals import change_deal
from assay.actions.notices import Notice
from assay.actions.policies import rule
from assay.domain.ladder import Rung
from assay.records.late import late
from assay.records.models import Escalation, Lead
from assay.work import clocks
from assay.work.clocks import watch
from tests import people
from tests.people import NOW, a_lead, an_mql, an_opportunity, an_sql, observe

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=rule(NOW).policy.zone)


class Said(NamedTuple):
    """Something said: of what type, to whom, in which words."""

    type: str
    to: list[int]
    sentence: str


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Said]:
    """All that is said in a test."""
    heard: list[Said] = []

    def post(now: datetime, one: Notice) -> None:
        heard.append(Said(one.type, list(one.to), one.about.sentence))

    monkeypatch.setattr(escalating, "post", post)
    return heard


def steps(lead: Lead) -> list[tuple[str, str]]:
    return list(Escalation.objects.filter(lead=lead).order_by("pk").values_list("clock", "step"))


def test_a_demo_request_on_friday_night_is_due_on_monday_morning_and_its_owner_is_reminded_then(said: list[Said]):
    friday = paris("2026-11-06 22:00")
    sam, sia = people.sam(), people.sia()
    lead = observe(a_lead(friday - DAY, name="Nina North"), "demo_request", at=friday)
    assert lead.rung == Rung.MQL
    for quiet in (friday + MINUTE, paris("2026-11-08 12:00"), paris("2026-11-09 09:29")):
        assert watch(quiet) == 0
    assert watch(paris("2026-11-09 09:30")) == 1
    assert said == [
        Said("clock.due_soon", [sam.pk, sia.pk], "Nina North waits: the decision is due in 30 min of working time.")
    ]
    gate.accept(lead.pk, actor(sam), paris("2026-11-09 09:40"))
    assert watch(paris("2026-11-09 09:41")) == 1
    assert said[1:] == [
        Said("clock.due_soon", [sam.pk], "Nina North waits: the first response is due in 19 min of working time.")
    ]


def test_each_step_is_taken_once_in_its_order(said: list[Said]):
    max_ = people.max_()
    lead = an_sql(name="Nina North")
    taken = {minutes: watch(NOW + minutes * MINUTE) for minutes in (0, 29, 30, 31, 60, 61, 62, 119, 120, 121, 122, 300)}
    assert [minutes for minutes, number in taken.items() if number] == [30, 61, 121]
    assert steps(lead) == [("first_response", step) for step in ("remind", "tell", "offer")]
    assert [(one.type, one.to) for one in said[:2]] == [
        ("clock.due_soon", [people.sam().pk]),
        ("clock.breached", [max_.pk]),
    ]
    assert said[1].sentence == "Nina North waits: the first response is 1 min over."


def test_after_a_touch_the_next_clock_has_steps_of_its_own(said: list[Said]):
    lead = an_sql()
    watch(NOW + 40 * MINUTE)
    work.log_touch(lead.pk, actor(people.sam()), NOW + 45 * MINUTE, kind="call", reached=True)
    assert watch(NOW + 2 * HOUR) == 0
    assert watch(NOW + 6 * HOUR) == 1
    work.log_touch(lead.pk, actor(people.sam()), NOW + 6 * HOUR, kind="email", reached=False, automatic=True)
    assert watch(NOW + 6 * HOUR + MINUTE) == 0
    assert steps(lead) == [("first_response", "remind"), ("follow_up", "remind")]
    observe(lead, "pricing_inquiry", at=NOW + 7 * HOUR)
    watch(NOW + DAY)
    assert steps(lead)[2:] == [("first_response", "tell")]


def test_a_close_date_that_passed_is_owed_a_follow_up(said: list[Said]):
    lead = an_opportunity()
    by = actor(people.sam())
    change_deal(lead.pk, by, NOW, close_date=NOW.date() + 5 * DAY)
    touched = paris("2026-11-09 17:55")
    work.log_touch(lead.pk, by, touched, kind="call", reached=True)
    assert watch(paris("2026-11-09 23:59")) == 0
    assert watch(paris("2026-11-10 00:00")) == 1
    assert said[-1] == Said(
        "clock.due_soon", [people.sam().pk], "The close date of the deal with Nina North has passed: 2026-11-09."
    )
    change_deal(lead.pk, by, paris("2026-11-10 09:00"), close_date=paris("2026-11-11 00:00").date())
    watch(paris("2026-11-12 00:01"))
    assert steps(lead) == [("close_date", "remind")] * 2


def test_a_lead_that_was_touched_meanwhile_is_not_spoken_of(said: list[Said]):
    """The sweep has found it, and then its owner calls: under lock the clock is read again."""
    lead, at = an_sql(), NOW + 40 * MINUTE
    [found] = late(rule(at).policy, at)
    work.log_touch(lead.pk, actor(people.sam()), at, kind="call", reached=False)
    assert escalating.escalate(found.lead.pk, at) is None
    assert (said, steps(lead)) == ([], [])


def test_after_days_without_a_worker_the_furthest_step_is_taken_and_none_before_it(said: list[Said]):
    lead = an_mql()
    assert watch(NOW + 5 * DAY) == 1
    assert watch(NOW + 6 * DAY) == 0
    assert steps(lead) == [("gate", "offer")]


def test_what_came_due_long_ago_is_news_to_nobody(said: list[Said]):
    """As after bringing in a history: pages and audit show it as late, nobody is written to."""
    an_sql(), an_mql()
    assert watch(NOW + 20 * DAY) == 0


def test_a_lead_that_comes_to_the_gate_again_has_a_clock_of_its_own(said: list[Said]):
    lead = an_mql()
    watch(NOW + 40 * MINUTE)
    gate.reject(lead.pk, actor(people.sam()), NOW + HOUR, reason="too_early")
    later = NOW + 40 * DAY
    observe(Lead.objects.get(pk=lead.pk), "demo_request", at=later)
    assert Lead.objects.get(pk=lead.pk).rung == Rung.MQL
    watch(later + 40 * MINUTE)
    assert steps(lead) == [("gate", "remind")] * 2


def test_the_number_of_queries_is_the_same_whatever_waits(django_assert_num_queries: object):
    for _ in range(3):
        an_mql()
    policy = rule(NOW).policy
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def look() -> int:
        with CaptureQueriesContext(connection) as asked:
            list(late(policy, NOW + 40 * MINUTE))
        return len(asked)

    few = look()
    for _ in range(3):
        an_mql()
    assert look() == few


def test_one_that_cannot_be_spoken_of_holds_up_no_other(said: list[Said], monkeypatch: pytest.MonkeyPatch):
    leads = [an_mql(), an_mql()]

    def escalate(lead_id: int, now: datetime) -> object:
        if lead_id == leads[0].pk:
            raise ValueError("no luck")
        return escalating.escalate(lead_id, now)

    monkeypatch.setattr(clocks, "escalate", escalate)
    assert watch(NOW + 40 * MINUTE) == 1
    assert [steps(lead) for lead in leads] == [[], [("gate", "remind")]]
