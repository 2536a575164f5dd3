"""A funnel as it is shown: a table a person reads in one look, and the same for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

from assay.cli.output import Cell, say, table
from assay.domain.funnel import Conversion, Funnel, funnel
from assay.domain.survival import Time, spoken
from assay.records.funnel import Counts

NAMES = {
    "visitor": "Visitors",
    "lead": "Leads",
    "mql": "MQL",
    "sal": "SAL",
    "sql": "SQL",
    "opportunity": "Opportunities",
    "won": "Won",
}
SHORT = NAMES | {"opportunity": "Deals"}
NAMELESS = {
    "campaign": "(no campaign)",
    "owner": "(nobody)",
    "policy": "(not promoted)",
    "temperature": "(not promoted)",
}
UNKNOWN = "(not known)"


@dataclass(frozen=True, slots=True)
class View:
    """One funnel: of everything, or of one segment."""

    name: str
    counts: Counts
    funnel: Funnel

    @classmethod
    def of(cls, name: str, counts: Counts, *, accept_is_sql: bool) -> Self:
        """The funnel of these counts; a step that could not be counted has None."""
        known = {step: count for step, count in counts.items() if count is not None}
        return cls(name, counts, funnel(known, accept_is_sql=accept_is_sql))

    def as_json(self) -> dict[str, object]:
        """The funnel for programs; the count of a step that cannot be counted is null."""
        told = self.funnel.as_json()
        steps = cast(list[dict[str, object]], told["steps"])
        return told | {"steps": [step | {"count": self.counts[str(step["name"])]} for step in steps]}

    def conversion(self, step: str | None) -> Conversion | None:
        """The conversion of this name, such as ``mql_to_sql``."""
        return next((found for found in self.funnel.conversions if found.step == step), None)


def show_funnel(view: View) -> None:
    """Counts, shares with their range, and a sentence that names the leak."""
    into = {found.into: found for found in view.funnel.conversions}
    table(["Step", ">Count", ">Go on", ">80 % range", ""], [_step(view, step, into.get(step)) for step in NAMES])
    say(f"\n{leak(view)}")


def _step(view: View, step: str, into: Conversion | None) -> list[Cell]:
    head: list[Cell] = [NAMES[step], f"{view.counts[step]:,}"]
    if into is None or into.rate is None:
        return [*head, "", "", ""]
    spread = ""
    if into.low is not None and into.high is not None:
        spread = f"{into.low * 100:.1f} to {into.high * 100:.1f} %"
    marks = ["few"] if into.few else []
    if into.step == view.funnel.leakiest:
        marks.append("leaks most")
    return [*head, f"{into.rate * 100:.1f} %", spread, ", ".join(marks)]


def leak(view: View) -> str:
    """Which step leaks most, in a sentence."""
    found = view.conversion(view.funnel.leakiest)
    if found is None or found.rate is None:
        return "There is nothing to compare yet."
    start, _, end = found.step.partition("_to_")
    few = " That is few to go by." if found.few else ""
    return (
        f"It leaks most from {NAMES[start]} to {NAMES[end]}: {found.successes:,} of {found.trials:,} go on "
        f"({found.rate * 100:.0f} %).{few}"
    )


def show_times(times: Sequence[Time]) -> None:
    """How long leads stay in each rung; nothing where nobody came to any."""
    rows = [_stay(time) for time in times if time.went_on + time.left + time.waiting]
    if rows:
        say()
        columns = ["Time in rung", ">Half within", ">80 % range", ">Nine tenths", ">Went on", ">Fell out", ">Wait", ""]
        table(columns, rows)


def _stay(time: Time) -> list[Cell]:
    counts = [f"{number:,}" for number in (time.went_on, time.left, time.waiting)]
    low, high = _within(time.low), _within(time.high)
    spread = f"{low} to {high}" if time.high is not None else f"over {low}" if time.low is not None else ""
    few = "few" if time.few else ""
    return [SHORT[time.step], _within(time.median), spread, _within(time.p90), *counts, few]


def _within(seconds: float | None) -> str:
    return "not yet" if seconds is None else str(spoken(seconds))


def show_segments(by: str, views: list[View]) -> None:
    """A line for each segment."""
    columns = [by.capitalize(), *(f">{name}" for name in SHORT.values()), "~Leaks most"]
    table(columns, [_line(by, view) for view in views])


def _line(by: str, view: View) -> list[Cell]:
    found = view.conversion(view.funnel.leakiest)
    where = ""
    if found and found.rate is not None:
        start, _, end = found.step.partition("_to_")
        where = f"{SHORT[start]} to {SHORT[end]} {found.rate * 100:.0f} %" + (" few" if found.few else "")
    numbers = [view.counts[step] for step in NAMES]
    return [
        view.name or NAMELESS.get(by, UNKNOWN),
        *("" if number is None else f"{number:,}" for number in numbers),
        where,
    ]
