"""Undoing an import: what it made goes, what it filled is emptied, and what people have worked on stays."""

from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from assay.actions.actors import Actor
from assay.actions.filing import file_again
from assay.actions.recognise import hold
from assay.actions.scoring import batched, recount, score_leads
from assay.actions.spend import take_back_costs
from assay.actions.writing import in_transaction
from assay.domain.errors import NotFound, Refused
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.records.imports import ImportKind
from assay.records.models import (
    Campaign,
    Company,
    Decision,
    Identity,
    Import,
    ImportChange,
    Lead,
    Person,
    Signal,
    SignalState,
    Source,
    Spend,
    Submission,
    Unlock,
)

Row = TypeVar("Row", bound=Model)

STEP = 1_000


def undo_import(number: int, by: Actor, at: datetime) -> dict[str, int]:
    """Undo an import. Returns how many leads and signals went, and leads ``kept`` as people work on them.

    Of costs, how many went and how many were ``put_back`` as they were.
    """
    by.needs(Desk.MARKETING, "undo an import")
    return in_transaction(partial(_undo, number, by, at))


def _undo(number: int, by: Actor, at: datetime) -> dict[str, int]:
    # Whoever works on the import's leads meanwhile refers to this row, and must not have to wait for us.
    source = Import.objects.select_for_update(no_key=True).filter(pk=number).first()
    if source is None:
        raise NotFound("unknown_import", f"There is no import {number}.", "List them with: assay import list")
    if source.undone_at:
        said = Phrase("Import {number} was undone at {at}.", number=str(number), at=source.undone_at)
        raise Refused("undone_already", said)
    unlock = Unlock.objects.create(why=f"undo import {number}")
    counts = {
        "signals": _undo_signals(source, at),
        **_undo_leads(source),
        "emptied": _undo_changes(source, at),
        **(_undo_costs(source) if source.kind == ImportKind.COSTS else {}),
    }
    unlock.delete()
    source.undone_at, source.undone_by_id = at, by.user_id
    source.save(update_fields=["undone_at", "undone_by"])
    return counts


def _undo_signals(source: Import, at: datetime) -> int:
    """Take the import's signals out of the log and count their leads again."""
    signals = Signal.objects.filter(imported_by=source)
    lead_ids = list(
        signals.filter(identity__person__lead__isnull=False).values_list("identity__person__lead", flat=True).distinct()
    )
    identities = list(signals.filter(identity__person=None).values_list("identity", flat=True).distinct())
    _, by_table = signals.delete()
    hold(identities)
    Identity.objects.filter(pk__in=identities, person=None, signals=None).delete()
    for chunk in batched(sorted(lead_ids), STEP):
        recount(chunk, at)
        score_leads(chunk, at)
    return by_table.get(Signal._meta.label, 0)


def _undo_costs(source: Import) -> dict[str, int]:
    """Take the import's costs away, and the sources and campaigns that nothing else names."""
    costs = Spend.objects.filter(imported_by=source)
    campaigns = list(costs.exclude(campaign=None).values_list("campaign", flat=True).distinct())
    sources = list(costs.values_list("source", flat=True).distinct())
    counts = take_back_costs(source)
    _unused(Campaign.objects.filter(pk__in=campaigns)).delete()
    _unused(Source.objects.filter(pk__in=sources)).delete()
    return counts


def _worked_on() -> Q:
    """Leads that people have decided on, touched, taken or corrected since, and those who came by a form themselves."""
    human = Decision.objects.filter(lead=OuterRef("pk"), by__isnull=False).exclude(move="capture")
    came = Submission.objects.filter(person=OuterRef("person"))
    return (
        Q(Exists(human)) | Q(Exists(came)) | Q(touches__isnull=False) | Q(edits__isnull=False) | Q(owner__isnull=False)
    )


def _undo_leads(source: Import) -> dict[str, int]:
    """Take away the import's leads with all that was made for them."""
    made = Lead.objects.filter(imported_by=source)
    # Locked before anybody looks: nobody decides on one meanwhile, and signals that come in wait their turn.
    ids = list(made.select_for_update().order_by("pk").values_list("pk", flat=True))
    kept_ids = set(made.filter(_worked_on()).values_list("pk", flat=True))
    gone = [pk for pk in ids if pk not in kept_ids]
    for chunk in batched(gone, STEP):
        _delete_leads(Lead.objects.filter(pk__in=chunk))
    return {"leads": len(gone), "kept": len(kept_ids)}


def _delete_leads(leads: QuerySet[Lead]) -> None:
    people = list(leads.values_list("person", flat=True))
    companies = list(leads.exclude(company=None).values_list("company", flat=True))
    campaigns = list(leads.exclude(campaign=None).values_list("campaign", flat=True))
    sources = list(leads.values_list("source", flat=True))
    SignalState.objects.filter(lead__in=leads).delete()
    Decision.objects.filter(lead__in=leads).delete()
    leads.delete()
    # Signals stay: whoever they name is unknown again, and waits to be recognised.
    Identity.objects.filter(person__in=people, signals__isnull=False).update(person=None)
    Identity.objects.filter(person__in=people).delete()
    Person.objects.filter(pk__in=people).delete()
    _unused(Company.objects.filter(pk__in=companies)).delete()
    _unused(Campaign.objects.filter(pk__in=campaigns)).delete()
    _unused(Source.objects.filter(pk__in=sources)).delete()


def _unused(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those to which nothing refers any more."""
    return rows.filter(**{relation.name: None for relation in rows.model._meta.related_objects})


def _undo_changes(source: Import, at: datetime) -> int:
    """Empty again what the import filled in, where it still says what the import said."""
    emptied, leads = 0, set[int]()
    for change in ImportChange.objects.filter(imported_by=source, model__in=_UNDO).iterator():
        lead_ids = _UNDO[change.model](change)
        emptied += bool(lead_ids)
        leads |= lead_ids
    for chunk in batched(sorted(leads), STEP):
        recount(chunk, at)
        file_again(chunk)
        score_leads(chunk, at)
    return emptied


def _empty_field(model: type[Person] | type[Company], change: ImportChange) -> set[int]:
    row = model._default_manager.filter(pk=change.object_id).first()
    if row is None or getattr(row, change.field) != change.after:
        return set()
    setattr(row, change.field, change.before)
    row.save(update_fields=[change.field])
    owner = "person" if model is Person else "company"
    return set(Lead.objects.filter(**{owner: row.pk}).values_list("pk", flat=True))


def _empty_fact(change: ImportChange) -> set[int]:
    key = change.field.removeprefix("facts:")
    lead = Lead.objects.filter(pk=change.object_id).first()
    if lead is None or lead.facts.get(key) != change.after:
        return set()
    del lead.facts[key]
    lead.save(update_fields=["facts"])
    return {lead.pk}


def _forget_identity(change: ImportChange) -> set[int]:
    identity = Identity.objects.filter(pk=change.object_id, person=change.after).first()
    if identity is None:
        return set()
    lead_ids = set(Lead.objects.filter(person=identity.person_id).values_list("pk", flat=True))
    if change.field == "created" and not identity.signals.exists():
        identity.delete()
    else:
        identity.person = None
        identity.save(update_fields=["person"])
    return lead_ids


_UNDO = {
    "person": lambda change: _empty_field(Person, change),
    "company": lambda change: _empty_field(Company, change),
    "lead": _empty_fact,
    "identity": _forget_identity,
}
