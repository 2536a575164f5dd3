"""How a lead moves on the ladder: guards, row, pass, ledger entry and who is told, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.announcing import announce
from assay.actions.passes import MOVED, next_pass, stand_on
from assay.actions.policies import Rule, rule
from assay.actions.writing import insert, update
from assay.domain import ladder
from assay.domain.errors import AlreadyDecided, MoveRefused, NotFound
from assay.domain.ladder import ASSIGN, LADDER, Case, Desk, Move, Request, Rung, Situation, desk_of
from assay.domain.phrase import Phrase
from assay.records.models import Deal, Decision, Lead, Offer, Pass, Score
from assay.records.offers import held_for, open_offer
from assay.records.routing import Ended


@dataclass(slots=True)
class Standing:
    """A lead with what a move needs to know and may change: its current pass, and that pass' deal if any."""

    lead: Lead
    current: Pass
    deal: Deal | None = None

    @property
    def situation(self) -> Situation:
        lead = self.lead
        return Situation(
            rung=Rung(lead.rung),
            fits=lead.fits,
            mql=lead.mql,
            milestone=lead.milestone,
            rests_until=lead.rests_until,
            owner=str(lead.owner_id or ""),
            contacted=self.current.contacted_at is not None,
            attempts=self.current.attempts,
            bant=self.deal.bant if self.deal else {},
        )


def standing(lead_id: int) -> Standing:
    """The lead, locked until the transaction ends. Raises NotFound."""
    lead = Lead.objects.select_for_update().filter(pk=lead_id).first()
    if lead is None:
        raise NotFound("unknown_lead", Phrase("There is no lead {lead}.", lead=str(lead_id)))
    current = Pass.objects.get(lead=lead, number=lead.pass_no)
    return Standing(lead, current, Deal.objects.filter(lead=lead, pass_no=lead.pass_no).first())


@transaction.atomic
def make_move(name: str, lead_id: int, by: Actor, at: datetime, request: Request | None = None) -> Decision:
    """Move one lead. Raises MoveRefused or AlreadyDecided, and then nothing has changed."""
    here = standing(lead_id)
    try:
        same_owner(here.lead, by, name)
        offer = _held(here.lead, by, name, at)
        decision = move_all(name, [(here, request or Request())], by, at, rule(at))[0]
        if offer:
            _end(offer, here.lead, at)
        return decision
    except MoveRefused as error:
        if first := _who_was_first(name, here.lead):
            raise _already_decided(name, here.lead, first) from error
        raise


MOVING = ("rung", "pass_no", "owner", "rests_until", "look_again_on", "explored")
"""The fields of a lead that a move may change."""


def move_all(
    name: str, leads: Sequence[tuple[Standing, Request]], by: Actor, at: datetime, rule: Rule
) -> list[Decision]:
    """Move leads that the caller has locked, within the caller's transaction."""
    moved = [
        (here, request, ladder.move(name, by.desks, Case(here.situation, request, rule.policy, at)))
        for here, request in leads
    ]
    scores = Score.objects.in_bulk([here.lead.pk for here, *_ in moved])
    decisions = [_decision(here, row, request, by, at, rule, scores.get(here.lead.pk)) for here, request, row in moved]
    old_passes = [here.current for here, *_ in moved]
    new_passes = [began for here, request, row in moved if (began := _apply(here, row, request, at, rule))]
    update(Lead, [here.lead for here, *_ in moved], MOVING)
    insert(Pass, new_passes)
    update(Pass, old_passes, MOVED)
    announce(insert(Decision, decisions), at)
    return decisions


def _apply(here: Standing, row: Move, request: Request, at: datetime, rule: Rule) -> Pass | None:
    """Change the lead and its pass as the row says. Returns the pass that begins with it, if one does."""
    lead, current = here.lead, here.current
    lead.rung = row.to
    lead.explored = request.exploration is not None
    if request.owner:
        lead.owner_id = current.owner_id = int(request.owner)
    lead.rests_until = _rests_until(request, at, rule) if row.rests else None
    lead.look_again_on = request.look_again
    if row.to is Rung.LEAD:
        lead.owner_id = None
    if not row.starts_pass:
        stand_on(current, row.to, at, rule.version, lead.temperature)
        return None
    lead.pass_no += 1
    here.current, here.deal = next_pass(current, at), None
    return here.current


def _rests_until(request: Request, at: datetime, rule: Rule) -> datetime:
    if request.look_again:
        return datetime.combine(request.look_again, time.min, rule.policy.zone)
    return at + timedelta(days=rule.policy.mql.cool_off_days)


