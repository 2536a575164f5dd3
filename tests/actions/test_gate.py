"""The two-way gate: sales accepts or returns with a reason, marketing may send and take back."""

from datetime import timedelta

import pytest

from assay.actions.actors import INTAKE, POLICY, actor
from assay.actions.gate import VETTED_BY_ACCEPTING, accept, promote, qualify, reject, withdraw
from assay.actions.moves import make_move
from assay.actions.work import disqualify, recycle
from assay.domain.ladder import Request, Rung
from assay.records.models import Decision, Lead, Pass
from tests.people import (
    NOW,
    a_lead,
    a_lead_on,
    accept_apart_from_qualify,
    an_mql,
    an_sql,
    mara,
    max_,
    observe,
    sam,
    sia,
    vic,
)
from tests.records.dump import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


def ledger(lead: Lead) -> list[str]:
    """The moves of a lead, in order."""
    return list(Decision.objects.filter(lead=lead).order_by("pk").values_list("move", flat=True))


# --- accept --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", [Rung.MQL, Rung.PQL])
def test_accepting_makes_an_sql_in_one_act(rung: Rung) -> None:
    lead = a_lead_on(rung)
    last = accept(lead.pk, actor(sam()), LATER)
    lead.refresh_from_db()
    assert (lead.rung, lead.owner) == (Rung.SQL, sam())
    assert ledger(lead)[-2:] == ["accept", "qualify"]
    assert last.move == "qualify"
    assert (last.details["fit_note"], last.details["intent_note"]) == (VETTED_BY_ACCEPTING, VETTED_BY_ACCEPTING)
    current = Pass.objects.get(lead=lead)
    assert (current.sal_at, current.sql_at) == (LATER, LATER)


def test_what_was_vetted_may_be_said_while_accepting() -> None:
    last = accept(an_mql().pk, actor(sam()), LATER, fit_note="our size", intent_note="asked twice")
    assert (last.details["fit_note"], last.details["intent_note"]) == ("our size", "asked twice")


def test_where_the_rule_says_so_accepting_and_qualifying_are_two_acts() -> None:
    accept_apart_from_qualify()
    lead = an_mql()
    assert accept(lead.pk, actor(sam()), NOW).move == "accept"
    lead.refresh_from_db()
    assert (lead.rung, lead.owner) == (Rung.SAL, sam())
    qualify(lead.pk, actor(sam()), LATER, fit_note="our size", intent_note="asked twice")
    lead.refresh_from_db()
    assert lead.rung == Rung.SQL
    current = Pass.objects.get(lead=lead)
    assert (current.sal_at, current.sql_at) == (NOW, LATER)


def test_a_manager_may_give_the_lead_to_a_rep() -> None:
    lead = an_mql()
    accept(lead.pk, actor(max_()), LATER, owner=sia())
    lead.refresh_from_db()
    assert lead.owner == sia()
    assert Decision.objects.get(lead=lead, move="accept").details["owner"] == str(sia().pk)


def test_a_rep_cannot_give_the_lead_to_somebody_else() -> None:
    lead = an_mql()
    by, other = actor(sam()), sia()
    with refused("not_yours"):
        accept(lead.pk, by, LATER, owner=other)


def test_only_a_salesperson_can_own_a_lead() -> None:
    lead = an_mql()
    by, viewer = actor(max_()), vic()
    with refused("owner_not_in_sales"):
        accept(lead.pk, by, LATER, owner=viewer)


@pytest.mark.parametrize("rung", [Rung.LEAD, Rung.DISQUALIFIED])
def test_only_what_waits_at_the_gate_can_be_accepted(rung: Rung) -> None:
    lead = a_lead_on(rung)
    by = actor(sam())
    with refused("wrong_rung") as why:
        accept(lead.pk, by, LATER)
    assert f"on rung {rung} cannot accept" in why.value.sentence


def test_a_lead_that_is_not_there_is_named() -> None:
    by = actor(sam())
    with refused("unknown_lead") as why:
        accept(4711, by, LATER)
    assert "4711" in why.value.sentence


# --- qualify -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fit_note", "intent_note"), [("", "asked"), ("our size", ""), (" ", "asked")])
def test_qualifying_needs_both_notes(fit_note: str, intent_note: str) -> None:
    lead = a_lead_on(Rung.SAL)
    by = actor(sam())
    with refused("guard_failed"):
        qualify(lead.pk, by, LATER, fit_note=fit_note, intent_note=intent_note)


# --- reject --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", [Rung.MQL, Rung.PQL])
def test_rejecting_returns_the_lead_with_a_reason_and_lets_it_rest(rung: Rung) -> None:
    lead = a_lead_on(rung)
    decision = reject(lead.pk, actor(sam()), LATER, reason="too_early", text="only reads the blog")
    lead.refresh_from_db()
    assert (lead.rung, lead.owner, lead.pass_no) == (Rung.LEAD, None, 1)
    assert lead.rests_until == LATER + timedelta(days=30)
    assert (decision.reason, decision.text) == ("too_early", "only reads the blog")


@pytest.mark.parametrize(
    ("reason", "text"),
    [("", ""), ("no_budget", "that is a reason to disqualify"), ("other", ""), ("other", "  ")],
)
def test_rejecting_needs_a_reason_of_its_own_list(reason: str, text: str) -> None:
    lead = an_mql()
    by = actor(sam())
    with refused("guard_failed"):
        reject(lead.pk, by, LATER, reason=reason, text=text)


