"""The funnel of the page: counts, what share went on, the leak, and the same of what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from assay.desk.funnel.filters import FunnelFilters
from assay.desk.pictures.kinds import OneFunnel
from assay.domain.compare import probably_higher
from assay.domain.funnel import STEPS, Conversion, Funnel, funnel
from assay.domain.funnel_words import NAMES, conversion_name, leak, sure
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.records.funnel import Counts, Period, counts
from assay.records.slices import Slice


@dataclass(frozen=True)
class Counted:
    """How many passed each step, and the funnel of that. Visitors may not be known, as by owner."""

    name: str
    counts: Counts
    accept_is_sql: bool

    @cached_property
    def funnel(self) -> Funnel:
        """The funnel as it was counted."""
        return funnel({step: self.counts[step] or 0 for step in STEPS}, accept_is_sql=self.accept_is_sql)

    @cached_property
    def from_top(self) -> Funnel:
        """The funnel for asking what if: where visitors are not known, or not all of them, the leads are its top."""
        steps = {step: self.counts[step] or 0 for step in STEPS}
        if not self.has_visitors:
            steps["visitor"] = steps["lead"]
        return funnel(steps, accept_is_sql=self.accept_is_sql)

    @property
    def has_visitors(self) -> bool:
        """Whether the visitors of whom the leads came were counted."""
        return (self.counts["visitor"] or 0) >= (self.counts["lead"] or 0) > 0

    @property
    def is_empty(self) -> bool:
        """Whether nobody came past any step."""
        return not any(self.counts.values())

    @property
    def leak(self) -> Conversion | None:
        """The conversion that leaks most."""
        return self.into(self.funnel.leakiest.partition("_to_")[2]) if self.funnel.leakiest else None

    @property
    def leak_told(self) -> Phrase:
        """The leak in a sentence."""
        return leak(self.funnel)

    @property
    def leak_name(self) -> Phrase | None:
        """What the leaking conversion is called."""
        return conversion_name(self.leak.step) if self.leak else None

    @property
    def sure_told(self) -> Phrase | None:
        """How sure the share of the leak is."""
        return sure(self.leak) if self.leak else None

    @property
    def listed(self) -> list[int | None]:
        """The counts in the order of the steps."""
        return [self.counts[step] for step in STEPS]

    @property
    def picture(self) -> OneFunnel:
        """What its picture shows."""
        shown = [self.counts[step] or 0 for step in STEPS]
        return OneFunnel(shown, self.accept_is_sql, self.counts["visitor"] is not None)

    def into(self, step: str) -> Conversion | None:
        """The conversion that leads to a step; none where it is only listed, or cannot be counted."""
        if step == "lead" and self.counts["visitor"] is None:
            return None
        return next((found for found in self.funnel.conversions if found.into == step), None)


class Line(NamedTuple):
    """One step of the table: how many, the conversion into it, and both of what it is compared with."""

    step: str
    name: Phrase
    number: int | None
    into: Conversion | None
    leaks: bool
    other_number: int | None = None
    other: Conversion | None = None
    higher: float | None = None

    @property
    def difference(self) -> str:
        """How sure it is that the share is higher, or lower, than the one beside it."""
        if self.higher is None:
            return ""
        if self.into and self.other and self.into.rate == self.other.rate:
            return Phrase("the same")
        if self.higher >= 0.5:
            return Phrase("higher, {percent} sure", percent=f"{min(99, int(self.higher * 100))} %")
        return Phrase("lower, {percent} sure", percent=f"{min(99, int(100 - self.higher * 100))} %")


def read(filters: FunnelFilters, policy: Policy) -> tuple[Counted, Counted | None]:
    """What was asked for, and what to compare it with, if anything."""
    one = _counted("", filters.time, filters.among, filters, policy)
    if (other := filters.other) is None:
        return one, None
    return one, _counted(other[2], other[0], other[1], filters, policy)


def lines(one: Counted, other: Counted | None) -> Sequence[Line]:
    """The table of the funnel, a line a step."""
    return [_line(step, one, other) for step in STEPS]


def _counted(name: str, time: Period, among: Slice, filters: FunnelFilters, policy: Policy) -> Counted:
    return Counted(name, counts(time, flow=filters.flow, among=among)[""], policy.gate.accept_is_sql)


def _line(step: str, one: Counted, other: Counted | None) -> Line:
    into = one.into(step)
    line = Line(step, NAMES[step], one.counts[step], into, into is not None and into.step == one.funnel.leakiest)
    if other is None:
        return line
    beside = other.into(step)
    higher = probably_higher(into, beside) if into and beside else None
    return line._replace(other_number=other.counts[step], other=beside, higher=higher)
