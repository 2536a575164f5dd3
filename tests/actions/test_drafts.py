"""Drafts: a program suggests, a person decides, and the ledger names both."""

from datetime import timedelta
from typing import Any

import pytest

from assay.actions import gate
from assay.actions.actors import actor
from assay.actions.drafts import TAKES, VERBS, confirm_draft, dismiss_draft, draft
from assay.actions.tokens import actor_of, add_token
from assay.domain.errors import AssayError
from assay.domain.ladder import LADDER
from assay.records.drafts import open_drafts
from assay.records.models import Draft, Lead
from tests.people import NOW, a_lead, an_mql, an_sql, mara, sam, sia, vic

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
REJECT: dict[str, Any] = {
    "move": "reject",
    "why": "A student's address",
    "said": {"reason": "wrong_person", "text": " "},
}


def assistant():
    """Sam's assistant."""
    token, _ = add_token("Assistant", ["drafts"], actor(sam()), NOW, user=sam())
    return actor_of(token)


def test_a_draft_changes_nothing_until_it_is_confirmed_and_then_the_ledger_names_both():
    lead = an_mql()
    row = draft(lead.pk, assistant(), NOW, **REJECT)
    assert Lead.objects.get(pk=lead.pk).rung == "mql"
    assert list(open_drafts(lead.pk)) == [row]
    decision = confirm_draft(row.pk, actor(sia()), LATER)
    assert (decision.move, decision.reason, decision.by_name, decision.at) == ("reject", "wrong_person", "Sia", LATER)
    assert decision.details == {"drafted_by": "Assistant (Sam)"}
    row.refresh_from_db()
    assert (row.closed_by, row.confirmed) == (sia(), True)
    with pytest.raises(AssayError, match="Somebody was quicker"):
        confirm_draft(row.pk, actor(sam()), LATER)


def test_an_acceptance_makes_whoever_confirms_it_the_owner():
    lead = an_mql()
    row = draft(lead.pk, assistant(), NOW, move="accept", why="Asked for a demo", said={})
    confirm_draft(row.pk, actor(sia()), LATER)
    assert Lead.objects.get(pk=lead.pk).owner == sia()


def test_it_is_confirmed_by_ones_own_rights_alone():
    row = draft(an_mql().pk, assistant(), NOW, **REJECT)
    for person in (mara, vic):
        with pytest.raises(AssayError) as refused:
            confirm_draft(row.pk, actor(person()), LATER)
        assert refused.value.code == "wrong_desk"
    row.refresh_from_db()
    assert row.closed_at is None


def test_it_is_dismissed_by_who_works_on_the_lead():
    row = draft(an_sql().pk, assistant(), NOW, move="recycle", why="Budget is frozen", said={"reason": "not_now"})
    for person in (sia, vic):
        with pytest.raises(AssayError):
            dismiss_draft(row.pk, actor(person()), LATER)
    dismiss_draft(row.pk, actor(sam()), LATER)
    assert not open_drafts(row.lead_id)
    assert not Draft.objects.get().confirmed


def test_one_that_no_longer_fits_is_not_open():
    lead = an_mql()
    draft(lead.pk, assistant(), NOW, **REJECT)
    gate.accept(lead.pk, actor(sam()), LATER)
    assert not open_drafts(lead.pk)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"move": "win"}, "unknown_move"),
        ({"move": "lose"}, "wrong_rung"),
        ({"said": {"reason": "nonsense"}}, "guard_failed"),
        ({"said": {"reason": "too_early", "fit_note": "x"}}, "unknown_field"),
        ({"why": " "}, "no_why"),
        ({"why": "x" * 2_001}, "no_why"),
    ],
)
def test_what_could_not_be_decided_is_not_drafted(changes, code):
    with pytest.raises(AssayError) as refused:
        draft(an_mql().pk, assistant(), NOW, **(REJECT | changes))
    assert refused.value.code == code
    assert not Draft.objects.exists()


def test_a_lead_takes_so_many_drafts():
    lead = a_lead()
    for _ in range(20):
        draft(lead.pk, assistant(), NOW, move="disqualify", why="No need", said={"reason": "no_need"})
    with pytest.raises(AssayError, match="many drafts already"):
        draft(lead.pk, assistant(), NOW, move="disqualify", why="No need", said={"reason": "no_need"})


def test_who_decides_nothing_drafts_nothing():
    with pytest.raises(AssayError, match="cannot draft a decision"):
        draft(an_mql().pk, actor(vic()), NOW, **REJECT)


def test_all_moves_that_need_words_only_may_be_drafted():
    of_people = {row.name for row in LADDER if {"marketing", "sales"} & row.desks}
    assert of_people - set(VERBS) == {"capture", "open_deal", "win"}
    assert set(TAKES) == set(VERBS)
