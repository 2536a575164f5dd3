"""Somebody says that two leads are one person, or that they are two after all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from assay.actions.actors import Actor
from assay.actions.people import merge_people, undo_merge
from assay.actions.receive import Rejected
from assay.actions.replay import replay
from assay.actions.writing import in_transaction
from assay.domain.errors import BadInput, MoveRefused, NotFound
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.records.duplicates import ids_of, named_together
from assay.records.models import Identity, Lead, Merge, Quarantine

BY_HAND = "merged by hand"
LONGEST_WHY = 300
MOST_NAMED = 500


def merge_leads(lead_id: int, other_id: int, by: Actor, at: datetime, why: str = "") -> Merge:
    """Make the people of two leads one. Raises Refused where sales works on both, or one is part of another already.

    What had come in of both together, and could not be carried out for that, is carried out by the scorer now.
    """
    who = _entitled(by)
    if len(why) > LONGEST_WHY:
        raise BadInput("too_long", Phrase("A reason has at most {limit} characters.", limit=LONGEST_WHY))
    return in_transaction(partial(_merge, lead_id, other_id, who, at, why.strip() or BY_HAND))


def part(merge_id: int, by: Actor, at: datetime) -> Merge:
    """Undo a merge: both are leads of their own again. Raises Refused where that was done before."""
    who = _entitled(by)
    merge = Merge.objects.select_related("kept__lead", "merged__lead").filter(pk=merge_id).first()
    if merge is None:
        raise NotFound("unknown_merge", Phrase("These two were never merged."))
    in_transaction(partial(undo_merge, merge, who, at))
    return merge


def leave_apart(row_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Say that those whom rows of the quarantine name together are two people; returns how many rows say so no more."""
    _entitled(by)
    return named_together().filter(pk__in=row_ids).update(replayed_at=at)


def _entitled(by: Actor) -> Actor:
    """Who may say it, at marketing's desk: it is there that a duplicate is taken out."""
    if Desk.MARKETING not in by.desks and not by.manages:
        said = Phrase("{who} cannot {what}.", who=by.name, what="merge people")
        raise MoveRefused("wrong_desk", said, Phrase("That is for marketing and sales managers."))
    return replace(by, desks=frozenset({Desk.MARKETING}))


def _merge(lead_id: int, other_id: int, by: Actor, at: datetime, why: str) -> Merge:
    people = dict(Lead.objects.filter(pk__in=[lead_id, other_id]).values_list("pk", "person"))
    if len(people) != 2:
        raise NotFound("unknown_lead", Phrase("These are not two leads."), Phrase("Look at the list of leads."))
    merge = merge_people(people[lead_id], people[other_id], by, at, why)
    replay([row.pk for row in _named_both(merge)], at, _no_event)
    return merge


def _named_both(merge: Merge) -> list[Quarantine]:
    """Rows that could not be carried out because these two were two."""
    owned = set(Identity.objects.filter(person=merge.kept).values_list("kind", "value"))
    went = set(Identity.objects.filter(pk__in=merge.moved["identities"]).values_list("kind", "value"))
    rows = named_together().order_by("-pk")[:MOST_NAMED]
    return [row for row in rows if (ids := owned & set(ids_of(row))) & went and ids - went]


def _no_event(row: Quarantine) -> Rejected:
    """Rows that name two people hold signals that are on record; none is an event on its way in."""
    raise AssertionError(f"row {row.pk} came with a write key")