def _decision(
    here: Standing, row: Move, request: Request, by: Actor, at: datetime, rule: Rule, score: Score | None
) -> Decision:
    return Decision(
        lead_id=here.lead.pk,
        pass_no=here.lead.pass_no + row.starts_pass,
        move=row.name,
        from_rung=here.lead.rung,
        to_rung=row.to,
        at=at,
        by_id=by.user_id,
        by_name=by.name,
        desk=min(row.desks & by.desks),
        reason=request.reason,
        text=request.text,
        details=_details(request) | _through(by),
        policy_id=rule.version,
        score=score_as_it_stood(here.lead, score),
    )


def _through(by: Actor) -> dict[str, str | float | dict[str, str]]:
    """Through what somebody decides, and whose draft it was."""
    said = {"via": by.via, "drafted_by": by.drafted_by}
    return {key: text for key, text in said.items() if text}


def _details(request: Request) -> dict[str, str | float | dict[str, str]]:
    """What else was said with the decision, blanks left out."""
    said = {
        "owner": request.owner,
        "because": request.because,
        "fit_note": request.fit_note,
        "intent_note": request.intent_note,
        "value": str(request.value) if request.value is not None else "",
        "currency": request.currency,
        "close_date": request.close_date.isoformat() if request.close_date else "",
        "look_again": request.look_again.isoformat() if request.look_again else "",
    }
    notes = {point: note for point, note in request.bant.items() if note}
    details: dict[str, str | float | dict[str, str]] = {key: text for key, text in said.items() if text}
    if request.exploration is not None:
        details["exploration"] = request.exploration
    return details | ({"bant": notes} if notes else {})


def score_as_it_stood(lead: Lead, score: Score | None) -> dict[str, object] | None:
    """The score for the ledger: both axes, both labels' evidence and the parts."""
    if score is None:
        return None
    numbers = {name: getattr(lead, name) for name in Lead.SCORED}
    return numbers | {"parts": score.parts, "missing": score.missing, "as_of": score.as_of.isoformat()}


def same_owner(lead: Lead, by: Actor, what: str) -> None:
    """A rep works own leads; a manager may work any. Raises MoveRefused."""
    is_anothers = desk_of(Rung(lead.rung)) is Desk.SALES and lead.owner_id != by.user_id
    if is_anothers and Desk.SALES in by.desks and not by.manages:
        raise MoveRefused(
            "not_yours",
            Phrase(
                "{who} cannot {what} lead {lead}: it belongs to {owner}.",
                who=by.name,
                what=what,
                lead=str(lead.pk),
                owner=str(lead.owner),
            ),
            Phrase("Ask its owner or a manager."),
        )


def _held(lead: Lead, by: Actor, what: str, at: datetime) -> Offer | None:
    """The offer of a lead that somebody moves. Raises MoveRefused while it is held at the gate for somebody else."""
    offer = open_offer(lead.pk)
    held = held_for(lead, offer, by, rule(at).policy) if offer and at < offer.until and Desk.SALES in by.desks else None
    if held:
        said = Phrase(
            "{who} cannot {what} lead {lead}: it is offered to {owner} until {at}.",
            who=by.name,
            what=what,
            lead=str(lead.pk),
            owner=str(held.to),
            at=held.until,
        )
        raise MoveRefused("held_for_another", said, Phrase("Ask them or a manager."))
    return offer


def _end(offer: Offer, lead: Lead, at: datetime) -> None:
    """Whoever owns a lead now has taken it; any other move makes the offer pointless."""
    offer.ended = Ended.TAKEN if offer.to_id is not None and offer.to_id == lead.owner_id else Ended.MOOT
    offer.ended_at = at
    offer.save(update_fields=["ended", "ended_at"])


def _who_was_first(name: str, lead: Lead) -> Decision | None:
    """The decision after which a move of this pass no longer fits, where a person made it."""
    origins = {origin for row in LADDER if row.name == name for origin in row.origins}
    if lead.rung in origins:
        return None
    decided = Decision.objects.filter(lead=lead, pass_no=lead.pass_no, from_rung__in=origins, by__isnull=False)
    decided = decided.exclude(move=ASSIGN)
    return decided.order_by("-pk").first()


def _already_decided(name: str, lead: Lead, first: Decision) -> AlreadyDecided:
    return AlreadyDecided(
        "already_decided",
        Phrase(
            "Lead {lead} was already decided by {who} at {at}: {move}, now on rung {rung}.",
            lead=str(lead.pk),
            who=first.by_name,
            at=first.at,
            move=first.move,
            rung=Rung(lead.rung),
        ),
        Phrase("It cannot {move} any more. Nothing was changed.", move=name),
    )
