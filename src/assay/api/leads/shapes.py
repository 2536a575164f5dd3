"""What is told of a lead, and of what happened with it."""

from datetime import date, datetime
from typing import Literal

from assay.api.deals.shapes import Deal
from assay.api.shapes import Shape
from assay.domain.facts import Value
from assay.domain.ladder import Desk, Rung, Stage
from assay.records.decisions import TouchKind
from assay.records.leads import Temperature


class CompanyName(Shape):
    """A company as others refer to it."""

    id: int
    name: str
    domain: str


class Lead(Shape):
    """A lead with both labels and its score as it stands. ``lead_id`` is your own id of it."""

    id: int
    lead_id: str | None
    name: str
    email: str | None
    phone: str | None
    title: str | None
    company: CompanyName | None
    label: str
    rung: Rung
    temperature: Temperature
    grid: str
    fit: float
    coverage: float
    intent: float
    pattern: bool
    mql: bool
    insufficient_data: bool
    cooling: bool
    explored: bool
    source: str
    campaign: str | None
    owner: str | None
    captured_at: datetime


class LeadPage(Shape):
    """A page of leads; ``next`` is where the next one is."""

    items: list[Lead]
    next: str | None


class Part(Shape):
    """One part of a score, in points and in a sentence. The parts of an axis add up to its score."""

    axis: Literal["fit", "intent"]
    name: str
    points: float
    sentence: str
    verdict: str


class Score(Shape):
    """The stored explanation of a score: its parts, what is not known of the fit, under which policy, as of when."""

    parts: list[Part]
    missing: list[str]
    policy: int
    as_of: datetime


class Decision(Shape):
    """An entry of the ledger: who moved the lead, when, from where to where, and why."""

    id: int
    lead: int
    pass_no: int
    move: str
    from_rung: Rung | None
    to_rung: Rung
    at: datetime
    by: str
    desk: Desk
    reason: str | None
    text: str | None
    details: dict[str, object]
    policy: int


class Signal(Shape):
    """Something they did. A robot's weighs nothing."""

    kind: str
    url: str | None
    bot: bool


class Touch(Shape):
    """Something we did; ``reached`` says whether it was two-way."""

    id: int
    kind: TouchKind
    reached: bool
    automatic: bool
    note: str | None


class Edit(Shape):
    """A fact that was corrected."""

    field: str
    before: Value
    after: Value


class Event(Shape):
    """One thing that happened with a lead: what it was stands under its kind."""

    at: datetime
    kind: Literal["signal", "touch", "edit", "decision"]
    by: str | None = None
    signal: Signal | None = None
    touch: Touch | None = None
    edit: Edit | None = None
    decision: Decision | None = None


class EventPage(Shape):
    """A page of what happened, newest first."""

    items: list[Event]
    next: str | None


class WholeLead(Lead):
    """Everything about one lead. ``timeline`` are the newest of its events."""

    stage: Stage
    next_step: str
    pass_no: int
    contacted: bool
    attempts: int
    rests_until: datetime | None
    look_again_on: date | None
    facts: dict[str, Value]
    score: Score
    deal: Deal | None
    timeline: list[Event]

    @property
    def about(self) -> int | None:
        """This lead."""
        return self.id


class Moved(Shape):
    """What a move did: the entry in the ledger, the lead as it stands now, and what comes next."""

    decision: Decision
    lead: Lead
    next_step: str

    @property
    def about(self) -> int | None:
        """The lead that moved."""
        return self.lead.id


class Captured(Shape):
    """The lead that was entered. It is ``new``, or somebody known already whose blanks were ``filled``."""

    new: bool
    filled: bool
    promoted: bool
    lead: Lead

    @property
    def about(self) -> int | None:
        """The lead that was entered."""
        return self.lead.id
