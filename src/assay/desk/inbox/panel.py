"""The right side of the inbox: who this is, why it is here, and what speaks for and against taking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.desk import words
from assay.desk.telling import told
from assay.desk.why import Why, why
from assay.domain.clock import ClockReading
from assay.domain.labels import next_step
from assay.domain.ladder import Desk, Rung
from assay.domain.policy import Policy
from assay.domain.roles import DESKS
from assay.records import gate
from assay.records.clocks import gate_clock, is_at_the_gate
from assay.records.models import Decision, Lead, Signal, User
from assay.records.waiting import at_the_gate

SIGNALS, COLLEAGUES, NAMES = 6, 5, 4
SHOWN = ("person__name", "person__email", "person__phone", "person__title", "rung", "temperature", "grid")
"""What is shown of a colleague."""


@dataclass(frozen=True, slots=True)
class Told:
    """A signal with what the policy calls its kind."""

    signal: Signal
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the panel shows about one lead at the gate."""

    lead: Lead
    step: str
    why: Why | None
    signals: Sequence[Told]
    colleagues: Sequence[Lead]
    promoted: Decision | None
    rejected: Decision | None
    rejected_for: str
    verdict: Decision | None
    clock: ClockReading | None
    waits: bool

    @property
    def explored(self) -> float:
        """The share of leads like this one that are sent as an exploration, where it is one."""
        return self.promoted.details.get("exploration", 0.0) if self.promoted else 0.0


def load(lead_id: int) -> Lead | None:
    """A lead with all the panel names."""
    leads = Lead.objects.select_related("person", "company", "source", "campaign", "score").defer("facts")
    return leads.in_bulk([lead_id]).get(lead_id)


def panel(lead: Lead, policy: Policy, now: datetime, promoted: Decision | None = None) -> Panel:
    """The panel of a lead that :func:`load` gave; ``promoted`` is what brought it to the gate, where that is known."""
    promoted = promoted or gate.promotions([lead.pk]).get(lead.pk)
    rejected = gate.last_rejection(lead)
    signals = Signal.objects.filter(identity__person=lead.person_id).only("kind", "at", "url", "bot")
    waits = is_at_the_gate(lead)
    verdict = None if waits else gate.last_verdict(lead)
    return Panel(
        lead=lead,
        step=told(next_step(Rung(lead.rung), lead.temperature, missing_data=lead.insufficient_data)),
        why=why(lead, policy),
        signals=[
            Told(signal, words.signal(policy, signal.kind)) for signal in signals.order_by("-at", "-pk")[:SIGNALS]
        ],
        colleagues=colleagues(lead),
        promoted=promoted,
        rejected=rejected,
        rejected_for=words.reason(policy, "reject", rejected.reason) if rejected else "",
        verdict=verdict,
        clock=gate_clock(lead, promoted.at, policy, now, verdict) if promoted and (waits or verdict) else None,
        waits=waits,
    )


def colleagues(lead: Lead) -> list[Lead]:
    """Others of the same company who wait at the gate, best first."""
    if lead.company_id is None:
        return []
    others = at_the_gate().filter(company=lead.company_id).exclude(pk=lead.pk)
    return list(others.select_related("person").only(*SHOWN)[:COLLEAGUES])


def deciders() -> list[str]:
    """Names of some of those who decide at the gate."""
    roles = [role for role, desks in DESKS.items() if Desk.SALES in desks]
    people = User.objects.filter(role__in=roles, is_active=True).exclude(role="operator").order_by("role", "pk")
    return [person.name for person in people[:NAMES]]
