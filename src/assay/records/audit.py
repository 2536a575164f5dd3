"""Who shows which mistake: the leads behind each problem of the audit, as queries that answer for a million leads.

What was done counts where it was done in the period. What still stands, such as an owner or a wait at the gate, is to
be mended today and counts whenever it began, unless that was after the period.
"""

from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce, Length, Trim

from assay.domain.audit import ANSWER_WITHIN, LEAST_REASON, Problem
from assay.domain.clock import Clock, overdue_before
from assay.domain.ladder import OPEN_SALES, Desk, Rung
from assay.domain.policy import Policy
from assay.domain.roles import DESKS
from assay.records import returned
from assay.records.funnel import Period
from assay.records.gate import AT_THE_GATE
from assay.records.leads import EARLY_RUNGS, Temperature
from assay.records.models import Decision, Lead, Pass, Touch
from assay.records.parts import KnockedOut
from assay.records.spelled import Spelled

Ids: TypeAlias = QuerySet[Any, Any]
"""A query for numbers of leads, each maybe more than once."""

SELLERS = [str(role) for role, desks in DESKS.items() if Desk.SALES in desks]
"""Who sits at the sales desk; whoever holds the shell sits there too."""

NOT_ACCEPTED = tuple(Spelled(rung) for rung in EARLY_RUNGS)
PURSUED = tuple(Spelled(rung) for rung in sorted(OPEN_SALES))
EVER, NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

EARLY = Q(first_touch_at__isnull=False) & (Q(sal_at__isnull=True) | Q(sal_at__gt=F("first_touch_at")))
"""Passes whose lead somebody touched before sales had accepted it."""


def every(*some: Ids) -> Ids:
    """The leads of several queries, each once."""
    first, *others = some
    return first.union(*others) if others else first


def by_sales(period: Period) -> QuerySet[Touch]:
    """What salespeople did in the period, automatic mail aside."""
    return Touch.objects.filter(period.holds("at"), automatic=False, by__role__in=SELLERS)


def began(period: Period, field: str) -> Q:
    """Whether something that still stands began before the period was over."""
    return Q(**{f"{field}__lt": period.end or period.now}) | Q(**{field: period.now})


# --- 1. Raw leads passed to sales ------------------------------------------------------------------


def raw(period: Period) -> dict[Problem, Ids]:
    """Worked by sales before acceptance in the period, or owned by sales and not accepted."""
    owned = Lead.objects.filter(began(period, "captured_at"), owner__isnull=False, rung__in=NOT_ACCEPTED)
    return {Problem.WORKED_RAW: worked_raw(period).values_list("lead"), Problem.OWNED_RAW: owned.values_list("pk")}


def worked_raw(period: Period) -> QuerySet[Pass]:
    """The passes on which sales touched the lead in the period, before it was accepted if ever."""
    accepted = Coalesce(OuterRef("sal_at"), Value(NEVER))
    touches = by_sales(period).filter(lead=OuterRef("lead"), pass_no=OuterRef("number"), at__lt=accepted)
    return Pass.objects.filter(EARLY, Exists(touches))


def raw_touches(period: Period) -> QuerySet[Touch]:
    """What sales did in the period with leads that were not accepted yet."""
    untaken = Q(lead__passes__sal_at__isnull=True) | Q(lead__passes__sal_at__gt=F("at"))
    return by_sales(period).filter(untaken, lead__passes__number=F("pass_no"))


def taken_up(period: Period) -> tuple[Ids, ...]:
    """The leads that somebody first touched, and those that sales accepted, in the period."""
    return tuple(Pass.objects.filter(period.holds(field)).values_list("lead") for field in ("first_touch_at", "sal_at"))


# --- 3. No fit filter ------------------------------------------------------------------------------


