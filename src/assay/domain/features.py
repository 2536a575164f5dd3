"""What was known of a lead when it was promoted, as named values: what outcomes are learned by.

All of it is read from the decision that promoted, which keeps the score with its parts as they stood, so nothing that
came later can get in: no correction, no signal, and no browser that turned out to be theirs.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from assay.domain.evidence import same_criteria
from assay.domain.explanation import phrase_of
from assay.domain.fit import as_number
from assay.domain.intent import DAY
from assay.domain.parts import Part
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.policy_sections import Criterion

Known: TypeAlias = float | str | None
"""A number, a text, or None where it was not known."""

FIT, SIGNAL = "fit.", "signal."
"""What the names of criteria and of kinds begin with."""
YES, NO = "yes", "no"

LABELS: Mapping[str, Phrase] = {
    "fit": Phrase("Fit"),
    "coverage": Phrase("Share of the fit that is known"),
    "intent": Phrase("Intent"),
    "temperature": Phrase("Temperature"),
    "kinds": Phrase("Kinds of signals"),
    "signals": Phrase("Signals"),
    "days": Phrase("Days since the first signal"),
    "pace": Phrase("Signals a day"),
    "waited": Phrase("Days from entering to the gate"),
    "sent_by": Phrase("Sent to the gate by"),
    "source": Phrase("Source"),
    "campaign": Phrase("Campaign"),
    "pass": Phrase("Pass"),
}
"""What a lead is described by besides criteria and kinds of signals."""


class Promotion(NamedTuple):
    """A promotion as the ledger keeps it: the score as it stood, under which policy, when the lead's pass began."""

    score: Mapping[str, Any]
    made_under: Policy
    at: datetime
    began_at: datetime
    pass_no: int
    desk: str
    source: str
    campaign: str | None


def features(promoted: Promotion, rule: Policy) -> dict[str, Known]:
    """The values of a promotion, by name, for the criteria and kinds of the rule."""
    score = promoted.score
    parts = [Part(**part) for part in score["parts"]]
    counted = {part.name: part for part in parts if part.axis == "intent" and part.verdict == "counted"}
    numbers = [_numbers(part) for part in counted.values()]
    signals, days = sum(count for count, _ in numbers), max((days for _, days in numbers), default=0.0)
    return {
        **dict(_criteria(parts, promoted.made_under, rule)),
        **{f"{SIGNAL}{kind}": _amount(counted.get(kind), promoted.made_under, kind) for kind in rule.intent.signals},
        **{name: float(score[name]) for name in ("fit", "coverage", "intent")},
        "temperature": str(score["temperature"]),
        "kinds": float(len(counted)),
        "signals": signals,
        "days": days,
        "pace": signals / max(1.0, days),
        "waited": max(0.0, (promoted.at - promoted.began_at).total_seconds() / DAY),
        "sent_by": promoted.desk,
        "source": promoted.source,
        "campaign": promoted.campaign,
        "pass": float(promoted.pass_no),
    }


def label_of(name: str, rule: Policy) -> str:
    """What a value is called."""
    if name.startswith(FIT):
        return name.removeprefix(FIT)
    kind = rule.intent.signals.get(name.removeprefix(SIGNAL)) if name.startswith(SIGNAL) else None
    return kind.label if kind else LABELS.get(name, name)


def _criteria(parts: list[Part], made_under: Policy, rule: Policy) -> Iterator[tuple[str, Known]]:
    """What each criterion found: the number or the text, else whether it matched, where it asked the same as now."""
    found = {part.name: part for part in parts if part.axis == "fit"}
    fields = {item.name: item.field for item in made_under.fit.criteria}
    same = same_criteria(made_under, rule)
    for item in rule.fit.criteria:
        part = found.get(item.name)
        if part is None or fields.get(item.name) != item.field or part.verdict not in ("match", "miss"):
            yield f"{FIT}{item.name}", None
        else:
            yield f"{FIT}{item.name}", _found(item, part, same=item.name in same)


def _found(item: Criterion, part: Part, *, same: bool) -> Known:
    value = phrase_of(part).args.get("value")
    if item.operator in ("between", "at_least", "at_most"):
        return None if value is None else as_number(str(value))
    if item.operator in ("is", "in", "not_in"):
        return None if value is None else str(value).strip().casefold()
    # A title or another text of many words says less than whether it has one that is looked for.
    return (YES if part.verdict == "match" else NO) if same else None


def _amount(part: Part | None, made_under: Policy, kind: str) -> float:
    """The decayed number of signals of a kind, as far as its cap let them count."""
    points = made_under.intent.signals[kind].points if kind in made_under.intent.signals else 0.0
    return max(0.0, part.points / points) if part and points else 0.0


def _numbers(part: Part) -> tuple[float, float]:
    """How many signals of a kind there were, and over how many days, as its sentence says."""
    said = phrase_of(part).args
    return float(str(said.get("count", 1))), float(str(said.get("days", 0)))
