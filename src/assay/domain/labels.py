"""The two labels of a lead, one from each axis, and the one next step that follows from the pair."""

from datetime import datetime

from assay.domain.ladder import Rung

_SHORT = {Rung.MQL: "MQL", Rung.PQL: "PQL", Rung.SAL: "SAL", Rung.SQL: "SQL"}

_STEPS: dict[tuple[Rung, str], str] = {
    (Rung.LEAD, "hot"): "Check what is missing: asked for us, but not over the threshold",
    (Rung.LEAD, "warm"): "Nurture with content for their interest",
    (Rung.LEAD, "cold"): "Give a reason to care before anything else",
    (Rung.MQL, "hot"): "Decide now: accept or return",
    (Rung.MQL, "warm"): "Decide today: accept or return",
    (Rung.MQL, "cold"): "Decide: the interest has cooled",
    (Rung.PQL, "hot"): "Decide now: has value from the product and asks for more",
    (Rung.PQL, "warm"): "Decide today: has value from the product",
    (Rung.PQL, "cold"): "Decide: has used the product, gone quiet since",
    (Rung.SAL, "hot"): "Call now, then vet fit and intent",
    (Rung.SAL, "warm"): "Vet fit and intent",
    (Rung.SAL, "cold"): "Vet fit and intent, or recycle",
    (Rung.OPPORTUNITY, "hot"): "Move the deal: agree the next date",
    (Rung.OPPORTUNITY, "warm"): "Move the deal: agree the next date",
    (Rung.OPPORTUNITY, "cold"): "The buyer has gone quiet: ask why, or lose with a reason",
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
) -> str:
    """What to do next with a lead, in one sentence without a full stop.

    ``rests_until`` is given only while it lies ahead, in the policy's time zone: its date is shown.
    """
    if rung is Rung.LEAD and rests_until is not None:
        return f"Nurture until {rests_until:%Y-%m-%d}"
    if rung is Rung.LEAD and missing_data and temperature != "cold":
        return "Ask for the missing data"
    if rung is Rung.SQL:
        if contacted:
            return "Confirm budget, authority, need and timeline"
        return "Call now: make contact" if temperature == "hot" else "Make contact"
    if rung is Rung.WON:
        return "Hand over to the customer team"
    if rung is Rung.LOST:
        return "Recycle when the reason may have passed"
    if rung is Rung.DISQUALIFIED:
        return "Nothing, unless reopened"
    return _STEPS[rung, temperature]
