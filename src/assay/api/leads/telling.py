"""A lead on record as programs are told of it."""

from datetime import datetime

from assay.actions.policies import rule
from assay.api.deals.telling import deal
from assay.api.leads import shapes
from assay.domain.errors import NotFound
from assay.domain.labels import label, next_step
from assay.domain.ladder import Desk, Rung, stage
from assay.records.decisions import TouchKind
from assay.records.facts import facts_of
from assay.records.leads import Temperature
from assay.records.models import Deal, Decision, Edit, Lead, Pass, Signal, Touch
from assay.records.timeline import Entry, timeline

RELATED = ("person", "company", "source", "campaign", "owner")
"""What a lead is told with."""
NEWEST = 20
"""Events told with a whole lead."""


def lead(row: Lead) -> shapes.Lead:
    """The lead, with RELATED loaded."""
    return shapes.Lead(**_lead(row))


def _lead(row: Lead) -> dict[str, object]:
    company = row.company and shapes.CompanyName(
        id=row.company.pk, name=row.company.name or row.company.domain, domain=row.company.domain
    )
    return {
        "id": row.pk,
        "lead_id": row.external_id or None,
        "name": str(row.person),
        "email": row.person.email or None,
        "phone": row.person.phone or None,
        "title": row.person.title or None,
        "company": company,
        "label": label(row.temperature, Rung(row.rung)),
        "rung": Rung(row.rung),
        "temperature": Temperature(row.temperature),
        "grid": row.grid,
        "fit": row.fit,
        "coverage": row.coverage,
        "intent": row.intent,
        "pattern": row.pattern,
        "mql": row.mql,
        "insufficient_data": row.insufficient_data,
        "cooling": row.cooling,
        "explored": row.explored,
        "source": row.source.name,
        "campaign": row.campaign.name if row.campaign else None,
        "owner": row.owner.email if row.owner else None,
        "captured_at": row.captured_at,
    }


def standing(lead_id: int) -> tuple[Lead, Pass]:
    """A lead with RELATED, and its current pass. Raises NotFound."""
    row = Lead.objects.select_related(*RELATED).filter(pk=lead_id).first()
    if row is None:
        raise NotFound("unknown_lead", f"There is no lead {lead_id}.", "Look for it with GET /api/v1/leads?email=")
    return row, Pass.objects.get(lead=row, number=row.pass_no)


def whole(lead_id: int, at: datetime) -> shapes.WholeLead:
    """Everything about a lead. Raises NotFound."""
    row, current = standing(lead_id)
    score = row.score
    its_deal = Deal.objects.filter(lead=row, pass_no=row.pass_no).first()
    events, _ = timeline(row, NEWEST)
    return shapes.WholeLead(
        **_lead(row),
        stage=stage(
            Rung(row.rung),
            contacted=current.contacted_at is not None,
            qualified=its_deal is not None and all(its_deal.bant.values()),
            deal=its_deal is not None and its_deal.opened_at is not None,
        ),
        next_step=step(row, current, at),
        pass_no=row.pass_no,
        contacted=current.contacted_at is not None,
        attempts=current.attempts,
        rests_until=row.rests_until,
        look_again_on=row.look_again_on,
        facts=dict(facts_of(row)),
        score=shapes.Score(
            parts=[shapes.Part(**part) for part in score.parts],
            missing=score.missing,
            policy=score.policy_id,
            as_of=score.as_of,
        ),
        deal=deal(its_deal) if its_deal else None,
        timeline=[event(entry) for entry in events],
    )


def step(row: Lead, current: Pass, at: datetime) -> str:
    """What to do next with a lead."""
    rests = row.rests_until.astimezone(rule(at).policy.zone) if row.rests_until and row.rests_until > at else None
    contacted = current.contacted_at is not None
    return str(
        next_step(
            Rung(row.rung),
            row.temperature,
            contacted=contacted,
            missing_data=row.insufficient_data,
            rests_until=rests,
        )
    )


def moved(row: Decision, at: datetime) -> shapes.Moved:
    """What a move did."""
    its_lead, current = standing(row.lead_id)
    return shapes.Moved(decision=decision(row), lead=lead(its_lead), next_step=step(its_lead, current, at))


def decision(row: Decision) -> shapes.Decision:
    """An entry of the ledger."""
    return shapes.Decision(
        id=row.pk,
        lead=row.lead_id,
        pass_no=row.pass_no,
        move=row.move,
        from_rung=Rung(row.from_rung) if row.from_rung else None,
        to_rung=Rung(row.to_rung),
        at=row.at,
        by=row.by_name,
        desk=Desk(row.desk),
        reason=row.reason or None,
        text=row.text or None,
        details=row.details,
        policy=row.policy_id,
    )


def touch(row: Touch) -> shapes.Touch:
    """Something we did."""
    return shapes.Touch(
        id=row.pk, kind=TouchKind(row.kind), reached=row.reached, automatic=row.automatic, note=row.note or None
    )


def event(entry: Entry) -> shapes.Event:
    """One thing that happened."""
    at, row = entry.place.at, entry.row
    match row:
        case Signal():
            seen = shapes.Signal(kind=row.kind, url=row.url or None, bot=row.bot)
            return shapes.Event(at=at, kind="signal", signal=seen)
        case Touch():
            return shapes.Event(at=at, kind="touch", by=row.by_name, touch=touch(row))
        case Edit():
            changed = shapes.Edit(field=row.field, before=row.before, after=row.after)
            return shapes.Event(at=at, kind="edit", by=row.by_name, edit=changed)
        case Decision():
            return shapes.Event(at=at, kind="decision", by=row.by_name, decision=decision(row))
