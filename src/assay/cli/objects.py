"""Leads and decisions as programs get them, the same from every command."""

from datetime import datetime

from assay.cli.acting import rule_at
from assay.domain.labels import label, next_step
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, Pass


def lead_object(lead: Lead) -> dict[str, object]:
    """A lead with both labels and its score as it stands. Needs person, company and source loaded."""
    rung = Rung(lead.rung)
    return {
        "id": lead.pk,
        "lead_id": lead.external_id or None,
        "email": lead.person.email or None,
        "name": str(lead.person),
        "title": lead.person.title or None,
        "company": str(lead.company) if lead.company else None,
        "label": label(lead.temperature, rung),
        "rung": rung,
        "temperature": lead.temperature,
        "grid": lead.grid,
        "fit": lead.fit,
        "coverage": lead.coverage,
        "intent": lead.intent,
        "pattern": lead.pattern,
        "mql": lead.mql,
        "insufficient_data": lead.insufficient_data,
        "cooling": lead.cooling,
        "explored": lead.explored,
        "source": lead.source.name,
        "campaign": lead.campaign.name if lead.campaign else None,
        "captured_at": lead.captured_at,
    }


def next_step_of(lead: Lead, current: Pass, at: datetime) -> str:
    """What to do next with a lead."""
    rests_until = lead.rests_until.astimezone(rule_at(at).policy.zone) if lead.rests_until else None
    return next_step(
        Rung(lead.rung),
        lead.temperature,
        contacted=current.contacted_at is not None,
        missing_data=lead.insufficient_data,
        rests_until=rests_until if rests_until and rests_until > at else None,
    )


def decision_object(decision: Decision) -> dict[str, object]:
    """A row of the ledger."""
    return {
        "id": decision.pk,
        "lead": decision.lead_id,
        "pass": decision.pass_no,
        "move": decision.move,
        "from": decision.from_rung or None,
        "to": decision.to_rung,
        "at": decision.at,
        "by": decision.by_name,
        "desk": decision.desk,
        "reason": decision.reason or None,
        "text": decision.text or None,
        "details": decision.details,
        "policy": decision.policy_id,
    }
