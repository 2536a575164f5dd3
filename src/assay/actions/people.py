"""Two people on record who turn out to be one: their signals, addresses and facts come together, and can part again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from assay.actions.actors import Actor
from assay.actions.filing import file_again
from assay.actions.fill import PERSON_FIELDS
from assay.actions.moves import Standing, move_all, standing
from assay.actions.policies import rule
from assay.actions.recognise import hold
from assay.actions.scoring import lock, recount, score_leads
from assay.domain.errors import NotFound, Refused
from assay.domain.ladder import Desk, Request, Rung
from assay.domain.phrase import Phrase
from assay.records.models import Consent, Identity, Lead, Membership, Merge, Submission, User

BEFORE_THE_GATE = frozenset({Rung.LEAD, Rung.MQL, Rung.PQL, Rung.DISQUALIFIED})
DUPLICATE = "duplicate"

GOES_OVER: Mapping[str, type[Identity | Membership | Consent | Submission]] = {
    "identities": Identity,
    "memberships": Membership,
    "consents": Consent,
    "submissions": Submission,
}
"""What of a person's goes over to whom they become."""

MERGER = Actor("intake", frozenset({Desk.MARKETING}))
"""Who takes the second lead out when nobody in particular merged them."""


def merge_people(one_id: int, other_id: int, by: Actor, at: datetime, why: str) -> Merge:
    """Make two people one, within the caller's transaction. Raises Refused where sales works on both.

    The one that is further on the ladder stays, else the older. The other's lead is disqualified as a duplicate; its
    identities, memberships and, where blank, facts go over. The score is that of all signals together, exactly.
    """
    identities = Identity.objects.filter(person__in=[one_id, other_id])
    hold(list(identities.values_list("pk", flat=True)))
    lock(sorted(Lead.objects.filter(person__in=[one_id, other_id]).values_list("pk", flat=True)))
    leads = {lead.person_id: lead for lead in _leads(one_id, other_id)}
    if len(leads) != 2:
        said = Phrase("One of these people is no lead.")
        raise NotFound("unknown_person", said, Phrase("Look at the list of leads."))
    kept, merged = staying(leads[one_id], leads[other_id])
    _are_two((kept, merged))
    if Rung(merged.rung) not in BEFORE_THE_GATE:
        raise Refused(
            "both_worked_on",
            Phrase("Sales works on both lead {one} and lead {other}.", one=str(kept.pk), other=str(merged.pk)),
            Phrase("Recycle or disqualify one of them first."),
        )
    moved = _move_over(kept, merged)
    merge = Merge.objects.create(
        kept=kept.person, merged=merged.person, at=at, by_id=by.user_id, by_name=by.name, why=why, moved=moved
    )
    _take_out(merged, by if Desk.MARKETING in by.desks else MERGER, at, f"Same person as lead {kept.pk}: {why}")
    _count_again([kept.pk, merged.pk], at)
    return merge


def undo_merge(merge: Merge, by: Actor, at: datetime) -> None:
    """Part two people again, within the caller's transaction: what went over goes back. Raises Refused when undone.

    What either learned since stays where it is. The lead that was taken out begins its next pass.
    """
    row = Merge.objects.select_for_update().filter(pk=merge.pk, undone_at=None).first()
    if row is None:
        raise Refused("undone_already", Phrase("This was parted before."), Phrase("Nothing was changed."))
    hold(row.moved["identities"])
    lock(sorted(Lead.objects.filter(person__in=[row.kept_id, row.merged_id]).values_list("pk", flat=True)))
    leads = {lead.person_id: lead for lead in _leads(row.kept_id, row.merged_id)}
    kept, merged = leads[row.kept_id], leads[row.merged_id]
    _are_two((kept,))  # or what went over is somebody else's by now
    for name, model in GOES_OVER.items():
        model.objects.filter(pk__in=row.moved.get(name, ()), person=kept.person).update(person=merged.person)
    _give_back(kept, row.moved["filled"])
    row.undone_at, row.undone_by = at, User.objects.filter(pk=by.user_id or 0).first()
    row.save(update_fields=["undone_at", "undone_by"])
    if merged.rung == Rung.DISQUALIFIED and row.moved["taken_out"]:
        actor = by if Desk.MARKETING in by.desks else MERGER
        move_all(
            "reopen", [(standing(merged.pk), Request(reason="other", text="Not the same person"))], actor, at, rule(at)
        )
    _count_again([kept.pk, merged.pk], at)


