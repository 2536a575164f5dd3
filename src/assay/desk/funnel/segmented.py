"""One funnel for each source, campaign, owner and the like, side by side."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.http import QueryDict

from assay.desk.funnel.figures import Counted
from assay.desk.funnel.filters import FunnelFilters
from assay.desk.segments import NAMES, SEGMENTS, Name, country_name, flat, policy_name, size_name
from assay.desk.words import TEMPERATURES, Text
from assay.domain.policy import Policy
from assay.records.funnel import counts
from assay.records.models import User

BY = "by"
MOST = 50
"""Rows that are shown: those with most leads."""


class Row(NamedTuple):
    """The funnel of one part, and the address query of it; "" where it is not one part alone."""

    counted: Counted
    query: str


class Tab(NamedTuple):
    """A way to tell leads apart, as a link."""

    name: Name
    text: Text
    current: bool


class Segmented(NamedTuple):
    """The parts with most leads, how many more there are, and by what else leads can be told apart."""

    by: Name
    label: Text
    rows: Sequence[Row]
    left_out: int
    tabs: Sequence[Tab]


def read(filters: FunnelFilters, policy: Policy, query: QueryDict) -> Segmented:
    """The funnel of each part of what was chosen; by source where the address names nothing else."""
    asked = query.get(BY, "")
    by = next((name for name in NAMES if name == asked), NAMES[0])
    found = counts(filters.time, flow=filters.flow, by=by, among=filters.among)
    names, values = _names(by, found), _values(by, filters)
    rows = [
        Row(Counted(names[key], steps, policy.gate.accept_is_sql), _query(by, values.get(key, []), filters))
        for key, steps in found.items()
        if any(steps.values())
    ]
    rows.sort(key=lambda row: (-(row.counted.counts["lead"] or 0), row.counted.name))
    tabs = [Tab(name, segment.label, name == by) for name, segment in SEGMENTS.items()]
    return Segmented(by, SEGMENTS[by].label, rows[:MOST], max(0, len(rows) - MOST), tabs)


def _query(by: Name, values: Sequence[str], filters: FunnelFilters) -> str:
    return filters.query_with(**{by: values[0]}) if len(values) == 1 else ""


def _names(by: Name, found: Mapping[str, object]) -> dict[str, str]:
    """What to call each part, by the key it was counted under."""
    named = {key: key for key in found}
    if by == "owner":
        named |= {user.email: user.name for user in User.objects.filter(email__in=found)}
    elif by == "size":
        named = {key: size_name(key) for key in found}
    elif by == "country":
        named = {key: country_name(key) for key in found if key}
    elif by == "policy":
        named = {key: policy_name(key) for key in found}
    elif by == "temperature":
        named = {key: str(TEMPERATURES.get(key, key)) for key in found}
    return named | ({"": str(SEGMENTS[by].unknown)} if "" in found else {})


def _values(by: Name, filters: FunnelFilters) -> dict[str, list[str]]:
    """The choices of the filter behind each key. Campaigns of two sources may have one name, and then two values."""
    offered = flat(filters.offered[by])
    if by in ("size", "country", "policy", "temperature"):
        return {value: [value] for value in offered}
    if by == "owner":
        people = User.objects.filter(pk__in=offered).values_list("email", "pk")
        return {email: [str(pk)] for email, pk in people}
    values: dict[str, list[str]] = {}
    for value, text in offered.items():
        values.setdefault(text.partition(": ")[2] if by == "campaign" else text, []).append(value)
    return values