def unfit(period: Period) -> dict[Problem, Ids]:
    """Sent on against the rule, worked, accepted or still pursued: under the fit floor, or with a missed knockout.

    A lead of which too little is known is not unfit. Who was accepted is judged by the score of that moment.
    """
    now_unfit = _unfit("fits", "insufficient_data", F("score__parts"))
    unfit_then = _unfit("score__fits", "score__insufficient_data", KeyTransform("parts", "score"))
    raw_and_unfit = _unfit("lead__fits", "lead__insufficient_data", F("lead__score__parts"))
    moves = Decision.objects.filter(period.holds("at"))
    pursued = Lead.objects.filter(now_unfit, began(period, "captured_at"), rung__in=PURSUED)
    return {
        Problem.WORKED_UNFIT: worked_raw(period).filter(raw_and_unfit).values_list("lead"),
        Problem.OVERRIDDEN: moves.filter(unfit_then, move="promote", desk=Desk.MARKETING).values_list("lead"),
        Problem.ACCEPTED_UNFIT: moves.filter(unfit_then, move="accept").values_list("lead"),
        Problem.PURSUED_UNFIT: pursued.values_list("pk"),
    }


def _unfit(fits: str, insufficient: str, parts: F | KeyTransform) -> Q:
    return Q(**{fits: False}) & (Q(**{insufficient: False}) | Q(KnockedOut(parts)))


# --- 4. One-way handoff ----------------------------------------------------------------------------


def handoff(period: Period, policy: Policy) -> dict[Problem, Ids]:
    """Undecided past the clock; returned in the period without a usable reason; an answer owed in it and not given."""
    rejected = Decision.objects.filter(period.holds("at"), move="reject")
    return {
        Problem.UNDECIDED: _undecided(period, policy).values_list("lead"),
        Problem.NO_REASON: useless(rejected).values_list("lead"),
        Problem.NEVER_ANSWERED: unanswered(period).values_list("lead"),
    }


def useless(rejected: QuerySet[Decision]) -> QuerySet[Decision]:
    """The rejections of these that give no reason, or "other" with next to no words."""
    said = rejected.annotate(said=Length(Trim("text")))
    return said.filter(Q(reason="") | Q(reason="other", said__lt=LEAST_REASON))


def unanswered(period: Period) -> QuerySet[Decision]:
    """The rejections that marketing should have answered by some time in the period, and has not to this day."""
    since = period.start - ANSWER_WITHIN if period.start else EVER
    found = returned.rejections(returned.Wanted(since, answer=returned.OPEN), returned.citations(since))
    return found.filter(at__lt=min(period.end or period.now, period.now) - ANSWER_WITHIN)


def _undecided(period: Period, policy: Policy) -> QuerySet[Pass]:
    """The passes that came to the gate so long ago that their clock is over.

    A pass may come there again after a rejection, so who was sent there since is left out.
    """
    late = Q(pk__in=[])
    for temperature in Temperature:
        moment = overdue_before(Clock.GATE, policy, temperature, period.now)
        sent = Decision.objects.filter(
            move__in=("promote", "promote_product"), at__gte=moment, at__lte=period.now, from_rung=Rung.LEAD
        )
        late |= Q(lead__temperature=temperature, mql_at__lt=moment) & ~Q(lead__in=sent.values("lead"))
    return at_the_gate().filter(late, began(period, "mql_at"))


def at_the_gate() -> QuerySet[Pass]:
    """The passes of undecided leads."""
    return Pass.objects.filter(number=F("lead__pass_no"), lead__rung__in=[Spelled(rung) for rung in AT_THE_GATE])


def handed_over(period: Period) -> tuple[Ids, ...]:
    """The leads that came to the gate in the period."""
    return (Pass.objects.filter(period.holds("mql_at")).values_list("lead"),)


def verdicts(period: Period) -> dict[str, int]:
    """How often sales accepted and how often it returned in the period, by move."""
    moves = Decision.objects.filter(period.holds("at"))
    return {move: moves.filter(move=move).count() for move in ("accept", "reject")}
