"""The two labels of a lead, one from each axis, and the one next step that follows from the pair."""

from datetime import datetime

from assay.domain.ladder import Rung
from assay.domain.phrase import Phrase

_SHORT = {Rung.MQL: "MQL", Rung.PQL: "PQL", Rung.SAL: "SAL", Rung.SQL: "SQL"}

_STEPS: dict[tuple[Rung, str], Phrase] = {
    (Rung.LEAD, "hot"): Phrase("Check what is missing: asked for us, but not over the threshold"),
    (Rung.LEAD, "warm"): Phrase("Nurture with content for their interest"),
    (Rung.LEAD, "cold"): Phrase("Give a reason to care before anything else"),
    (Rung.MQL, "hot"): Phrase("Decide now: accept or return"),
    (Rung.MQL, "warm"): Phrase("Decide today: accept or return"),
    (Rung.MQL, "cold"): Phrase("Decide: the interest has cooled"),
    (Rung.PQL, "hot"): Phrase("Decide now: has value from the product and asks for more"),
    (Rung.PQL, "warm"): Phrase("Decide today: has value from the product"),
    (Rung.PQL, "cold"): Phrase("Decide: has used the product, gone quiet since"),
    (Rung.SAL, "hot"): Phrase("Call now, then vet fit and intent"),
    (Rung.SAL, "warm"): Phrase("Vet fit and intent"),
    (Rung.SAL, "cold"): Phrase("Vet fit and intent, or recycle"),
    (Rung.OPPORTUNITY, "hot"): Phrase("Move the deal: agree the next date"),
    (Rung.OPPORTUNITY, "warm"): Phrase("Move the deal: agree the next date"),
    (Rung.OPPORTUNITY, "cold"): Phrase("The buyer has gone quiet: ask why, or lose with a reason"),
}


def label(temperature: str, rung: Rung) -> str:
    """Both axes in one label: ``warm MQL``."""
    return f"{temperature} {_SHORT.get(rung, rung.value)}"


def next_step(
    rung: Rung,
    temperature: str,
    *,
    contacted: bool = False,
    missing_data: bool = False,
    rests_until: datetime | None = None,
) -> Phrase:
    """What to do next with a lead, in one sentence without a full stop.

    ``rests_until`` is given only while it lies ahead, in the policy's time zone: its date is shown.
    """
    if rung is Rung.LEAD and rests_until is not None:
        return Phrase("Nurture until {day}", day=rests_until.date())
    if rung is Rung.LEAD and missing_data and temperature != "cold":
        return Phrase("Ask for the missing data")
    if rung is Rung.SQL:
        if contacted:
            return Phrase("Confirm budget, authority, need and timeline")
        return Phrase("Call now: make contact") if temperature == "hot" else Phrase("Make contact")
    if rung is Rung.WON:
        return Phrase("Hand over to the customer team")
    if rung is Rung.LOST:
        return Phrase("Recycle when the reason may have passed")
    if rung is Rung.DISQUALIFIED:
        return Phrase("Nothing, unless reopened")
    return _STEPS[rung, temperature]