def test_other_is_a_reason_once_it_says_what() -> None:
    decision = reject(an_mql().pk, actor(sam()), LATER, reason="other", text="A colleague of ours, testing")
    assert decision.text == "A colleague of ours, testing"


def test_a_rejected_lead_is_not_promoted_again_before_it_has_rested() -> None:
    lead = an_mql()
    reject(lead.pk, actor(sam()), NOW, reason="too_early")
    almost, rested = NOW + timedelta(days=30, seconds=-1), NOW + timedelta(days=30)
    for at, rung in ((NOW, Rung.LEAD), (almost, Rung.LEAD), (rested, Rung.MQL)):
        lead = observe(lead, "demo_request", "pricing_inquiry", at=at)
        assert lead.rung == rung
    assert lead.rests_until is None


def test_a_resting_lead_is_not_promoted_for_a_product_milestone_either() -> None:
    lead = a_lead_on(Rung.PQL)
    reject(lead.pk, actor(sam()), NOW, reason="too_early")
    assert observe(lead, "product_milestone", at=LATER).rung == Rung.LEAD


# --- what marketing does -------------------------------------------------------------------------


@pytest.mark.parametrize("rung", [Rung.MQL, Rung.PQL])
def test_marketing_takes_a_lead_back_and_the_policy_does_not_send_it_again(rung: Rung) -> None:
    lead = a_lead_on(rung)
    decision = withdraw(lead.pk, actor(mara()), LATER, text="Same person as lead 3")
    assert decision.text == "Same person as lead 3"
    assert observe(lead, "demo_request", at=LATER).rung == Rung.LEAD


def test_a_marketer_may_promote_against_the_score_and_says_why() -> None:
    lead = a_lead(title="Student", country="BR")
    assert (lead.fit, lead.fits) == (0, False)
    decision = promote(lead.pk, actor(mara()), LATER, text="Met at the fair, buys for her university")
    lead.refresh_from_db()
    assert (lead.rung, decision.desk) == (Rung.MQL, "marketing")
    assert decision.text.startswith("Met at the fair")
    assert Pass.objects.get(lead=lead).mql_at == LATER


@pytest.mark.parametrize("text", ["", "   "])
def test_marketing_overrides_only_with_a_reason(text: str) -> None:
    raw, waiting = a_lead(), an_mql()
    by = actor(mara())
    with refused("guard_failed"):
        promote(raw.pk, by, LATER, text=text)
    with refused("guard_failed"):
        withdraw(waiting.pk, by, LATER, text=text)


def test_marketing_does_not_promote_what_rests_either() -> None:
    lead = an_mql()
    reject(lead.pk, actor(sam()), NOW, reason="too_early")
    by = actor(mara())
    with refused("guard_failed") as why:
        promote(lead.pk, by, LATER, text="They called again")
    assert "2026-12-04" in why.value.hint


# --- the policy's own moves ----------------------------------------------------------------------


@pytest.mark.parametrize("move", ["promote", "promote_product"])
def test_the_policy_promotes_only_by_its_rule(move: str) -> None:
    lead = a_lead()
    with refused("guard_failed"):
        make_move(move, lead.pk, POLICY, LATER)


def test_a_milestone_does_not_outweigh_a_wrong_fit() -> None:
    lead = observe(a_lead(country="BR"), "product_milestone", "demo_request")
    assert (lead.milestone, lead.fit, lead.rung) == (True, 0, Rung.LEAD)


def test_an_mql_that_reaches_a_milestone_becomes_a_pql() -> None:
    lead = observe(an_mql(), "product_milestone", at=LATER)
    assert lead.rung == Rung.PQL
    assert Pass.objects.get(lead=lead).mql_at == NOW  # at the gate since it was an MQL


def test_who_is_captured_already_is_not_captured_again() -> None:
    lead = a_lead()
    with refused("wrong_rung"):
        make_move("capture", lead.pk, INTAKE, LATER, Request(name="Nina", source="Web"))


# --- two decide at once --------------------------------------------------------------------------


def test_who_comes_second_learns_who_was_first_and_when() -> None:
    lead = an_mql()
    accept(lead.pk, actor(sam()), LATER)
    by = actor(sia())
    with refused("already_decided") as why:
        reject(lead.pk, by, LATER + timedelta(minutes=1), reason="too_early")
    for said in ("Sam", "2026-11-04 12:00", "accept"):
        assert said in why.value.sentence


def test_marketing_may_be_first_too() -> None:
    lead = an_mql()
    disqualify(lead.pk, actor(mara()), LATER, reason="wrong_fit")
    by = actor(sam())
    with refused("already_decided") as why:
        accept(lead.pk, by, LATER)
    assert "Mara" in why.value.sentence


@pytest.mark.parametrize("second", ["accept", "withdraw"])
def test_after_a_rejection_the_second_learns_it_too(second: str) -> None:
    lead = an_mql()
    reject(lead.pk, actor(sam()), LATER, reason="too_early")
    sales, marketing = actor(sia()), actor(mara())
    with refused("already_decided") as why:
        if second == "accept":
            accept(lead.pk, sales, LATER)
        else:
            withdraw(lead.pk, marketing, LATER, text="Duplicate")
    assert "Sam" in why.value.sentence


def test_a_decision_of_an_earlier_pass_is_not_the_one_that_was_first() -> None:
    lead = an_sql()
    recycle(lead.pk, actor(sam()), LATER, reason="not_now")
    by = actor(sia())
    with refused("wrong_rung"):
        accept(lead.pk, by, LATER)
