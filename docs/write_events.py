"""Writes docs/webhooks.json from the types of events: the JSON Schema of what each holds, with an example.

`python docs/write_events.py` writes the file, `--check` only says whether it is current.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assay.domain import events
from assay.domain.events import EVENTS, OF_MOVE
from assay.domain.ladder import LADDER, Desk, Rung

TARGET = Path(__file__).with_name("webhooks.json")
AT = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
SAM = events.OwnerData(name="Sam Okafor", email="sam@firm.example")
COMPANY = events.CompanyData(name="North", domain="north.example", country="FR")
REASONS = {"reject": "too_early", "disqualify": "no_need", "recycle": "no_budget_now", "lose": "price"}
SYSTEM = {Desk.POLICY: "policy"}


def written() -> str:
    """The whole file."""
    shapes = dict.fromkeys(entry.data for entry in EVENTS.values())
    references, schema = models_json_schema([(shape, "serialization") for shape in shapes])
    types = {
        name: {
            "description": entry.sentence,
            "data": references[entry.data, "serialization"],
            "example": example(name).model_dump(mode="json"),
        }
        for name, entry in EVENTS.items()
    }
    return json.dumps({"version": events.VERSION, "types": types, **schema}, indent=2) + "\n"


def example(name: str) -> BaseModel:
    """What the data of an event of this type may be."""
    return EXAMPLES[EVENTS[name].data](name)


def _moved(name: str) -> BaseModel:
    decision = _decision(next(move for move, of in OF_MOVE.items() if of == name))
    return events.LeadMoved(lead=_lead(Rung(decision.to_rung)), decision=decision)


def _deal_moved(name: str) -> BaseModel:
    deal = events.DealData(value=Decimal("12000.00"), currency="EUR", close_date=date(2026, 12, 18))
    return events.DealMoved(**dict(_moved(name)), deal=deal)


def _answered(name: str) -> BaseModel:
    answer = events.AnswerData(by="Mara Weiss", at=AT + timedelta(hours=3), text="We ask for the date from now on.")
    return events.RejectionAnswered(**dict(_moved("lead.rejected")), answer=answer)


def _clock(name: str) -> BaseModel:
    step, said = ("due_soon", "is about to run out") if name == "clock.due_soon" else ("breached", "has run out")
    clock = events.ClockData(
        kind="gate", step=step, started_at=AT, due_at=AT + timedelta(hours=4), sentence=f"The gate clock {said}."
    )
    return events.ClockRanOut(lead=_lead(Rung.MQL), clock=clock)


def _offered(name: str) -> BaseModel:
    nobody = name == "lead.unrouted"
    offer = events.OfferData(
        to=None if nobody else SAM, until=None if nobody else AT + timedelta(hours=4),
        why="nobody of the team is available" if nobody else "next in turn of the team",
        hindrances=["Sam Okafor is away until 2026-11-09."] if nobody else [],
        sentence="Nina North waits, and nobody gets it." if nobody else "Nina North is offered to you.",
    )  # fmt: skip
    return events.LeadOffered(lead=_lead(Rung.MQL), offer=offer)


EXAMPLES: Mapping[type[BaseModel], Callable[[str], BaseModel]] = {
    events.LeadMoved: _moved,
    events.DealMoved: _deal_moved,
    events.RejectionAnswered: _answered,
    events.ClockRanOut: _clock,
    events.LeadOffered: _offered,
    events.LeadErased: lambda name: events.LeadErased(lead=events.LeadNumber(id=248)),
}
"""Who makes up the data of each shape, by the type of the event."""


def _lead(rung: Rung) -> events.LeadData:
    owner = SAM if rung in (Rung.SAL, Rung.SQL, Rung.OPPORTUNITY, Rung.WON, Rung.LOST) else None
    return events.LeadData(
        id=248, external_id="crm-7", name="Nina North", email="nina@north.example", title="Head of Operations",
        company=COMPANY, source="Website", campaign="", rung=rung, temperature="hot", fit=100.0, intent=55.5,
        pass_number=1, owner=owner,
    )  # fmt: skip


def _decision(move: str) -> events.DecisionData:
    """A decision as the ladder's table has it; giving a lead to somebody else leaves it where it is."""
    row = next((row for row in LADDER if row.name == move), None)
    desk = min(row.desks) if row else Desk.SALES
    return events.DecisionData(
        id=1093, move=move, from_rung=min(row.origins) if row else Rung.SQL, to_rung=row.to if row else Rung.SQL, at=AT,
        by=SYSTEM.get(desk, "Sam Okafor" if desk is Desk.SALES else "Mara Weiss"), desk=desk,
        reason=REASONS.get(move, ""), text="", policy_version=3,
    )  # fmt: skip


def main(arguments: list[str], target: Path = TARGET) -> int:
    """Write the file, or say whether it is what it would be."""
    if arguments != ["--check"]:
        target.write_text(written(), encoding="utf-8")
        return 0
    if target.exists() and target.read_text(encoding="utf-8") == written():
        return 0
    print(f"{target.name} is not what the events say: run python docs/write_events.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
