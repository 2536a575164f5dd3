"""The ladder, against the table of the domain written out again: every move, rung, desk and guard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import NamedTuple

import pytest

from assay.domain.errors import BadInput, MoveRefused
from assay.domain.ladder import (
    BANT,
    LADDER,
    MOVES,
    Case,
    Desk,
    Request,
    Rung,
    Situation,
    Stage,
    desk_of,
    move,
    moves_from,
    stage,
)
from tests import cases

NOW = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
"""In Paris it is already half past midnight on the 11th."""

TODAY = date(2026, 3, 11)


class Row(NamedTuple):
    """A row as the domain states it; guards by the names of :data:`BREAKS`."""

    move: str
    origins: str
    to: str
    desks: str
    guards: str
    starts_pass: bool = False
    rests: bool = False


TABLE = [
    Row("capture", "none", "lead", "intake marketing sales", "contact source"),
    Row("promote", "lead", "mql", "policy", "mql_rule rested"),
    Row("promote", "lead", "mql", "marketing", "why rested"),
    Row("promote_product", "lead mql", "pql", "policy", "milestone fits rested"),
    Row("accept", "mql pql", "sal", "sales", "owner"),
    Row("qualify", "sal", "sql", "sales", "vetted"),
    Row("reject", "mql pql", "lead", "sales", "rejection", rests=True),
    Row("open_deal", "sql", "opportunity", "sales", "contacted bant deal"),
    Row("win", "opportunity", "won", "sales", "outcome"),
    Row("lose", "opportunity", "lost", "sales", "loss"),
    Row("disqualify", "lead mql pql", "disqualified", "marketing", "disqualification"),
    Row("disqualify", "sal sql", "disqualified", "sales", "disqualification tried"),
    Row("recycle", "sal sql lost", "lead", "sales", "recycle", starts_pass=True, rests=True),
    Row("reopen", "disqualified won", "lead", "marketing sales", "why", starts_pass=True),
    Row("withdraw", "mql pql", "lead", "marketing", "why", rests=True),
]

STEPS = [
    (row, None if origin == "none" else Rung(origin), Desk(desk))
    for row in TABLE
    for origin in row.origins.split()
    for desk in row.desks.split()
]
"""Every allowed step: a row, from one rung, by one desk."""

REASONS = {"reject": "wrong_market", "lose": "price", "disqualify": "no_need", "recycle": "not_now"}


def named(value: object) -> str | None:
    return f"{value.move}-to-{value.to}" if isinstance(value, Row) else None


def good(name: str, rung: Rung | None) -> Case:
    """A case in which every guard of every row holds."""
    situation = Situation(rung, fits=True, mql=True, milestone=True, contacted=True, attempts=4)
    request = Request(
        name="Nina",
        contact="nina@nina.example",
        source="website",
        owner="Sam",
        reason=REASONS.get(name, ""),
        text="We met at the fair.",
        fit_note="120 people",
        intent_note="wants to start in May",
        bant=dict.fromkeys(BANT, "confirmed by phone"),
        value=Decimal(12_000),
        currency="EUR",
        close_date=TODAY,
    )
    return Case(situation, request, cases.policy(), NOW)


def with_situation(**changes: object) -> Callable[[Case], Case]:
    return lambda case: case._replace(situation=replace(case.situation, **changes))  # type: ignore[arg-type]


def with_request(**changes: object) -> Callable[[Case], Case]:
    return lambda case: case._replace(request=replace(case.request, **changes))  # type: ignore[arg-type]


def without_note(point: str) -> Callable[[Case], Case]:
    return lambda case: case._replace(request=replace(case.request, bant={**case.request.bant, point: " "}))


BREAKS: dict[str, list[tuple[Callable[[Case], Case], str]]] = {
    "contact": [(with_request(name=" ", contact=""), "email, phone or your own id")],
    "source": [(with_request(source=""), "say where it came from")],
    "mql_rule": [(with_situation(mql=False), "do not cross the agreed threshold")],
    "milestone": [(with_situation(milestone=False), "No product milestone")],
    "fits": [(with_situation(fits=False), "under the floor")],
    "rested": [(with_situation(rests_until=NOW + timedelta(hours=1)), "rests until 2026-03-11")],
    "why": [(with_request(text=" "), "say why")],
    "owner": [(with_request(owner=""), "say which salesperson")],
    "vetted": [
        (with_request(fit_note=""), "vet fit and intent, each with a note"),
        (with_request(intent_note=" "), "vet fit and intent, each with a note"),
    ],
    "rejection": [
        (with_request(reason=""), "rejection reason is needed, none was given; choose of: wrong_market, other"),
        (with_request(reason="price"), '"price" is not one; choose of: wrong_market, other'),
        (with_request(reason="other", text=""), "needs a text"),
    ],
    "loss": [(with_request(reason="no_need"), '"no_need" is not one; choose of: price')],
    "disqualification": [(with_request(reason="not_now"), '"not_now" is not one; choose of: no_need')],
    "recycle": [(with_request(reason="price"), '"price" is not one; choose of: not_now')],
    "contacted": [(with_situation(contacted=False), "log the call or meeting")],
    "tried": [(with_situation(contacted=False, attempts=3), "3 of the agreed 4 attempts failed; try again")],
    "bant": [(without_note(point), f"Not confirmed with a note: {point}.") for point in BANT],
    "deal": [
        (with_request(value=None), "a value above zero with a currency"),
        (with_request(value=Decimal(0)), "a value above zero with a currency"),
        (with_request(value=Decimal(-1)), "a value above zero with a currency"),
        (with_request(value=Decimal("NaN")), "a value above zero with a currency"),
        (with_request(value=Decimal("Infinity")), "a value above zero with a currency"),
        (with_request(currency=""), "a value above zero with a currency"),
        (with_request(close_date=None), "a close date that is not in the past"),
        (with_request(close_date=TODAY - timedelta(days=1)), "not in the past (today is 2026-03-11)"),
    ],
    "outcome": [
        (with_request(value=None), "the actual value"),
        (with_request(value=Decimal(0)), "the actual value"),
        (with_request(value=Decimal("NaN")), "the actual value"),
        (with_request(close_date=None), "the date it was won"),
        (with_request(close_date=TODAY + timedelta(days=1)), "cannot be dated in the future"),
    ],
}
"""By guard, each way to fail it, and what the refusal says."""

ALIKE = ({"why", "rejection", "loss", "disqualification", "recycle"}, {"contacted", "tried"}, {"deal", "outcome"})
"""Guards that look at the same facts, so that what breaks one may break another."""


# --- The table ----------------------------------------------------------------------------------------------


def test_the_ladder_has_the_rows_of_the_domain_and_no_other() -> None:
    ours = [
        (row.name, {str(rung) for rung in row.origins} or {"none"}, str(row.to), {str(desk) for desk in row.desks})
        for row in LADDER
    ]
    assert ours == [(row.move, set(row.origins.split()), row.to, set(row.desks.split())) for row in TABLE]
    assert tuple(dict.fromkeys(row.move for row in TABLE)) == MOVES


@pytest.mark.parametrize(("row", "rung", "desk"), STEPS, ids=named)
def test_a_move_is_allowed_where_every_guard_holds(row: Row, rung: Rung | None, desk: Desk) -> None:
    made = move(row.move, frozenset({desk}), good(row.move, rung))
    assert (made.name, made.to, made.starts_pass, made.rests) == (row.move, Rung(row.to), row.starts_pass, row.rests)
    assert len(made.guards) == len(row.guards.split())


ELSEWHERE = sorted(
    {(name, rung) for name in MOVES for rung in (None, *Rung)} - {(row.move, rung) for row, rung, _ in STEPS}, key=str
)


@pytest.mark.parametrize(("name", "rung"), ELSEWHERE)
def test_a_move_from_any_other_rung_is_refused(name: str, rung: Rung | None) -> None:
    with pytest.raises(MoveRefused) as caught:
        move(name, frozenset(Desk), good(name, rung))
    assert caught.value.code == "wrong_rung"
    assert caught.value.sentence == f"A lead on rung {rung or 'none'} cannot {name}."
    assert caught.value.hint.startswith(f"{name} starts from ")
    origins = {str(origin) for row, origin, _ in STEPS if row.move == name and origin}
    assert all(origin in caught.value.hint for origin in origins)


@pytest.mark.parametrize(("row", "rung"), [(row, rung) for row, rung, _ in STEPS], ids=named)
def test_a_move_by_any_other_desk_is_refused(row: Row, rung: Rung | None) -> None:
    allowed = {desk for other, origin, desk in STEPS if (other.move, origin) == (row.move, rung)}
    for desk in set(Desk) - allowed:
        with pytest.raises(MoveRefused) as caught:
            move(row.move, frozenset({desk}), good(row.move, rung))
        assert caught.value.code == "wrong_desk"
        assert row.move in caught.value.sentence
        assert all(owner in caught.value.sentence for owner in allowed)


@pytest.mark.parametrize("desks", [frozenset[Desk](), frozenset(Desk)])
def test_an_unknown_move_names_the_known(desks: frozenset[Desk]) -> None:
    with pytest.raises(BadInput, match=r'There is no move "advance"\. The moves are capture, promote') as caught:
        move("advance", desks, good("advance", Rung.LEAD))
    assert caught.value.code == "unknown_move"


def test_who_sits_at_several_desks_may_do_what_any_of_them_may() -> None:
    case = with_situation(mql=False)(good("promote", Rung.LEAD))
    made = move("promote", frozenset({Desk.POLICY, Desk.MARKETING}), case)
    assert made.desks == {Desk.MARKETING}


# --- Guards --------------------------------------------------------------------------------------------------

FAILING = [
    pytest.param(row, rung, desk, broken, says, id=f"{row.move} from {rung} by {desk}: {guard} {place}")
    for row, rung, desk in STEPS
    for guard in row.guards.split()
    for place, (broken, says) in enumerate(BREAKS[guard])
]


@pytest.mark.parametrize(("row", "rung", "desk", "broken", "says"), FAILING)
def test_a_guard_that_fails_says_what_to_do(
    row: Row, rung: Rung | None, desk: Desk, broken: Callable[[Case], Case], says: str
) -> None:
    with pytest.raises(MoveRefused) as caught:
        move(row.move, frozenset({desk}), broken(good(row.move, rung)))
    assert caught.value.code == "guard_failed"
    assert caught.value.sentence == f"A lead on rung {rung or 'none'} cannot {row.move} yet."
    assert says in caught.value.hint


@pytest.mark.parametrize(("row", "rung", "desk"), STEPS, ids=named)
def test_a_guard_of_another_row_stops_nothing(row: Row, rung: Rung | None, desk: Desk) -> None:
    """What breaks only guards that the row does not have must not matter."""
    own = set(row.guards.split())
    for guard in set(BREAKS).difference(own, *(alike for alike in ALIKE if alike & own)):
        for broken, _ in BREAKS[guard]:
            assert move(row.move, frozenset({desk}), broken(good(row.move, rung))).name == row.move


def test_all_that_is_missing_is_said_at_once() -> None:
    case = good("open_deal", Rung.SQL)
    case = case._replace(situation=replace(case.situation, contacted=False), request=Request())
    with pytest.raises(MoveRefused) as caught:
        move("open_deal", frozenset({Desk.SALES}), case)
    for said in ("log the call", "budget, authority, need, timeline", "a value above zero"):
        assert said in caught.value.hint


def test_a_lead_is_rested_at_the_moment_its_rest_ends() -> None:
    case = with_situation(rests_until=NOW)(good("promote", Rung.LEAD))
    assert move("promote", frozenset({Desk.POLICY}), case).to is Rung.MQL


def test_what_was_confirmed_before_need_not_be_said_again() -> None:
    case = good("open_deal", Rung.SQL)
    known = dict.fromkeys(("budget", "need"), "said in the first call")
    said = dict.fromkeys(("authority", "timeline"), "said today")
    case = case._replace(situation=replace(case.situation, bant=known), request=replace(case.request, bant=said))
    assert move("open_deal", frozenset({Desk.SALES}), case).to is Rung.OPPORTUNITY


@pytest.mark.parametrize(("contacted", "attempts"), [(True, 0), (False, 4), (False, 5)])
def test_contact_or_enough_attempts_allow_to_disqualify(contacted: bool, attempts: int) -> None:
    case = with_situation(contacted=contacted, attempts=attempts)(good("disqualify", Rung.SQL))
    assert move("disqualify", frozenset({Desk.SALES}), case).to is Rung.DISQUALIFIED


def test_the_reason_other_is_fine_with_a_text() -> None:
    case = with_request(reason="other", text="They are our landlord.")(good("reject", Rung.MQL))
    assert move("reject", frozenset({Desk.SALES}), case).rests


# --- What follows from a rung ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", Rung)
@pytest.mark.parametrize("desk", Desk)
def test_the_moves_one_could_try(rung: Rung, desk: Desk) -> None:
    names = [row.name for row in moves_from(rung, frozenset({desk}))]
    assert names == [row.move for row, origin, by in STEPS if (origin, by) == (rung, desk)]


STAGES = [
    *product(("lead", "mql", "pql", "sal"), product((False, True), repeat=3), (Stage.LEAD,)),
    ("sql", (False, False, False), Stage.LEAD),
    ("sql", (False, True, False), Stage.LEAD),
    ("sql", (True, False, False), Stage.PROSPECT),
    ("sql", (True, True, False), Stage.PROSPECT),
    ("opportunity", (True, True, True), Stage.OPPORTUNITY),
    ("won", (True, True, True), Stage.OPPORTUNITY),
    ("lost", (True, True, True), Stage.OPPORTUNITY),
    ("opportunity", (False, True, True), Stage.LEAD),
    ("disqualified", (True, True, True), Stage.LEAD),
]
"""Rung; contact made, BANT confirmed, deal attached; and the stage that follows."""


@pytest.mark.parametrize(("rung", "facts", "expected"), STAGES)
def test_the_stage_follows_from_rung_and_facts(rung: str, facts: tuple[bool, bool, bool], expected: Stage) -> None:
    contacted, qualified, deal = facts
    assert stage(Rung(rung), contacted=contacted, qualified=qualified, deal=deal) is expected


@pytest.mark.parametrize(
    ("desk", "rungs"),
    [(Desk.MARKETING, "lead mql pql"), (Desk.SALES, "sal sql opportunity won lost")],
)
def test_a_lead_is_on_marketings_desk_until_sales_accepts_it(desk: Desk, rungs: str) -> None:
    assert {desk_of(Rung(rung)) for rung in rungs.split()} == {desk}