def _leads(*person_ids: int) -> Sequence[Lead]:
    return list(Lead.objects.select_related("person", "company").filter(person__in=person_ids).order_by("pk"))


def staying(one: Lead, other: Lead) -> tuple[Lead, Lead]:
    """Which of two leads stays when their people become one, and which is taken out."""
    kept, merged = sorted((one, other), key=_rank)
    return kept, merged


def _are_two(leads: Sequence[Lead]) -> None:
    """Raise Refused where somebody has become another person before: whose they are is decided there."""
    merge = Merge.objects.select_related("kept__lead", "merged__lead")
    before = merge.filter(merged__in=[lead.person_id for lead in leads], undone_at=None).first()
    if before:
        said = Phrase(
            "Lead {lead} is part of lead {other} already.",
            lead=str(before.merged.lead.pk),
            other=str(before.kept.lead.pk),
        )
        raise Refused("merged_already", said, Phrase("Part them there first, or go on with that one."))


def _rank(lead: Lead) -> tuple[bool, bool, int]:
    """The lead that stays comes first: one sales works on, one that is not out, the older."""
    return Rung(lead.rung) in BEFORE_THE_GATE, lead.rung == Rung.DISQUALIFIED, lead.pk


def _move_over(kept: Lead, merged: Lead) -> dict[str, object]:
    """Identities, memberships, what they agreed to, and facts; returns what went, so that it can go back."""
    companies = Membership.objects.filter(person=kept.person).values("company")
    both_in = Membership.objects.filter(person=merged.person, company__in=companies).values("pk")
    moved: dict[str, object] = {}
    for name, model in GOES_OVER.items():
        theirs = model.objects.filter(person=merged.person)
        if model is Membership:
            theirs = theirs.exclude(pk__in=both_in)
        moved[name] = went = list(theirs.values_list("pk", flat=True))
        model.objects.filter(pk__in=went).update(person=kept.person)
    filled: dict[str, object] = {}
    for name in PERSON_FIELDS:
        if not getattr(kept.person, name) and (said := getattr(merged.person, name)):
            setattr(kept.person, name, said)
            filled[f"person.{name}"] = said
    for key, value in merged.facts.items():
        if key not in kept.facts:
            kept.facts[key] = value
            filled[f"facts.{key}"] = value
    if kept.company is None and merged.company is not None:
        kept.company, filled["company"] = merged.company, merged.company.pk
    kept.person.save()
    kept.save(update_fields=["facts", "company"])
    return moved | {"filled": filled, "taken_out": merged.rung != Rung.DISQUALIFIED}


def _give_back(kept: Lead, filled: dict[str, object]) -> None:
    for name, value in filled.items():
        kind, _, field = name.partition(".")
        if kind == "person" and getattr(kept.person, field) == value:
            setattr(kept.person, field, "")
        elif kind == "facts" and kept.facts.get(field) == value:
            del kept.facts[field]
        elif kind == "company" and kept.company_id == value:
            kept.company = None
    kept.person.save()
    kept.save(update_fields=["facts", "company"])


def _take_out(lead: Lead, by: Actor, at: datetime, text: str) -> None:
    here: Standing = standing(lead.pk)
    if here.lead.rung != Rung.DISQUALIFIED:
        move_all("disqualify", [(here, Request(reason=_reason(at), text=text))], by, at, rule(at))


def _reason(at: datetime) -> str:
    """The policy's reason for a duplicate; "other" where it names none."""
    return DUPLICATE if DUPLICATE in rule(at).policy.gate.reasons.disqualification else "other"


def _count_again(lead_ids: Sequence[int], at: datetime) -> None:
    recount(sorted(lead_ids), at)
    score_leads(sorted(lead_ids), at)
    file_again(lead_ids)
