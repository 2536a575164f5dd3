"""What came back over the gate: rejections counted by reason, source, criterion and kind of signal, and their answers.

A rejection is answered by marketing's reply or better data, which both leave an ``Answer``, or by a published policy
whose text cites it: ``rejection #12``.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from assay.domain.ladder import Rung
from assay.records.gate import AT_THE_GATE
from assay.records.models import Decision, PolicyVersion
from assay.records.verdicts import Verdicts

ANSWERED, OPEN = "answered", "open"
DONE, WAITS = Q(answered_at__isnull=False), Q(answered_at__isnull=True)

NEWEST = 1_000
"""How many of the newest rejections are looked into for criteria and kinds: reading scores is what takes time."""


class Citation(NamedTuple):
    """A published policy, and the numbers of the rejections its text cites."""

    policy: PolicyVersion
    at: datetime
    numbers: frozenset[int]


class Wanted(NamedTuple):
    """Which rejections: since when, and with which reason, source and answer; "" and None are all of them."""

    since: datetime
    reason: str = ""
    source: int | None = None
    answer: str = ""


class Tally(NamedTuple):
    """How often something stands behind a rejection: ``share`` of all of them, and how many nobody answered."""

    key: str | int
    name: str
    leads: int
    share: float
    unanswered: int


class Had(NamedTuple):
    """What the returned leads had of one criterion, as their scores stood."""

    name: str
    match: int
    miss: int
    unknown: int


class Answers(NamedTuple):
    """How many rejections are answered, with the median of the time it took; how many are open, and since when."""

    answered: int
    open: int
    median: timedelta | None
    oldest: datetime | None

    @property
    def all(self) -> int:
        """How many there are."""
        return self.answered + self.open


_CITED = re.compile(r"\brejections?((?:(?:\s|,|and|&)*#[0-9]{1,18}\b)+)", re.IGNORECASE)


def numbers_in(text: str) -> frozenset[int]:
    """The rejections that a policy's text cites, as ``rejection #12`` or ``rejections #12, #14 and #15``."""
    return frozenset(int(number) for some in _CITED.findall(text) for number in re.findall(r"[0-9]+", some))


def citations(since: datetime) -> list[Citation]:
    """The policies published since a time that cite rejections, the first one first."""
    published = PolicyVersion.objects.filter(published_at__gte=since).order_by("published_at", "pk")
    read = [Citation(version, version.published_at or since, numbers_in(version.text)) for version in published]
    return [citation for citation in read if citation.numbers]


def citing(decision: Decision, cited: Sequence[Citation]) -> Citation | None:
    """The first policy that answers a rejection, if any does."""
    return next((one for one in cited if decision.pk in one.numbers and one.at >= decision.at), None)


def rejections(wanted: Wanted, cited: Collection[Citation]) -> QuerySet[Decision]:
    """The rejections somebody wants to see; ``answered_at`` is when each was answered, None where it is open."""
    found = Decision.objects.filter(move="reject", at__gte=wanted.since).annotate(answered_at=_answered_at(cited))
    if wanted.reason:
        found = found.filter(reason=wanted.reason)
    if wanted.source is not None:
        found = found.filter(lead__source=wanted.source)
    return found.filter(WAITS if wanted.answer == OPEN else DONE) if wanted.answer else found


def _answered_at(cited: Collection[Citation]) -> Combinable:
    replied = F("answer__at")
    if not cited:
        return replied
    cites = [When(pk__in=one.numbers, at__lte=one.at, then=Value(one.at)) for one in cited]
    published = Case(*cites, output_field=DateTimeField())
    # Of a time and nothing the one database takes the time as the least, the other nothing.
    return Coalesce(Least(replied, published), replied, published)


class Cell(NamedTuple):
    """The rejections of one reason and one source: how many are answered, how many are open, and since when."""

    reason: str
    source: int
    source_name: str
    answered: int
    open: int
    oldest: datetime | None

    def number(self, answer: str) -> int:
        """How many pass the filter by answer."""
        return {ANSWERED: self.answered, OPEN: self.open}.get(answer, self.answered + self.open)


