"""What if: what a reader would change, what would come of it, and of mending the leak or doubling the top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from assay.desk.funnel.figures import Counted
from assay.desk.pictures.kinds import Outcomes
from assay.desk.telling import told
from assay.domain.errors import BadInput
from assay.domain.funnel_words import NAMES, change, conversion_name
from assay.domain.mending import mended
from assay.domain.phrase import Phrase
from assay.domain.what_if import (
    MENDED,
    Change,
    Estimate,
    Lever,
    Outcome,
    levers,
    needed,
    parse_change,
    what_if,
)
from assay.domain.worth import Worth

LONGEST = 20
DEALS, MOST_DEALS = "deals", 1_000_000
DOUBLED = "x2"


class Knob(NamedTuple):
    """Something that can be changed: its name in the address, what it is called, today's figure, and what was asked."""

    name: str
    label: Phrase
    today: float | None
    is_share: bool
    asked: str
    error: str


class Scenario(NamedTuple):
    """A set of changes, what would come of it, and the address query that asks for it."""

    name: str
    outcome: Outcome
    query: str


class Needed(NamedTuple):
    """How many are needed at a step for the deals wanted."""

    name: Phrase
    estimate: Estimate


@dataclass(frozen=True)
class WhatIf:
    """Everything the page says about changes."""

    knobs: Sequence[Knob]
    asked: Scenario | None
    leak: Scenario | None
    double: Scenario | None
    levers: Sequence[tuple[Lever, Phrase]]
    deals: str
    deals_error: str
    needed: Sequence[Needed]

    currency: str = ""

    share_mended = MENDED

    @property
    def best(self) -> tuple[Lever, Phrase] | None:
        """The best lever, where there is any deal to multiply."""
        return next((lever for lever in self.levers if lever[0].times_today is not None), None)

    @property
    def scenarios(self) -> list[Scenario]:
        """Those there are to compare."""
        return [found for found in (self.asked, self.leak, self.double) if found]

    @property
    def picture(self) -> Outcomes | None:
        """Today and each scenario, drawn beside each other."""
        if not self.scenarios:
            return None
        today = (_("Today"), self.scenarios[0].outcome.today)
        return Outcomes([today, *((found.name, found.outcome.then) for found in self.scenarios)])


def ask(counted: Counted, query: QueryDict, worth: Worth | None = None) -> WhatIf:
    """What the address asks, and the two questions that are always worth asking; ``worth`` is that of won deals."""
    found = counted.from_top
    top = "visitor" if counted.has_visitors else "lead"
    handled = found.conversions if counted.has_visitors else found.conversions[1:]
    wanted: dict[str, Change] = {}
    knobs = []
    for name in (top, *(conversion.step for conversion in handled)):
        asked, error = query.get(name, "").strip()[:LONGEST], ""
        try:
            if asked:
                wanted[name] = parse_change(f"{name}={asked}")
                what_if(found, [wanted[name]])
        except BadInput:
            wanted.pop(name, None)
            error = _("Write a share such as 30%, a number, x2, or +10%.")
        knobs.append(_knob(name, counted, asked, error))
    leak = mended(found)
    deals, deals_error, needs = _backwards(counted, query.get(DEALS, "").strip()[:LONGEST], top)
    return WhatIf(
        knobs,
        _scenario(counted, list(wanted.values()), {name: query.get(name, "") for name in wanted}, worth),
        _scenario(counted, [leak], {leak.what: f"{(leak.rate or 0) * 100:g}%"}, worth) if leak else None,
        _scenario(counted, [Change(top, factor=2.0)], {top: DOUBLED}, worth) if not counted.is_empty else None,
        [(lever, conversion_name(lever.step)) for lever in levers(found, worth=worth)],
        deals,
        deals_error,
        needs,
        worth.currency if worth else "",
    )


def _knob(name: str, counted: Counted, asked: str, error: str) -> Knob:
    if "_to_" in name:
        conversion = next(found for found in counted.from_top.conversions if found.step == name)
        return Knob(name, conversion_name(name), conversion.rate, True, asked, error)
    return Knob(name, NAMES[name], float(counted.from_top.steps[name]), False, asked, error)


def _scenario(
    counted: Counted, changes: Sequence[Change], query: Mapping[str, str], worth: Worth | None
) -> Scenario | None:
    if not changes:
        return None
    asked = QueryDict(mutable=True)
    asked.update(query)
    name = ", ".join(told(change(one)) for one in changes)
    return Scenario(name, what_if(counted.from_top, changes, worth), asked.urlencode())


def _backwards(counted: Counted, asked: str, top: str) -> tuple[str, str, Sequence[Needed]]:
    """The deals asked for, what is wrong with that, and how many are needed for them."""
    if not asked:
        return "", "", ()
    try:
        deals = float(asked.replace(",", "."))
    except ValueError:
        deals = 0.0
    if not 0 < deals <= MOST_DEALS:
        return asked, _("Write a number above zero."), ()
    return asked, "", [Needed(NAMES[at], needed(counted.from_top, deals, at)) for at in dict.fromkeys((top, "lead"))]
