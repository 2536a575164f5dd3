"""Promotions one by one with what became of them, for what has to be learned from each: the newest so many."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from assay.domain.evidence import same_criteria
from assay.domain.intent import DAY
from assay.domain.outcomes import Outcome
from assay.domain.policy import Policy
from assay.domain.proposal import LEAST, Proposal, propose
from assay.records.evidence import Promoted, decided
from assay.records.models import PolicyVersion, Signal

NEWEST = 20_000
"""Outcomes that are read, the newest: reading them takes seconds, and older ones were made under older habits."""


CHUNK = 1_000
"""Leads whose signals are asked for at once."""


class _Row(NamedTuple):
    """A promotion that sales decided on."""

    lead: int
    at: datetime
    version: int
    score: Mapping[str, Any]
    verdict: str
    ending: str | None
    chance: str | None


def proposal_for(policy: Policy, which: Promoted) -> Proposal:
    """What the newest outcomes of these promotions propose for a policy. Five queries up to a thousand leads."""
    won = ended(policy, which)
    return propose(policy, won, judged(policy, which) if len(won) < LEAST else [])


def ended(policy: Policy, which: Promoted) -> list[Outcome]:
    """Accepted leads whose story has ended, won or not, with the ages of their signals."""
    read, rows = _reader(policy), list(_rows(which, ended=True))
    ages = _ages(rows, list(policy.intent.signals))
    return [read(row, row.ending == "win")._replace(ages=each) for row, each in zip(rows, ages, strict=True)]


def judged(policy: Policy, which: Promoted) -> list[Outcome]:
    """Leads that sales decided on, accepted or not."""
    read = _reader(policy)
    return [read(row, row.verdict == "accept") for row in _rows(which, ended=False)]


def _reader(policy: Policy) -> Callable[[_Row, bool], Outcome]:
    """What reads a row by the version it was promoted under: what may be compared, what a signal gave. One query."""
    versions = {row.pk: row.policy for row in PolicyVersion.objects.all()}
    comparable = {number: same_criteria(version, policy) for number, version in versions.items()}
    points = {
        number: {key: kind.points for key, kind in version.intent.signals.items()}
        for number, version in versions.items()
    }
    return lambda row, success: _outcome(row, success, comparable[row.version], points[row.version])


Ages = dict[str, list[float]]


def _ages(rows: Sequence[_Row], kinds: Sequence[str]) -> list[Ages]:
    """Days since each signal by kind, of those that had come in when a lead was promoted. A query a thousand leads."""
    by_lead: defaultdict[int, list[tuple[str, datetime, datetime]]] = defaultdict(list)
    leads = sorted({row.lead for row in rows})
    for start in range(0, len(leads), CHUNK):
        signals = Signal.objects.filter(
            identity__person__lead__in=leads[start : start + CHUNK], kind__in=kinds, bot=False
        ).values_list("identity__person__lead", "kind", "at", "received_at")
        for lead, kind, at, received_at in signals.iterator():
            by_lead[lead].append((kind, at, received_at))
    return [_ages_at(row.at, by_lead[row.lead]) for row in rows]


def _ages_at(at: datetime, signals: Sequence[tuple[str, datetime, datetime]]) -> Ages:
    ages: defaultdict[str, list[float]] = defaultdict(list)
    for kind, seen, received in signals:
        if seen <= at and received <= at:
            ages[kind].append((at - seen).total_seconds() / DAY)
    return dict(ages)


def _rows(which: Promoted, ended: bool) -> Iterator[_Row]:
    found = decided(which)
    if ended:
        found = found.filter(verdict="accept", ending__isnull=False)
    newest = found.order_by("-pk").values_list("lead", "at", "policy", "score", "verdict", "ending", "chance")[:NEWEST]
    return map(_Row._make, newest.iterator())


def _outcome(row: _Row, success: bool, comparable: frozenset[str], points: Mapping[str, float]) -> Outcome:
    """An outcome by the parts of its stored score; the points of that day tell how many signals counted."""
    matched, amounts = {}, {}
    for part in row.score["parts"]:
        name, verdict = part["name"], part["verdict"]
        if verdict in ("match", "miss") and name in comparable:
            matched[name] = verdict == "match"
        elif verdict == "counted" and points.get(name):
            amounts[name] = max(0.0, part["points"] / points[name])
    fit, intent = row.score["fit"], row.score["intent"]
    return Outcome(matched, amounts, fit, intent, success, float(row.chance or 1))
