"""What is said of predicted wins: whether anything can be told, in sentences that pages and shell share."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from assay.domain.funnel_words import percent
from assay.domain.phrase import Phrase, together

LEAST, LEAST_OF_EACH = 200, 30
"""Outcomes below which nothing is learned, in all and of the rarer sort."""


class Report(StrEnum):
    """What so many outcomes allow to be said."""

    TOO_FEW = "too few"
    NO_SIGNAL = "no signal"
    TELLS = "tells"


WAYS: Mapping[str, Phrase] = {
    "scorecard": Phrase("scorecard"),
    "naive Bayes": Phrase("naive Bayes"),
    "gradient boosting": Phrase("gradient boosting"),
}
"""What the ways to learn are called."""


def verdict(report: Mapping[str, Any]) -> Phrase:
    """What a report comes to, in a sentence or two."""
    numbers = {"outcomes": report["outcomes"], "won": report["won"]}
    if report["says"] == Report.TOO_FEW:
        return Phrase(
            "It cannot tell yet: {outcomes} outcomes, {won} of them won. It takes {least}, with {each} won and as many "
            "not, spread over the time.",
            **numbers,
            least=LEAST,
            each=LEAST_OF_EACH,
        )
    best = report["best"]
    judged = {"rows": best["rows"], "percent": percent(best["auc"])}
    if report["says"] == Report.NO_SIGNAL:
        return Phrase(
            "There is no signal: {outcomes} outcomes, {won} of them won, but on the newest {rows}, which it had not "
            "seen, it puts a winner before another lead in {percent} of all pairs, and chance would do as well.",
            **numbers,
            **judged,
        )
    return together(
        Phrase("Learned from {outcomes} outcomes, {won} of them won, by {ways}.", **numbers, ways=ways(report)),
        Phrase(
            "On the newest {rows}, which it had not seen, it puts a winner before another lead in {percent} of all "
            "pairs; the best tenth wins {lift} times as often as all.",
            **judged,
            lift=round(best["lift"], 1),
        ),
    )


def ways(report: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """The ways that were chosen."""
    return tuple(WAYS[name] for name in report["chosen"])


def calibration(report: Mapping[str, Any]) -> Phrase | None:
    """How far chances and what came of them lie apart; None where nothing was judged."""
    if not report["best"]:
        return None
    return Phrase(
        "Chances and what came of them differ by {percent} on average.", percent=percent(report["best"]["error"])
    )


class Reason(NamedTuple):
    """A value of a lead by its name, the group it is in, and by how much that multiplies the odds of an average one."""

    column: str
    group: Phrase
    factor: float

    def as_json(self) -> dict[str, Any]:
        """For the records."""
        group = {"template": self.group.template, "args": dict(self.group.args)}
        return {"column": self.column, "group": group, "factor": self.factor}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Reason":
        """The one that its JSON says."""
        group = said["group"]
        return cls(said["column"], Phrase(group["template"], **group["args"]), said["factor"])

    def sentence(self, label: Callable[[str], str]) -> Phrase:
        """What it says; ``label`` tells what a value is called."""
        said = {"label": label(self.column), "group": self.group}
        if self.factor >= 1:
            return Phrase("{label}: {group} (odds × {factor})", **said, factor=round(self.factor, 1))
        return Phrase("{label}: {group} (odds ÷ {factor})", **said, factor=round(1 / self.factor, 1))


class Since(NamedTuple):
    """What ended since something was learned: how many, how many were won, and how many were expected to be.

    The expected number lies between ``low`` and ``high`` with 80 % probability where the chances still hold.
    ``shifted`` are the names of the values that leads differ in from those that were learned from.
    """

    ended: int
    won: int
    expected: float
    low: float
    high: float
    shifted: tuple[str, ...]

    def says(self, label: Callable[[str], str]) -> Phrase:
        """Whether it still holds, in a sentence or two."""
        names = tuple(label(name) for name in self.shifted)
        moved = Phrase("Leads are no longer alike in: {names}.", names=names) if names else ""
        if not self.ended:
            return together(Phrase("No lead has ended since."), moved)
        numbers = {"ended": self.ended, "won": self.won, "low": round(self.low), "high": round(self.high)}
        if self.low <= self.won <= self.high:
            held = Phrase(
                "Since then {ended} have ended and {won} were won, within the {low} to {high} expected.", **numbers
            )
        else:
            held = Phrase(
                "Since then {ended} have ended and {won} were won, outside the {low} to {high} expected.", **numbers
            )
        return together(held, moved)
