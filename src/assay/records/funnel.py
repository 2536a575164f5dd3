"""The counts of the funnel: one aggregate query over the passes and one over the visits, however many leads there are.

By **cohort** the leads captured in a period are followed to today, each once however many passes it took. By **flow**
every pass counts for the steps it took in the period.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q
from django.db.models.functions import Coalesce

from assay.domain.funnel import STEPS
from assay.records.models import Campaign, Pass, Source, User
from assay.records.months import cohorts
from assay.records.period import Period as Period
from assay.records.slices import EVERYTHING, OF_A_PASS, Dimension, Slice
from assay.records.visits import visitors

Counts = dict[str, int | None]
"""How many passed each step; visitors are None where they cannot be told apart, as by owner."""

NAMED: Mapping[Dimension, tuple[type[Source | Campaign | User], str]] = {
    "source": (Source, "name"),
    "campaign": (Campaign, "name"),
    "owner": (User, "email"),
}
"""Passes are grouped by number; what the numbers are called is looked up afterwards, as there are few."""


def counts(
    period: Period, *, flow: bool = False, by: Dimension | None = None, among: Slice = EVERYTHING
) -> dict[str, Counts]:
    """The counts by step for each value of ``by``, a value that is not there under ""; without ``by`` all under "".

    Owner, policy version and temperature belong to a pass: a lead whose passes differ in them counts once under each.
    """
    found: dict[str, Counts] = defaultdict(lambda: dict.fromkeys(STEPS, 0))
    for segment, steps in _leads(period, flow, by, among):
        for step, count in steps.items():
            found[segment][step] = (found[segment][step] or 0) + count
    known = visitors(period, by, among)
    for segment, count in (known or {}).items():
        found[segment]["visitor"] = count
    if not by:
        found[""]["visitor"] = found[""]["visitor"] if known is not None else None
    elif known is None:
        for counted in found.values():
            counted["visitor"] = None
    return dict(found)


def _leads(period: Period, flow: bool, by: Dimension | None, among: Slice) -> list[tuple[str, dict[str, int]]]:
    passes = Pass.objects.filter(among.passes())
    if not flow:
        passes = passes.filter(period.holds("captured_at"))
    # A name of its own for each count: "lead" is a field already.
    wanted = {step: period.holds(f"{step}_at") if flow else first_to(step, period, by, among) for step in STEPS[1:]}
    aggregates = {f"took_{step}": Count("pk", filter=condition) for step, condition in wanted.items()}
    if by is None:
        return [("", _counted(passes.aggregate(**aggregates)))]
    if by == "month":
        return _named(by, cohorts(passes, period, aggregates))
    return _named(by, passes.order_by().values(segment=F(by)).annotate(**aggregates))


def _counted(row: Mapping[str, Any]) -> dict[str, int]:
    return {step: row[f"took_{step}"] for step in STEPS[1:]}


def _named(by: Dimension, rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, int]]]:
    found = list(rows)
    names: Mapping[Any, str] = {}
    if by in NAMED:
        model, name = NAMED[by]
        numbers = [row["segment"] for row in found if row["segment"] is not None]
        names = dict(model._default_manager.filter(pk__in=numbers).values_list("pk", name))
    return [(names.get(key := row["segment"], str(key or "")), _counted(row)) for row in found]


def first_to(step: str, period: Period, by: Dimension | None = None, among: Slice = EVERYTHING) -> Q:
    """Passes that took the step first among all passes of their lead that are counted together."""
    taken = {f"{step}_at__lte": period.now}
    if by not in OF_A_PASS and not among.of_a_pass:
        return Q(**taken, before__lt=STEPS.index(step))
    earlier = Pass.objects.filter(among.passes(), lead=OuterRef("lead"), number__lt=OuterRef("number"), **taken)
    if by in OF_A_PASS and by != "temperature":
        earlier = earlier.alias(same=_or_none(F(by))).filter(same=_or_none(OuterRef(by)))
    elif by == "temperature":
        earlier = earlier.filter(temperature=OuterRef("temperature"))
    # Most leads are on their first pass, and the database then need not look for an earlier one.
    return Q(**taken) & (Q(number=1) | ~Q(Exists(earlier)))


def _or_none(number: F | OuterRef) -> Coalesce:
    """A number that may be missing as one that compares: SQL holds two missing ones to be different."""
    return Coalesce(number, 0, output_field=IntegerField())
