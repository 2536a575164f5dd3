"""Corrected data: what a person found wrong is put right, what it said before is kept, and the scores follow."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.addresses import give_address
from assay.actions.facts import put_fact
from assay.actions.filing import file_again
from assay.actions.fill import COMPANY_FIELDS, PERSON_FIELDS
from assay.actions.moves import same_owner
from assay.actions.scoring import lock, score_leads
from assay.actions.writing import insert, update
from assay.domain.errors import BadInput, NotFound
from assay.domain.facts import Facts, Value, is_known
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase, Template
from assay.records.facts import facts_of
from assay.records.models import Answer, Company, Decision, Edit, Lead, Person

ON_RECORD = {"person": PERSON_FIELDS, "company": COMPANY_FIELDS}
"""The facts that stand in columns, by the first word of their key."""
CORRECTED = Template("Corrected: {facts}")
"""Marketing's answer to a rejection, where it put facts right; they stand in it by key."""
JOINED = "company.domain"
"""The fact that says which company somebody acts for: it can follow from a corrected address."""


@transaction.atomic
def correct(lead_id: int, by: Actor, at: datetime, changes: Mapping[str, Value]) -> list[Edit]:
    """Change facts of a lead, its person and its company, by dotted key; None or "" takes a fact away.

    A fact of the company holds for all its people from then on: copies their own rows brought are dropped. All leads
    concerned are scored anew, and where marketing corrects one that sales rejected, that answers the rejection.
    Returns one edit for each lead and fact that changed. Raises BadInput, NotFound, Refused or MoveRefused.
    """
    by.needs_a_desk("correct data")
    leads = _concerned(lead_id, changes)
    lead = next(lead for lead in leads if lead.pk == lead_id)
    same_owner(lead, by, "correct the data of")
    before = {lead.pk: facts_of(lead) for lead in leads}
    for key, value in changes.items():
        put_fact(lead, leads, key, value)
    if not any(map(is_known, (lead.person.name, lead.person.email, lead.person.phone))):
        raise BadInput(
            "nobody",
            Phrase("Somebody without name, email and phone cannot be found again."),
            Phrase("Leave one of them."),
        )
    if lead.person.email != before[lead_id]["person.email"]:
        give_address(lead, at)
    keys = dict.fromkeys([*changes, JOINED])
    edits = [edit for lead in leads for edit in _edits(lead, before[lead.pk], facts_of(lead), keys, by, at)]
    if edits:
        _write(lead, leads, changes)
        insert(Edit, edits)
        changed = sorted({edit.lead_id for edit in edits})
        score_leads(changed, at)
        _answer(changed, by, at, edits)
    return edits


def _concerned(lead_id: int, changes: Mapping[str, Value]) -> list[Lead]:
    """The lead, and where a fact of the company changes, everybody of that company, locked in one order."""
    lead = Lead.objects.filter(pk=lead_id).only("company").first()
    if lead is None:
        raise NotFound("unknown_lead", Phrase("There is no lead {lead}.", lead=str(lead_id)))
    whole_company = lead.company_id and any(key.startswith("company.") for key in changes)
    wanted = Lead.objects.filter(company=lead.company_id) if whole_company else Lead.objects.filter(pk=lead_id)
    lead_ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    lock(lead_ids)
    leads = list(Lead.objects.select_related("person", "company", "owner").filter(pk__in=lead_ids).order_by("pk"))
    for other in leads[1:]:
        other.company = leads[0].company  # one and the same, so that a change shows for all
    return leads


def _edits(lead: Lead, before: Facts, after: Facts, keys: Iterable[str], by: Actor, at: datetime) -> list[Edit]:
    """What one lead said before and says since, where that differs."""
    told = [(key, _known(before.get(key)), _known(after.get(key))) for key in keys]
    return [
        Edit(lead=lead, by_id=by.user_id, by_name=by.name, at=at, field=key, before=was, after=now)
        for key, was, now in told
        if was != now
    ]


def _known(value: Value) -> Value:
    return value if is_known(value) else None


def _write(lead: Lead, leads: Sequence[Lead], keys: Collection[str]) -> None:
    """Write what the keys name and nothing beside, as others may be at work on it."""
    fields = {root: [name for name in names if f"{root}.{name}" in keys] for root, names in ON_RECORD.items()}
    if fields["person"]:
        update(Person, [lead.person], fields["person"])
    if lead.company is not None and fields["company"]:
        update(Company, [lead.company], fields["company"])
    update(Lead, leads, ["company", "facts"])
    file_again([lead.pk for lead in leads])


def _answer(lead_ids: Sequence[int], by: Actor, at: datetime, edits: Sequence[Edit]) -> None:
    """Better data is marketing's answer to a rejection that has none yet."""
    if Desk.MARKETING not in by.desks or by.user_id is None:
        return
    said = CORRECTED.format(facts=", ".join(dict.fromkeys(edit.field for edit in edits)))
    waiting = Decision.objects.filter(lead__in=lead_ids, move="reject", answer__isnull=True)
    insert(Answer, [Answer(decision=rejection, by_id=by.user_id, at=at, text=said) for rejection in waiting])