def cells(found: QuerySet[Decision]) -> list[Cell]:
    """Rejections by reason and source at once: reading them is what takes time. One query."""
    numbers = {"done": Count("pk", filter=DONE), "waits": Count("pk", filter=WAITS), "oldest": Min("at", filter=WAITS)}
    rows = found.values_list("reason", "lead__source", "lead__source__name").annotate(**numbers).order_by()
    return [Cell(*row) for row in rows]


def answers(counted: Sequence[Cell], found: QuerySet[Decision]) -> Answers:
    """How many of the rejections are answered and how soon. One query."""
    answered = sum(cell.answered for cell in counted)
    took = ExpressionWrapper(F("answered_at") - F("at"), output_field=DurationField())
    times = found.filter(DONE).annotate(took=took).order_by("took").values_list("took", flat=True)
    middle = max(0, answered - 1) // 2
    return Answers(
        answered,
        sum(cell.open for cell in counted),
        next(iter(times[middle : middle + 1]), None),
        min((cell.oldest for cell in counted if cell.oldest), default=None),
    )


def by_reason(counted: Sequence[Cell], answer: str = "") -> list[Tally]:
    """Rejections by the code of their reason; most frequent first."""
    return _by(counted, answer, lambda cell: (cell.reason, cell.reason))


def by_source(counted: Sequence[Cell], answer: str = "") -> list[Tally]:
    """Rejections by the source of their leads; most frequent first."""
    return _by(counted, answer, lambda cell: (cell.source, cell.source_name))


def _by(counted: Sequence[Cell], answer: str, of: Callable[[Cell], tuple[str | int, str]]) -> list[Tally]:
    numbers, waits = Counter[tuple[str | int, str]](), Counter[tuple[str | int, str]]()
    for cell in counted:
        numbers[of(cell)] += cell.number(answer)
        waits[of(cell)] += cell.open if answer != ANSWERED else 0
    total = numbers.total()
    tallies = [Tally(*key, number, number / total, waits[key]) for key, number in numbers.items() if number]
    return sorted(tallies, key=lambda tally: (-tally.leads, tally.name))


def as_promoted() -> Combinable:
    """The score that brought a rejected lead to the gate; its score when it was rejected where that one is lacking."""
    came = Decision.objects.filter(
        lead=OuterRef("lead"),
        pass_no=OuterRef("pass_no"),
        pk__lt=OuterRef("pk"),
        from_rung=Rung.LEAD,
        to_rung__in=AT_THE_GATE,
    )
    at_promotion = came.order_by("-pk").values("score")[:1]
    return Coalesce(Subquery(at_promotion), F("score"), output_field=JSONField())


def by_part(found: QuerySet[Decision]) -> tuple[list[Had], list[Tally]]:
    """What the newest leads had of each criterion when they came to the gate, and which signals had brought them."""
    newest = Decision.objects.filter(pk__in=found.order_by("-at", "-pk").values("pk")[:NEWEST])
    alike = newest.values(verdicts=Verdicts(as_promoted())).annotate(number=Count("pk")).order_by("-number", "verdicts")
    criteria: dict[str, Counter[str]] = {}
    kinds, scored = Counter[str](), 0
    for verdicts, number in alike.values_list("verdicts", "number"):
        parts = json.loads(verdicts or "[]")
        scored += number if parts else 0
        for axis, name, verdict in parts:
            if axis == "fit" and verdict != "limit":
                criteria.setdefault(name, Counter())[verdict] += number
            elif verdict == "counted":
                kinds[name] += number
    had = [Had(name, seen["match"], seen["miss"], seen["unknown"]) for name, seen in criteria.items()]
    return had, [Tally(kind, kind, number, number / scored, 0) for kind, number in kinds.most_common()]
