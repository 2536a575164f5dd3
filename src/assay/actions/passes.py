"""What a move leaves on the pass it is made on: the steps it took, under what, by whom, and when it fell out."""

from collections.abc import Mapping
from datetime import datetime

from assay.actions.writing import update
from assay.domain.facts import Facts
from assay.domain.funnel import REACHED, STEPS
from assay.domain.ladder import Rung
from assay.domain.segments import segment_of
from assay.records.listed import listed
from assay.records.models import Lead, Pass

MOVED = (
    *("mql_at", "sal_at", "sql_at", "opportunity_at", "won_at"),
    *("left_at", "owner", "policy", "temperature"),
)
"""The fields of a pass that a move may change."""

FELL_OUT = frozenset({Rung.LEAD, Rung.LOST, Rung.DISQUALIFIED})
"""Where a pass stands that goes no further, unless it is promoted once more."""


def first_pass(lead: Lead, facts: Facts) -> Pass:
    """The pass a lead that is entering begins with."""
    size, country = segment_of(facts)
    return Pass(
        lead_id=lead.pk, number=1, lead_at=lead.captured_at, captured_at=lead.captured_at,
        source_id=lead.source_id, campaign_id=lead.campaign_id, size=size, country=country,
    )  # fmt: skip


def next_pass(old: Pass, at: datetime) -> Pass:
    """The pass that begins now; the old one ends with it, unless it was won or fell out before."""
    if old.won_at is None and old.left_at is None:
        old.left_at = at
    return Pass(
        lead_id=old.lead_id, number=old.number + 1, lead_at=at, captured_at=old.captured_at,
        source_id=old.source_id, campaign_id=old.campaign_id, size=old.size, country=old.country,
        before=max(old.before, steps_taken(old)),
    )  # fmt: skip


def steps_taken(one: Pass) -> int:
    """How many steps of the funnel, visitors aside, a pass has taken."""
    return sum(getattr(one, f"{step}_at") is not None for step in STEPS[1:])


def stand_on(current: Pass, rung: Rung, at: datetime, policy: int, temperature: str) -> None:
    """Note that a pass came to a rung: when each step was first passed, skipped ones included, and under what rule."""
    raw = current.mql_at is None
    for step in REACHED[rung]:
        if getattr(current, f"{step}_at") is None:
            setattr(current, f"{step}_at", at)
    if raw and current.mql_at is not None:
        current.policy_id, current.temperature = policy, temperature
    current.left_at = at if rung in FELL_OUT else None


def keep_segments(facts: Mapping[int, Facts]) -> None:
    """Copy what is known of the companies of these leads to their passes, where that has changed.

    What is not known any more stays: erasing somebody changes no count.
    """
    changed = []
    rows = Pass.objects.filter(lead__in=listed(list(facts))).order_by("pk").values_list("pk", "lead", "size", "country")
    for pk, lead_id, *before in rows:
        told = [now or then for now, then in zip(segment_of(facts[lead_id]), before, strict=True)]
        if told != before:
            changed.append(Pass(pk=pk, size=told[0], country=told[1]))
    update(Pass, changed, ["size", "country"])
