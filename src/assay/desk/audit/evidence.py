"""Why a lead stands behind a finding: what was done, when and by whom. As many queries for one lead as for a page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assay.desk import words
from assay.desk.telling import told
from assay.desk.templatetags.desk import points
from assay.domain.audit import Mistake
from assay.domain.clock import amount
from assay.domain.policy import Policy
from assay.domain.response import Responses
from assay.records.audit import raw_touches, unanswered, useless
from assay.records.funnel import Period
from assay.records.gate import promotions
from assay.records.models import Decision, Lead

Evidence: TypeAlias = Mapping[int, Sequence[str]]
"""Sentences by lead."""


def evidence(
    mistake: Mistake, leads: Sequence[Lead], period: Period, policy: Policy, answers: Responses | None
) -> Evidence:
    """What speaks against these leads; ``answers`` are those of a slow response."""
    match mistake:
        case Mistake.RAW_LEADS:
            return _contacts(leads, period)
        case Mistake.SLOW_RESPONSE:
            return _waits(answers) if answers else {}
        case Mistake.NO_FIT_FILTER:
            return _fits(leads, period)
        case Mistake.ONE_WAY_HANDOFF:
            return _handoffs(leads, period, policy)


def _contacts(leads: Sequence[Lead], period: Period) -> Evidence:
    said: dict[int, list[str]] = defaultdict(list)
    for touch in raw_touches(period).filter(lead__in=leads).order_by("at", "pk"):
        what = str(words.TOUCHES[touch.kind])
        said[touch.lead_id].append(
            _("%(what)s by %(who)s, %(day)s") % {"what": what, "who": touch.by_name, "day": _day(touch.at)}
        )
    return said


def _waits(answers: Responses) -> Evidence:
    said: dict[int, list[str]] = defaultdict(list)
    for late in answers.late:
        text = _("Answered after %(time)s of working time") if late.wait.stop else _("Waits %(time)s of working time")
        since = _("since %(at)s") % {"at": _moment(late.wait.start)}
        said[late.wait.lead_id].append(f"{text % {'time': told(amount(late.working))}}, {since}")
    return said


def _fits(leads: Sequence[Lead], period: Period) -> Evidence:
    said: dict[int, list[str]] = {lead.pk: [_("Fit %(fit)s today") % {"fit": points(lead.fit)}] for lead in leads}
    moves = Decision.objects.filter(
        period.holds("at"), lead__in=leads, move__in=("promote", "accept"), by__isnull=False
    )
    for move in moves.order_by("pk").values("lead", "move", "at", "by_name", "text", "score__fit"):
        fit = _("fit %(fit)s then") % {"fit": points(move["score__fit"] or 0)}
        text = f": {move['text']}" if move["text"] else ""
        said[move["lead"]].append(f"{words.DONE[move['move']]}, {move['by_name']}, {_day(move['at'])}, {fit}{text}")
    return said


def _handoffs(leads: Sequence[Lead], period: Period, policy: Policy) -> Evidence:
    said: dict[int, list[str]] = defaultdict(list)
    came = promotions(lead.pk for lead in leads)
    for lead in leads:
        if lead.rung in ("mql", "pql") and lead.pk in came:
            said[lead.pk].append(_("At the gate since %(at)s") % {"at": _moment(came[lead.pk].at)})
    rejected = Decision.objects.filter(period.holds("at"), lead__in=leads, move="reject").defer("score")
    bad = {row.pk: row for found in (useless(rejected), unanswered(period).filter(lead__in=leads)) for row in found}
    for row in sorted(bad.values(), key=lambda row: row.pk):
        why = words.reason(policy, "reject", row.reason)
        text = f": {row.text}" if row.text else ""
        said[row.lead_id].append(f"{why}{text} ({row.by_name}, {_day(row.at)})")
    return said


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
