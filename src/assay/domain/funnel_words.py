"""What people call the steps of the funnel, and the sentences that say what it shows."""

from collections.abc import Mapping

from assay.domain.funnel import TAIL, Conversion, Funnel
from assay.domain.phrase import Phrase
from assay.domain.what_if import Change

NAMES: Mapping[str, Phrase] = {
    "visitor": Phrase("Visitors"),
    "lead": Phrase("Leads"),
    "mql": Phrase("MQL"),
    "sal": Phrase("SAL"),
    "sql": Phrase("SQL"),
    "opportunity": Phrase("Opportunities"),
    "won": Phrase("Won"),
}
SHORT: Mapping[str, Phrase] = {**NAMES, "opportunity": Phrase("Deals")}
"""Where there is little room."""
CREDIBLE = f"{round((1 - 2 * TAIL) * 100)} %"
"""How probable it is that the true figure lies within the range that is told."""


def conversion_name(step: str) -> Phrase:
    """A conversion such as ``mql_to_sql`` as people say it: "MQL to SQL"."""
    start, _, end = step.partition("_to_")
    return Phrase("{start} to {end}", start=NAMES[start], end=NAMES[end])


def percent(share: float) -> Phrase:
    """A share as a percentage: with a decimal where it is small."""
    return Phrase("{percent}", percent=f"{tidy(share * 100)} %")


def tidy(number: float) -> float:
    """A number as people say it: with one decimal below ten, unless that is a nought."""
    rounded = round(number, 1)
    return rounded if abs(rounded) < 10 and rounded % 1 else round(number)


def leak(funnel: Funnel) -> Phrase:
    """Which step leaks most, in a sentence, with how sure that is."""
    found = next((item for item in funnel.conversions if item.step == funnel.leakiest), None)
    if found is None or found.rate is None:
        return Phrase("There is nothing to compare yet.")
    return Phrase(
        "It leaks most from {step}: {count} of {trials} go on, {share}.",
        step=conversion_name(found.step),
        count=found.successes,
        trials=found.trials,
        share=percent(found.rate),
    )


def sure(found: Conversion) -> Phrase | None:
    """Between which shares a conversion lies with 80 % probability; None where that cannot be said."""
    if found.low is None or found.high is None:
        return None
    return Phrase("between {low} and {high}", low=percent(found.low), high=percent(found.high))


def change(wanted: Change) -> Phrase:
    """A change to the funnel in words."""
    what = conversion_name(wanted.what) if "_to_" in wanted.what else NAMES[wanted.what]
    if wanted.rate is not None:
        return Phrase("{what}: {share}", what=what, share=percent(wanted.rate))
    if wanted.count is not None:
        return Phrase("{what}: {count}", what=what, count=wanted.count)
    return Phrase("{what}: {factor} times", what=what, factor=wanted.factor or 0.0)
