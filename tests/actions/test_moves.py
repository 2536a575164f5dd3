"""The ledger: one row a move that says who, when, from, to, why, under which rule, and with which score."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assay.actions import gate, work
from assay.actions.actors import POLICY, Actor, actor
from assay.actions.moves import make_move
from assay.actions.policies import rule
from assay.domain.funnel import STEPS
from assay.domain.ladder import Request, Rung
from assay.records.models import Decision, Lead, Pass, Score
from tests.people import (
    BANT,
    NOBODY,
    NOW,
    a_lead,
    a_lead_on,
    a_rule,
    accept_apart_from_qualify,
    an_mql,
    mara,
    max_,
    observe,
    sam,
)
from tests.records.dump import refused

pytestmark = pytest.mark.django_db


def entries(lead: Lead) -> list[Decision]:
    """The ledger of a lead, in order."""
    return list(Decision.objects.filter(lead=lead).order_by("pk"))


def hours(number: int) -> datetime:
    """A time after NOW."""
    return NOW + timedelta(hours=number)


@pytest.fixture
def lead() -> Lead:
    """A lead that went up the whole ladder and started over, an hour a move."""
    accept_apart_from_qualify()
    lead = observe(a_lead(), "demo_request", at=hours(1))
    observe(lead, "product_milestone", at=hours(2))
    gate.accept(lead.pk, actor(max_()), hours(3), owner=sam())
    gate.qualify(lead.pk, actor(sam()), hours(4), fit_note="our size", intent_note="asked twice")
    work.log_touch(lead.pk, actor(sam()), hours(4), kind="call", reached=True)
    deal: dict[str, Any] = {"value": Decimal("12000.00"), "currency": "EUR", "close_date": NOW.date()}
    work.open_deal(lead.pk, actor(sam()), hours(5), **deal, bant=BANT)
    work.win(lead.pk, actor(sam()), hours(6), value=Decimal("11000.50"), closed_on=NOW.date())
    work.reopen(lead.pk, actor(mara()), hours(7), text="Asks for a second site")
    lead.refresh_from_db()
    return lead


def test_every_move_has_its_row(lead: Lead) -> None:
    told = [
        (entry.move, entry.from_rung, entry.to_rung, entry.by_name, entry.desk, entry.pass_no, entry.at)
        for entry in entries(lead)
    ]
    assert told == [
        ("capture", "", "lead", "intake", "intake", 1, NOW),
        ("promote", "lead", "mql", "policy", "policy", 1, hours(1)),
        ("promote_product", "mql", "pql", "policy", "policy", 1, hours(2)),
        ("accept", "pql", "sal", "Max", "sales", 1, hours(3)),
        ("qualify", "sal", "sql", "Sam", "sales", 1, hours(4)),
        ("open_deal", "sql", "opportunity", "Sam", "sales", 1, hours(5)),
        ("win", "opportunity", "won", "Sam", "sales", 1, hours(6)),
        ("reopen", "won", "lead", "Mara", "marketing", 2, hours(7)),
    ]
    assert [entry.by for entry in entries(lead)] == [None, None, None, max_(), sam(), sam(), sam(), mara()]


def test_what_was_said_stands_beside_it(lead: Lead) -> None:
    said = {entry.move: entry.details for entry in entries(lead)}
    assert said["accept"] == {"owner": str(sam().pk)}
    assert said["qualify"] == {"fit_note": "our size", "intent_note": "asked twice"}
    assert said["open_deal"] == {"value": "12000.00", "currency": "EUR", "close_date": "2026-11-04", "bant": BANT}
    assert said["win"] == {"value": "11000.50", "close_date": "2026-11-04"}
    assert (said["capture"], said["promote"]) == ({}, {})
    assert entries(lead)[-1].text == "Asks for a second site"


def test_each_row_names_the_rule_of_its_time() -> None:
    first = rule(NOW).version
    lead = an_mql()
    second = a_rule(("threshold = 100", "threshold = 90"), at=hours(1)).version
    gate.reject(lead.pk, actor(sam()), hours(2), reason="too_early")
    assert [entry.policy_id for entry in entries(lead)] == [first, first, second]


def test_a_decision_dated_before_a_rule_is_made_under_the_one_before() -> None:
    lead = an_mql()
    first = rule(NOW).version
    a_rule(("threshold = 100", "threshold = 90"), at=hours(2))
    assert gate.reject(lead.pk, actor(sam()), hours(1), reason="too_early").policy_id == first


def test_the_score_is_kept_as_it_stood(lead: Lead) -> None:
    accepted = next(entry for entry in entries(lead) if entry.move == "accept")
    current = Score.objects.get(lead=lead)
    assert accepted.score is not None
    assert accepted.score["fit"] == 100
    assert accepted.score["parts"] == current.parts
    assert accepted.score["as_of"] == hours(2).isoformat()  # when the last signal came
    for axis in ("fit", "intent"):
        points = sum(part["points"] for part in accepted.score["parts"] if part["axis"] == axis)
        assert points == pytest.approx(accepted.score[axis], abs=1e-9)


def test_a_later_score_leaves_the_kept_one_alone() -> None:
    lead = an_mql()
    promoted = entries(lead)[-1].score
    observe(lead, "pricing_view", at=hours(1))
    assert entries(lead)[-1].score == promoted
    assert Score.objects.get(lead=lead).parts != promoted["parts"]  # type: ignore[index]


def test_a_promotion_keeps_the_score_that_caused_it() -> None:
    promoted = entries(an_mql())[-1]
    assert promoted.score is not None
    assert (promoted.move, promoted.score["mql"], promoted.score["intent"]) == ("promote", True, 40)


def test_a_capture_has_no_score_yet() -> None:
    assert entries(a_lead())[0].score is None


# --- passes --------------------------------------------------------------------------------------


def test_a_pass_notes_when_each_step_was_first_passed(lead: Lead) -> None:
    first, second = Pass.objects.filter(lead=lead).order_by("number")
    assert [getattr(first, f"{step}_at") for step in STEPS[1:]] == [NOW, *(hours(at) for at in (1, 3, 4, 5, 6))]
    assert [getattr(second, f"{step}_at") for step in STEPS[1:]] == [hours(7), None, None, None, None, None]
    assert (lead.rung, lead.pass_no) == (Rung.LEAD, 2)


def test_a_skipped_step_counts_as_passed() -> None:
    """With the default rule nobody stands on SAL, and still it was passed."""
    current = Pass.objects.get(lead=a_lead_on(Rung.SQL))
    assert current.sal_at == current.sql_at == NOW


def test_a_step_passed_again_on_the_same_pass_keeps_its_first_time() -> None:
    lead = an_mql()
    gate.reject(lead.pk, actor(sam()), hours(1), reason="too_early")
    observe(lead, "demo_request", at=NOW + timedelta(days=40))
    assert [entry.move for entry in entries(lead)] == ["capture", "promote", "reject", "promote"]
    assert Pass.objects.get(lead=lead).mql_at == NOW


# --- what is no move at all ----------------------------------------------------------------------


def test_an_unknown_move_is_named() -> None:
    lead = a_lead()
    by = actor(sam())
    with refused("unknown_move") as why:
        make_move("jump", lead.pk, by, NOW)
    assert "jump" in why.value.sentence


@pytest.mark.parametrize("rung", sorted(Rung))
def test_a_refusal_names_rung_and_move(rung: Rung) -> None:
    lead = a_lead_on(rung)
    for move in ("accept", "win", "reopen"):
        with refused("wrong_desk", "wrong_rung", "already_decided") as why:
            make_move(move, lead.pk, NOBODY, NOW)
        assert f"rung {rung}" in str(why.value)
        assert move in str(why.value)


@pytest.mark.parametrize("by", [POLICY, NOBODY], ids=lambda by: by.name)
def test_a_person_decides_not_the_policy(by: Actor) -> None:
    lead = an_mql()
    request = Request(owner=str(sam().pk))
    with refused("wrong_desk"):
        make_move("accept", lead.pk, by, NOW, request)
