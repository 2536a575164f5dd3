"""What was loaded: counts, sign-ins, and which leads show which mistake."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.demo.cast import Character
from assay.demo.month import Month
from assay.demo.team import MEMBERS, PASSWORD, Member
from assay.domain.audit import Mistake
from assay.records.funnel import Counts, Period, counts
from assay.records.models import Decision, Identity, Signal
from assay.records.people import IdentityKind


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """The loaded month, from ``start`` to ``now``.

    ``steps`` are the funnel's counts, each lead once. ``personas`` are lead ids by the name of their persona,
    ``planted`` those that show a mistake.
    """

    start: datetime
    now: datetime
    steps: Counts
    signals: int
    decisions: int
    personas: Mapping[str, tuple[int, ...]]
    planted: Mapping[Mistake, tuple[int, ...]]
    members: tuple[Member, ...] = MEMBERS
    password: str = PASSWORD
    note: str = "Demo data: every person, company and address is invented."


def summary(cast: Sequence[Character], month: Month) -> DemoSummary:
    """What is on record after the cast has played the month."""
    known = Identity.objects.filter(kind=IdentityKind.EMAIL, person__isnull=False)
    ids = dict(known.values_list("value", "person__lead"))
    personas: dict[str, list[int]] = defaultdict(list)
    planted: dict[Mistake, list[int]] = {mistake: [] for mistake in Mistake}
    for character in cast:
        lead_id = ids[character.row.email_key or ""]
        personas[character.persona.name].append(lead_id)
        for mistake in character.persona.plants:
            planted[mistake].append(lead_id)
    return DemoSummary(
        start=month.start,
        now=month.now,
        steps=counts(Period(month.now, month.zone))[""],
        signals=Signal.objects.count(),
        decisions=Decision.objects.count(),
        personas={name: tuple(lead_ids) for name, lead_ids in personas.items()},
        planted={mistake: tuple(lead_ids) for mistake, lead_ids in planted.items()},
    )
