"""Drafts of decisions: a program suggests a move, a person confirms or dismisses it, and the ledger names both."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from assay.actions import gate, work
from assay.actions.actors import Actor
from assay.actions.moves import same_owner, standing
from assay.actions.policies import rule
from assay.domain import ladder
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.ladder import Case, Desk, Request
from assay.domain.phrase import Phrase
from assay.records.models import Decision, Draft

VERBS: Mapping[str, Callable[..., Decision]] = {
    "promote": gate.promote,
    "withdraw": gate.withdraw,
    "accept": gate.accept,
    "reject": gate.reject,
    "qualify": gate.qualify,
    "disqualify": work.disqualify,
    "recycle": work.recycle,
    "reopen": work.reopen,
    "lose": work.lose,
}
"""The moves that may be drafted: those that need no more than words. What a deal is worth a person says."""

TAKES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("promote", "withdraw", "reopen"), frozenset({"text"})),
    **dict.fromkeys(("reject", "disqualify", "recycle", "lose"), frozenset({"reason", "text"})),
    **dict.fromkeys(("accept", "qualify"), frozenset({"fit_note", "intent_note"})),
}
"""The words each of them takes."""

SOMEBODY = "somebody"
"""Stands for whoever will confirm, where a move needs an owner."""
LONGEST = 2_000
LONGEST_NAME = 300
MOST_OPEN = 20
PEOPLE = frozenset({Desk.MARKETING, Desk.SALES})


@transaction.atomic
def draft(lead_id: int, by: Actor, at: datetime, *, move: str, why: str, said: Mapping[str, str]) -> Draft:
    """Suggest a move; nothing is done with the lead. Raises what the move itself would raise now."""
    by.needs_a_desk(Phrase("draft a decision"))
    if move not in VERBS:
        raise BadInput("unknown_move", f'"{move}" cannot be drafted.', f"Use one of {', '.join(VERBS)}.")
    words = {name: text.strip() for name, text in said.items() if text.strip()}
    if strange := sorted(set(words) - TAKES[move]):
        raise BadInput("unknown_field", f"{move} takes no {strange[0]}.", f"It takes {', '.join(sorted(TAKES[move]))}.")
    if not why.strip() or len(why) > LONGEST:
        raise BadInput("no_why", f"A draft says why, in at most {LONGEST} characters.", "Say it in a sentence or two.")
    here = standing(lead_id)
    ladder.move(move, PEOPLE, Case(here.situation, _as_asked(words), rule(at).policy, at))
    if Draft.objects.filter(lead=lead_id, closed_at=None).count() >= MOST_OPEN:
        raise Refused("too_many_drafts", "This lead has many drafts already.", "Let a person look at them first.")
    return Draft.objects.create(
        lead=here.lead,
        pass_no=here.lead.pass_no,
        rung=here.lead.rung,
        move=move,
        said=words,
        why=why.strip(),
        by_id=by.user_id,
        by_name=(f"{by.via} ({by.name})" if by.via else by.name)[:LONGEST_NAME],
        at=at,
    )


def _as_asked(words: Mapping[str, str]) -> Request:
    """What whoever confirms will ask for."""
    return Request(
        owner=SOMEBODY,
        reason=words.get("reason", ""),
        text=words.get("text", ""),
        fit_note=words.get("fit_note", ""),
        intent_note=words.get("intent_note", ""),
    )


@transaction.atomic
def confirm_draft(draft_id: int, by: Actor, at: datetime) -> Decision:
    """Decide as drafted, by the rights of whoever confirms. The ledger says who drafted it."""
    row = _open(draft_id)
    decision = VERBS[row.move](row.lead_id, replace(by, drafted_by=row.by_name), at, **row.said)
    _close(row, by, at, confirmed=True)
    return decision


@transaction.atomic
def dismiss_draft(draft_id: int, by: Actor, at: datetime) -> Draft:
    """Say no to a draft: whoever may work on the lead may."""
    by.needs_a_desk(Phrase("dismiss a draft"))
    row = _open(draft_id)
    same_owner(row.lead, by, "dismiss a draft about")
    _close(row, by, at, confirmed=False)
    return row


def _open(draft_id: int) -> Draft:
    row = Draft.objects.select_for_update(of=("self",)).select_related("lead").filter(pk=draft_id).first()
    if row is None:
        raise NotFound("unknown_draft", Phrase("There is no draft {draft}.", draft=str(draft_id)))
    if row.closed_at:
        raise Refused(
            "draft_closed", Phrase("Somebody was quicker with this draft."), Phrase("It cannot be used any more.")
        )
    return row


def _close(row: Draft, by: Actor, at: datetime, *, confirmed: bool) -> None:
    row.closed_at, row.closed_by_id, row.confirmed = at, by.user_id, confirmed
    row.save(update_fields=["closed_at", "closed_by", "confirmed"])
