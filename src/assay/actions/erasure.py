"""Erasing a person: what names them goes from every table, what is counted stays, and what was done is on record."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from assay.actions.actors import Actor
from assay.actions.filing import file_again
from assay.actions.moves import Standing, move_all, standing
from assay.actions.outbox import Event, post_all
from assay.actions.policies import rule
from assay.actions.recognise import hold
from assay.actions.scoring import lock, score_leads
from assay.actions.scrub import TEXT, blot_mentions, scrub
from assay.actions.writing import in_transaction, insert
from assay.domain.erasure import Why
from assay.domain.errors import NotFound
from assay.domain.identity import Key
from assay.domain.ladder import OPEN_SALES, Desk, Request, Rung, Situation
from assay.domain.phrase import Phrase
from assay.records.about import Whom, whom
from assay.records.models import Company, ErasedIdentity, Erasure, Lead, Unlock
from assay.records.privacy import digest, hold_all

ERASE = "erase a person"
OVER = frozenset({Rung.WON, Rung.LOST, Rung.DISQUALIFIED})


def erase(who: int | Key, by: Actor, at: datetime, why: Why) -> Erasure:
    """Erase somebody by the person's number or an identity; a browser that is nobody's too. In one transaction.

    Everybody they were merged with goes as well. Their lead is taken out, with its ledger, so that nobody works on it.
    From then on rows and events that name them are refused, until :func:`admit`. Raises NotFound or MoveRefused.
    """
    by.needs_admin(ERASE)
    return in_transaction(partial(_erase, who, by, at, why))


def _erase(who: int | Key, by: Actor, at: datetime, why: Why) -> Erasure:
    hold_all()
    some = whom(who)
    hold(some.identities)
    lock(some.leads)
    companies = list(Lead.objects.filter(pk__in=some.leads, company__isnull=False).values_list("company", flat=True))
    unlock = Unlock.objects.create(why="erase a person")
    counts = {"Mentioned": blot_mentions(some), **scrub(some)}
    unlock.delete()
    score_leads(some.leads, at)
    _take_out(some.leads, by, at)
    post_all(at, [Event("lead.erased", {"lead": {"id": lead_id}}, lead_id) for lead_id in some.leads])
    file_again(some.leads)
    _drop_unused(companies)
    return _record(some, by, at, why, counts)


def admit(keys: Iterable[Key], by: Actor, at: datetime) -> int:
    """Let identities in again, because the person agreed anew; within the caller's transaction. Returns how many.

    What was erased stays erased: they begin as somebody new.
    """
    digests = [digest(key) for key in keys]
    refused = ErasedIdentity.objects.filter(digest__in=digests, admitted_at=None)
    return refused.update(admitted_at=at, admitted_by=by.user_id)


def admit_again(keys: Iterable[Key], by: Actor, at: datetime) -> int:
    """The same by an admin, in a transaction of its own. Raises NotFound where none of them was erased."""
    by.needs_admin("let somebody in again")
    admitted = in_transaction(partial(admit, list(keys), by, at))
    if not admitted:
        raise NotFound("not_erased", Phrase("Nobody of this name was erased."), Phrase("Nothing keeps them out."))
    return admitted


class _Unreachable(Standing):
    """A lead whom nobody can reach any more: that is what the agreed number of failed attempts says."""

    @property
    def situation(self) -> Situation:
        return replace(super().situation, contacted=True)


def _take_out(lead_ids: Iterable[int], by: Actor, at: datetime) -> None:
    """Nobody is to work on them any more: a deal under way is lost, any other lead out."""
    actor = replace(by, desks=frozenset({Desk.MARKETING, Desk.SALES}), manages=True)
    reasons = rule(at).policy.gate.reasons
    for lead_id in lead_ids:
        here = standing(lead_id)
        rung = Rung(here.lead.rung)
        if rung in OVER:
            continue
        move, listed = ("lose", reasons.loss) if rung is Rung.OPPORTUNITY else ("disqualify", reasons.disqualification)
        here = _Unreachable(here.lead, here.current, here.deal) if rung in OPEN_SALES else here
        move_all(move, [(here, Request(reason=_reason(listed), text=TEXT))], actor, at, rule(at))


def _reason(listed: dict[str, str]) -> str:
    return "other" if "other" in listed else next(iter(listed))


def _drop_unused(company_ids: Iterable[int]) -> None:
    """A company that nobody else belongs to and no deal names may be the person's own."""
    nobodys = {relation.name: None for relation in Company._meta.related_objects}
    Company.objects.filter(pk__in=list(company_ids), **nobodys).delete()


def _record(some: Whom, by: Actor, at: datetime, why: Why, counts: dict[str, int]) -> Erasure:
    erasure = Erasure.objects.create(at=at, by_id=by.user_id, by_name=by.name, why=why, counts=counts)
    digests = {digest(key) for key in some.keys}
    digests -= set(ErasedIdentity.objects.filter(digest__in=digests, admitted_at=None).values_list("digest", flat=True))
    insert(ErasedIdentity, [ErasedIdentity(digest=one, erasure=erasure) for one in sorted(digests)])
    return erasure
