"""The loaded month: the worked example's funnel, an honest ledger, an inbox worth opening, and the planted mistakes."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, Max, Min, Q

from assay.demo import PASSWORD, DemoSummary, Mistake, is_loaded, load
from assay.demo.personas import PERSONAS
from assay.domain.funnel import funnel
from assay.domain.ladder import BANT, GATE, Rung
from assay.domain.roles import Role
from assay.domain.working_time import working_time
from assay.policies import shipped
from assay.records.findings import audit, problems
from assay.records.funnel import Period, counts
from assay.records.models import Company, Deal, Decision, Import, Lead, Membership, Pass, Signal, Touch, User
from tests.people import NOW
from tests.records.dump import refused

pytestmark = pytest.mark.django_db

EXAMPLE = {"visitor": 10_000, "lead": 250, "mql": 78, "sal": 10, "sql": 10, "opportunity": 4, "won": 1}
PARIS = ZoneInfo("Europe/Paris")


def leads(demo: DemoSummary, persona: str) -> list[Lead]:
    return list(Lead.objects.filter(pk__in=demo.personas[persona]))


# --- The funnel ----------------------------------------------------------------------------------


def test_the_funnel_is_the_worked_example(demo: DemoSummary) -> None:
    assert demo.steps == EXAMPLE
    shown = funnel(EXAMPLE, accept_is_sql=True)
    rates = [f"{100 * (conversion.rate or 0):.1f}" for conversion in shown.conversions]
    assert rates == ["2.5", "31.2", "12.8", "40.0", "25.0"]
    assert shown.leakiest == "mql_to_sql"


def test_the_ledger_tells_the_same_funnel_as_the_passes(demo: DemoSummary) -> None:
    reached = {
        "lead": [Rung.LEAD],
        "mql": [Rung.MQL, Rung.PQL],
        "sal": [Rung.SAL],
        "sql": [Rung.SQL],
        "opportunity": [Rung.OPPORTUNITY],
        "won": [Rung.WON],
    }
    in_ledger = {
        step: Decision.objects.filter(to_rung__in=rungs).values("lead").distinct().count()
        for step, rungs in reached.items()
    }
    assert in_ledger == {step: count for step, count in EXAMPLE.items() if step != "visitor"}


def test_the_funnel_of_the_last_thirty_days_is_that_of_all_time(demo: DemoSummary) -> None:
    assert counts(Period(NOW, PARIS, start=NOW - timedelta(days=30)))[""] == EXAMPLE


def test_each_source_brings_what_its_personas_say(demo: DemoSummary) -> None:
    expected = Counter[str]()
    for persona in PERSONAS:
        expected.update(persona.sources)
    assert dict(Lead.objects.values_list("source__name").annotate(Count("pk"))) == expected


def test_everything_happened_within_the_thirty_days_before_now(demo: DemoSummary) -> None:
    times = ((Lead, "captured_at"), (Signal, "at"), (Signal, "received_at"), (Decision, "at"), (Touch, "at"))
    for model, field in times:
        first, last = model._default_manager.aggregate(first=Min(field), last=Max(field)).values()
        assert NOW - timedelta(days=30) < first <= last <= NOW


# --- The ledger ----------------------------------------------------------------------------------


def test_the_ledger_replays_to_where_each_lead_stands(demo: DemoSummary) -> None:
    rungs: dict[int, str] = {}
    times: dict[int, datetime] = {}
    for decision in Decision.objects.order_by("pk"):
        assert decision.from_rung == rungs.get(decision.lead_id, "")
        assert decision.at >= times.get(decision.lead_id, decision.at)
        rungs[decision.lead_id], times[decision.lead_id] = decision.to_rung, decision.at
    assert rungs == dict(Lead.objects.values_list("pk", "rung"))


def test_people_decide_at_the_desk_that_may_and_in_office_hours(demo: DemoSummary) -> None:
    moments = [
        *Decision.objects.exclude(by=None).values_list("at", flat=True),
        *Touch.objects.values_list("at", flat=True),
    ]
    assert len(moments) > 90
    assert all(map(working_time(shipped()).is_open, moments))
    rejecters = set(Decision.objects.filter(move="reject").values_list("by_name", flat=True))
    assert rejecters == {"Sam Okafor", "Sia Moreau"}


# --- What sales and marketing find ---------------------------------------------------------------


def test_the_inbox_holds_fresh_hot_leads_and_some_that_waited_for_days(demo: DemoSummary) -> None:
    inbox = Pass.objects.filter(lead__rung__in=GATE).select_related("lead")
    assert len(inbox) == 21
    fresh = [row for row in inbox if row.mql_at and NOW - row.mql_at < timedelta(hours=3)]
    assert sum(row.lead.temperature == "hot" for row in fresh) == 3
    assert any(row.lead.temperature == "warm" for row in fresh)
    assert sum(row.mql_at is not None and NOW - row.mql_at > timedelta(days=6) for row in inbox) == 5
    assert all(lead.cooling for lead in leads(demo, "cooling"))
    assert any(row.lead.rung == Rung.PQL for row in inbox)


def test_forty_were_rejected_and_one_source_sends_the_wrong_people(demo: DemoSummary) -> None:
    rejections = Decision.objects.filter(move="reject")
    assert dict(rejections.values_list("reason").annotate(Count("pk"))) == {
        "wrong_person": 14,
        "too_early": 9,
        "wrong_market": 8,
        "bad_data": 4,
        "other": 3,
        "duplicate": 2,
    }
    of_webinar = rejections.filter(lead__source__name="Webinar").values_list("reason").annotate(Count("pk"))
    assert dict(of_webinar) == {"wrong_person": 10, "bad_data": 1}
    assert Decision.objects.filter(move="withdraw").count() == 5
    resting = Lead.objects.filter(rung=Rung.LEAD, rests_until__gt=NOW)
    assert resting.count() == 46  # rejected, withdrawn, and one recycled


def test_four_deals_with_all_four_points_one_won_one_lost_one_overdue(demo: DemoSummary) -> None:
    deals = Deal.objects.exclude(opened_at=None)
    assert len(deals) == 4
    assert all(deal.bant[point] for deal in deals for point in BANT)
    outcomes = {deal.outcome: deal for deal in deals}
    assert outcomes["won"].actual_value == Decimal(36_500)
    assert outcomes["lost"].reason == "price"
    [overdue, later] = sorted(deal.close_date for deal in deals if not deal.outcome and deal.close_date)
    assert overdue < NOW.date() < later


def test_accepted_leads_are_contacted_and_each_ends_its_own_way(demo: DemoSummary) -> None:
    accepted = Pass.objects.exclude(sal_at=None)
    assert all(row.first_touch_at for row in accepted)
    assert Counter(row.lead.rung for row in accepted.select_related("lead")) == {
        "sql": 4, "opportunity": 2, "won": 1, "lost": 1, "lead": 1, "disqualified": 1
    }  # fmt: skip
    [recycled] = leads(demo, "recycled")
    assert (recycled.pass_no, recycled.rung) == (2, Rung.LEAD)
    assert recycled.look_again_on is not None
    assert recycled.look_again_on > NOW.date()
    [unreachable] = leads(demo, "unreachable")
    assert Pass.objects.get(lead=unreachable).attempts == 4


def test_leads_that_lack_data_or_fit_stay_leads_however_hot(demo: DemoSummary) -> None:
    for lead in leads(demo, "unknown_hot"):
        assert (lead.rung, lead.insufficient_data, lead.temperature) == (Rung.LEAD, True, "hot")
    for lead in leads(demo, "tiny_hot"):
        assert (lead.rung, lead.insufficient_data, lead.temperature) == (Rung.LEAD, False, "hot")
        assert lead.fit < 50
    assert {lead.fit for persona in ("abroad", "student") for lead in leads(demo, persona)} == {0}


def test_the_fair_list_came_as_a_file_and_most_of_it_is_cold(demo: DemoSummary) -> None:
    source = Import.objects.get()
    assert source.counts["new"] == 40
    assert {lead.temperature for lead in leads(demo, "fair_cold")} == {"cold"}


def test_the_log_has_strangers_robots_and_a_rhythm(demo: DemoSummary) -> None:
    assert demo.signals == Signal.objects.count() > 2_500
    assert Signal.objects.filter(identity__person=None, bot=False).count() > 1_000
    assert Signal.objects.filter(bot=True, identity__person__isnull=False).count() == 24
    hours = Counter(at.astimezone(PARIS).hour for at in Signal.objects.values_list("at", flat=True))
    assert sum(hours[hour] for hour in range(9, 18)) > 4 * sum(
        hours[hour] for hour in (18, 19, 20, 21, 22, 23, 0, 1, 2)
    )
    [webinar] = set(Signal.objects.filter(kind="webinar_attended").values_list("at", flat=True))
    assert webinar.astimezone(PARIS).hour == 11


def test_some_companies_send_several_people(demo: DemoSummary) -> None:
    parts = Counter(Membership.objects.exclude(role="unknown").values_list("role", flat=True))
    assert set(parts) == {"decision_maker", "champion", "user", "influencer"}
    sizes = Counter(Company.objects.annotate(people=Count("leads")).values_list("people", flat=True))
    assert sum(count for people, count in sizes.items() if people in (2, 3, 4)) == 25
    assert set(sizes) == {1, 2, 3, 4}


def test_nobody_real_can_be_reached(demo: DemoSummary) -> None:
    mailboxes = Lead.objects.values_list("person__email", flat=True)
    assert all(email.endswith(".example") or (email.endswith("@gmail.com") and "-" in email) for email in mailboxes)
    assert not Company.objects.exclude(domain__endswith=".example").exists()


def test_everybody_at_the_desks_can_sign_in_and_the_data_is_marked(demo: DemoSummary) -> None:
    users = User.objects.all()
    assert {user.role for user in users} == set(Role) - {Role.OPERATOR}
    assert all(user.check_password(PASSWORD) for user in users)
    assert {member.email for member in demo.members} == {user.email for user in users}
    assert is_loaded()


# --- The four mistakes ---------------------------------------------------------------------------


def test_raw_leads_are_worked_or_owned_by_sales(demo: DemoSummary) -> None:
    sales = Q(touches__by__role=Role.REP) | Q(owner__role=Role.REP)
    raw = Lead.objects.filter(sales).exclude(passes__sal_at__isnull=False).distinct()
    assert set(raw.values_list("pk", flat=True)) == set(demo.planted[Mistake.RAW_LEADS])
    assert raw.exclude(owner=None).count() == 3


def test_hot_leads_got_a_late_answer_or_none_overnight(demo: DemoSummary) -> None:
    assert len(demo.planted[Mistake.SLOW_RESPONSE]) == 6
    asks = ("demo_request", "pricing_inquiry", "contact_request")
    for row in Pass.objects.filter(lead__in=demo.planted[Mistake.SLOW_RESPONSE]):
        asked = Signal.objects.get(identity__person__lead=row.lead_id, kind__in=asks).at
        assert (row.first_touch_at or NOW) - asked > timedelta(hours=20)


def test_one_lead_under_the_floor_was_promoted_accepted_and_worked(demo: DemoSummary) -> None:
    under = Lead.objects.filter(pk__in=demo.planted[Mistake.NO_FIT_FILTER])
    assert all(lead.fit < 50 and lead.touches.exists() for lead in under)
    override = Decision.objects.get(move="promote", desk="marketing")
    assert override.text
    assert override.lead.rung == Rung.SQL
    assert override.lead in under


def test_the_handoff_goes_one_way(demo: DemoSummary) -> None:
    planted = set(demo.planted[Mistake.ONE_WAY_HANDOFF])
    useless = Decision.objects.filter(move="reject", reason="other")
    assert {decision.text for decision in useless} == {"n/a", "no", "-"}
    unanswered = Decision.objects.filter(move="reject", answer=None)
    assert unanswered.count() == 13
    never_answered = unanswered.filter(reason="wrong_person", lead__source__name="Webinar")
    assert never_answered.count() == 10
    undecided = Pass.objects.filter(lead__rung__in=GATE, mql_at__lt=NOW - timedelta(hours=24))
    rejected = {decision.lead_id for decision in (*useless, *never_answered)}
    assert planted == rejected | {row.lead_id for row in undecided}


# --- What the audit makes of it -------------------------------------------------------------------


def found_by_audit(demo: DemoSummary) -> dict[Mistake, set[int]]:
    """The leads that the audit shows, by mistake."""
    period = Period(demo.now, PARIS)
    return {
        mistake: {lead for ids in problems(mistake, period, shipped()).values() for (lead,) in ids}
        for mistake in Mistake
    }


def test_the_audit_shows_each_planted_mistake_and_no_false_one(demo: DemoSummary) -> None:
    assert found_by_audit(demo) == {mistake: set(leads) for mistake, leads in demo.planted.items()}
    found = audit(Period(demo.now, PARIS), shipped())
    assert [(finding.count, finding.of) for finding in found.findings] == [(9, 19), (6, 26), (3, 16), (25, 78)]
    assert all(finding.cost is not None for finding in found.findings)


# --- And no second one ---------------------------------------------------------------------------


def test_it_is_not_loaded_twice(demo: DemoSummary) -> None:
    with refused("not_empty"):
        load(NOW)
