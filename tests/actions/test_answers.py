"""Marketing's reply to a rejection: once, by marketing, with words."""

import pytest

from assay.actions import answers, edits, gate
from assay.actions.actors import actor
from assay.domain.errors import BadInput, MoveRefused, NotFound, Refused
from assay.records.models import Answer, Decision
from tests.people import NOBODY, NOW, a_lead, an_mql, mara, max_, sam

pytestmark = pytest.mark.django_db


def rejected() -> Decision:
    """A lead that sales returned."""
    return gate.reject(an_mql().pk, actor(sam()), NOW, reason="too_early")


def test_an_answer_says_who_when_and_what():
    given = answers.answer(rejected().pk, actor(mara()), NOW, "  We will call first ")
    assert (given.by, given.at, given.text) == (mara(), NOW, "We will call first")


def test_it_is_given_once():
    decision = rejected()
    answers.answer(decision.pk, actor(mara()), NOW, "Heard")
    with pytest.raises(Refused, match="Mara answered this at 2026-11-04 09:00 UTC: Heard"):
        answers.answer(decision.pk, actor(mara()), NOW, "Heard again")
    assert Answer.objects.get().text == "Heard"


def test_better_data_has_answered_before():
    decision = rejected()
    edits.correct(decision.lead_id, actor(mara()), NOW, {"company.employees": 90})
    with pytest.raises(Refused, match=r"Corrected: company\.employees"):
        answers.answer(decision.pk, actor(mara()), NOW, "Heard")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_answer_is_none(text: str):
    with pytest.raises(BadInput, match="needs a text"):
        answers.answer(rejected().pk, actor(mara()), NOW, text)
    assert not Answer.objects.exists()


def test_only_a_rejection_can_be_answered():
    capture = Decision.objects.get(lead=a_lead())
    with pytest.raises(NotFound, match=f"There is no rejection {capture.pk}"):
        answers.answer(capture.pk, actor(mara()), NOW, "?")


def test_only_marketing_answers():
    decision = rejected()
    for by in (actor(sam()), actor(max_()), NOBODY):
        with pytest.raises(MoveRefused, match=f"{by.name} cannot answer a rejection"):
            answers.answer(decision.pk, by, NOW, "no")
    assert not Answer.objects.exists()
