"""The whole audit of a period: every problem counted by the database, and what each mistake probably cost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from assay.domain.audit import NEVER_REJECTED_AFTER, PROBLEMS, Audit, Finding, Mistake, Problem
from assay.domain.audit_cost import Cost, Tried, missed, time_spent, waiting
from assay.domain.policy import Policy
from assay.domain.response import Responses, Wait, responses
from assay.records import audit as found
from assay.records.audit import Ids
from assay.records.decisions import Outcome
from assay.records.distinct import distinct
from assay.records.funnel import Period
from assay.records.listed import listed
from assay.records.models import Deal, Lead, Pass, Touch
from assay.records.waits import waits
from assay.records.worth import worth

YEAR = timedelta(days=365)
ENOUGH = 2_000
"""Of so many answers the share that got a deal is known to a hundredth or two."""


def problems(mistake: Mistake, period: Period, policy: Policy) -> Mapping[Problem, Ids]:
    """The leads behind each problem of a mistake."""
    match mistake:
        case Mistake.RAW_LEADS:
            return found.raw(period)
        case Mistake.SLOW_RESPONSE:
            return slow(answered(period, policy))
        case Mistake.NO_FIT_FILTER:
            return found.unfit(period)
        case Mistake.ONE_WAY_HANDOFF:
            return found.handoff(period, policy)


def among(ids: Ids) -> QuerySet[Lead]:
    """The leads themselves."""
    return Lead.objects.filter(pk__in=ids)


def shown_by(behind: Mapping[Problem, Ids], lead_ids: Sequence[int]) -> Mapping[int, list[Problem]]:
    """By which problems each of these leads shows the mistake. A query a problem."""
    shown: dict[int, list[Problem]] = {lead_id: [] for lead_id in lead_ids}
    for problem, ids in behind.items():
        for lead_id in among(ids).filter(pk__in=lead_ids).values_list("pk", flat=True):
            shown[lead_id].append(problem)
    return shown


def audit(period: Period, policy: Policy) -> Audit:
    """All four findings. A fixed number of queries, each an aggregate but for the waits of hot leads."""
    return Audit((_raw(period), _slow(period, policy), _unfit(period), _handoff(period, policy)))


def answered(period: Period, policy: Policy, most: int | None = None) -> Responses:
    """How soon hot leads were answered; with ``most`` only about so many of the newest."""
    return responses(waits(period, policy, most), policy, period.now)


def slow(answers: Responses) -> Mapping[Problem, Ids]:
    """The leads that were answered late or not yet, by problem."""
    late = _late(answers)
    return {problem: Lead.objects.filter(pk__in=listed(ids)).values_list("pk") for problem, ids in late.items()}


def _late(answers: Responses) -> dict[Problem, list[int]]:
    late: dict[Problem, list[int]] = {problem: [] for problem in PROBLEMS[Mistake.SLOW_RESPONSE]}
    for one in answers.late:
        for problem in one.problems:
            late[problem].append(one.wait.lead_id)
    return {problem: list(dict.fromkeys(ids)) for problem, ids in late.items()}


def _raw(period: Period) -> Finding:
    behind = found.raw(period)
    count, of, numbers = distinct(behind, found.taken_up(period))
    cost = _time(found.raw_touches(period)) if numbers[Problem.WORKED_RAW] else None
    return Finding(Mistake.RAW_LEADS, count, of, numbers, cost)


def _slow(period: Period, policy: Policy) -> Finding:
    answers = answered(period, policy)
    numbers = {problem: len(ids) for problem, ids in _late(answers).items()}
    late = [one.wait for one in answers.late]
    count, of = (len({wait.lead_id for wait in some}) for some in (late, answers.waits))
    cost = _missed(count, period, policy) if count else None
    return Finding(Mistake.SLOW_RESPONSE, count, of, numbers, cost, answers.times)


def _missed(late: int, period: Period, policy: Policy) -> Cost:
    """Reckoned from a year, because deals take longer than a week, and because a week has few."""
    before = answered(replace(period, start=period.now - YEAR, end=None), policy, ENOUGH)
    was_late = [one.wait for one in before.late]
    return missed(late, _tried(was_late), _tried(before.in_time), _closing(), worth(policy))


def _tried(waits: Sequence[Wait]) -> Tried:
    return Tried(len(waits), sum(wait.deal for wait in waits))


def _unfit(period: Period) -> Finding:
    behind = found.unfit(period)
    count, of, numbers = distinct(behind, found.taken_up(period))
    theirs = found.by_sales(period).filter(lead__in=found.every(*behind.values()))
    return Finding(Mistake.NO_FIT_FILTER, count, of, numbers, _time(theirs) if count else None)


def _handoff(period: Period, policy: Policy) -> Finding:
    behind = found.handoff(period, policy)
    count, of, numbers = distinct(behind, found.handed_over(period))
    undecided = numbers[Problem.UNDECIDED]
    cost = waiting(undecided, _decided(), _closing(), worth(policy)) if undecided else None
    given = found.verdicts(period)
    never = given["reject"] == 0 and given["accept"] >= NEVER_REJECTED_AFTER
    return Finding(Mistake.ONE_WAY_HANDOFF, count, of, numbers, cost, never_rejected=never)


def _time(touches: QuerySet[Touch]) -> Cost:
    return time_spent(dict(touches.order_by().values_list("kind").annotate(Count("pk"))))


def _decided() -> Tried:
    """All that ever came to the gate and do not wait there, and how many got a deal."""
    passes = Pass.objects.filter(mql_at__isnull=False)
    came, deals = passes.aggregate(all=Count("pk"), deals=Count("opportunity_at")).values()
    return Tried(came - found.at_the_gate().count(), deals)


def _closing() -> Tried:
    """All deals that ended, and how many of them were won."""
    won = Count("pk", filter=Q(outcome=Outcome.WON))
    ended = Deal.objects.exclude(outcome="").aggregate(ended=Count("pk"), won=won)
    return Tried(ended["ended"], ended["won"])
