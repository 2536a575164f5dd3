"""Whatever anybody tries, in whatever order: no lead leaves the ladder, and the ledger tells all that happened."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assay.actions import gate, work
from assay.actions.actors import INTAKE, POLICY, actor
from assay.actions.moves import make_move
from assay.actions.scoring import rescore
from assay.domain.errors import AssayError
from assay.domain.ladder import MOVES, Rung, stage
from assay.records.models import Deal, Decision, Lead, Pass
from tests.actions import replay
from tests.people import BANT, NOBODY, NOW, a_lead_on, ada, mara, max_, observe, sam, sia
from tests.records.dump import everything

LEADS = st.integers(0, 1)
WHO = st.sampled_from(["mara", "sam", "sam", "sia", "max", "ada", "nobody", "policy", "intake"])
TEXTS = st.sampled_from(["", " ", "why"])
NOTES = st.fixed_dictionaries({}, optional=dict.fromkeys(BANT, st.sampled_from(["", "yes"]))) | st.just(BANT)
VALUES = st.sampled_from(["9000.50", "1", "0", "-1", "NaN", "Infinity"]).map(Decimal)
DAYS = st.integers(-1, 40)

# What those whose turn it is do with a lead on each rung.
DUE: Mapping[Rung, Sequence[Callable[[int, datetime], object]]] = {
    Rung.LEAD: [
        lambda lead, at: observe(Lead.objects.get(pk=lead), "demo_request", at=at),
        lambda lead, at: gate.promote(lead, actor(mara()), at, text="why"),
    ],
    Rung.MQL: [
        lambda lead, at: gate.accept(lead, actor(max_()), at, owner=sam()),
        lambda lead, at: gate.reject(lead, actor(sam()), at, reason="too_early"),
        lambda lead, at: gate.withdraw(lead, actor(mara()), at, text="why"),
    ],
    Rung.PQL: [
        lambda lead, at: gate.accept(lead, actor(sia()), at),
        lambda lead, at: gate.reject(lead, actor(sia()), at, reason="too_early"),
    ],
    Rung.SAL: [lambda lead, at: gate.qualify(lead, actor(max_()), at, fit_note="yes", intent_note="yes")],
    Rung.SQL: [
        lambda lead, at: work.log_touch(lead, actor(max_()), at, kind="call", reached=True),
        lambda lead, at: work.recycle(lead, actor(max_()), at, reason="not_now"),
    ],
    Rung.OPPORTUNITY: [
        lambda lead, at: work.win(lead, actor(max_()), at, value=Decimal(1), closed_on=at.date()),
        lambda lead, at: work.lose(lead, actor(max_()), at, reason="price"),
    ],
    Rung.WON: [lambda lead, at: work.reopen(lead, actor(mara()), at, text="why")],
    Rung.LOST: [lambda lead, at: work.recycle(lead, actor(max_()), at, reason="not_now")],
    Rung.DISQUALIFIED: [lambda lead, at: work.reopen(lead, actor(mara()), at, text="why")],
}

seen: Counter[str] = Counter()


class Ladder(RuleBasedStateMachine):
    """Two leads, whoever may try something, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.one_example = transaction.atomic()
        self.one_example.__enter__()

    def teardown(self) -> None:
        seen.update(Decision.objects.values_list("move", flat=True))
        transaction.set_rollback(True)
        self.one_example.__exit__(None, None, None)

    @initialize(rungs=st.tuples(st.sampled_from(Rung), st.sampled_from(Rung)))
    def begin(self, rungs: tuple[Rung, Rung]) -> None:
        known = {"mara": mara, "sam": sam, "sia": sia, "max": max_, "ada": ada}
        self.people = {name: actor(person()) for name, person in known.items()}
        self.people |= {"nobody": NOBODY, "policy": POLICY, "intake": INTAKE}
        self.users = {name: person().pk for name, person in known.items()}
        self.leads = [a_lead_on(rung, self.now).pk for rung in rungs]
        self.rows = everything()

    def attempt(self, verb: Callable[..., object], which: int, who: str, *args: object, **said: Any) -> None:
        """Somebody does something to a lead, or is refused and changes nothing."""
        self.do(verb, which, self.people[who], *args, **said)

    def do(self, verb: Callable[..., object], which: int, *args: object, **said: Any) -> None:
        try:
            verb(self.leads[which], *args, **said)
        except AssayError as error:
            assert everything() == self.rows
            seen[error.code] += 1

    def day(self, days: int) -> date:
        return (self.now + timedelta(days=days)).date()

    # --- what happens ----------------------------------------------------------------------------

    @rule(days=st.sampled_from([0, 1, 31]), minutes=st.integers(1, 600))
    def time_passes(self, days: int, minutes: int) -> None:
        self.now += timedelta(days=days, minutes=minutes)
        rescore(self.now)

    @rule(which=LEADS, kind=st.sampled_from(["page_view", "demo_request", "product_milestone", "unsubscribe"]))
    def something_is_seen(self, which: int, kind: str) -> None:
        observe(Lead.objects.get(pk=self.leads[which]), kind, at=self.now)

    @rule(which=LEADS, choices=st.lists(st.integers(0, 5), min_size=1, max_size=8))
    def everybody_does_what_is_due(self, which: int, choices: list[int]) -> None:
        """Without it, chance would hardly ever make a deal."""
        for choice in choices:
            self.rows = everything()
            due = DUE[Rung(self.lead(which)["rung"])]
            self.do(due[choice % len(due)], which, self.now)

    # --- what anybody may try --------------------------------------------------------------------

    @rule(which=LEADS, who=WHO, move=st.sampled_from(MOVES))
    def a_bare_move(self, which: int, who: str, move: str) -> None:
        self.attempt(lambda lead, by: make_move(move, lead, by, self.now), which, who)

    @rule(which=LEADS, who=WHO, verb=st.sampled_from([gate.promote, gate.withdraw, work.reopen]), text=TEXTS)
    def a_verb_with_a_text(self, which: int, who: str, verb: Callable[..., Decision], text: str) -> None:
        self.attempt(verb, which, who, self.now, text=text)

    @rule(
        which=LEADS,
        who=WHO,
        verb=st.sampled_from([gate.reject, work.lose, work.disqualify, work.recycle]),
        reason=st.sampled_from(["", "too_early", "no_need", "not_now", "price", "other", "nonsense"]),
        text=TEXTS,
    )
    def a_verb_with_a_reason(self, which: int, who: str, verb: Callable[..., Decision], reason: str, text: str) -> None:
        self.attempt(verb, which, who, self.now, reason=reason, text=text)

    @rule(which=LEADS, who=WHO, days=DAYS)
    def a_recycling_with_a_date(self, which: int, who: str, days: int) -> None:
        self.attempt(work.recycle, which, who, self.now, reason="not_now", look_again=self.day(days))

    @rule(which=LEADS, who=WHO, owner=st.sampled_from([None, sam, sia, ada]))
    def an_acceptance(self, which: int, who: str, owner: Callable[[], Any] | None) -> None:
        self.attempt(gate.accept, which, who, self.now, owner=owner() if owner else None)

    @rule(which=LEADS, who=WHO, fit_note=TEXTS, intent_note=TEXTS)
    def a_qualification(self, which: int, who: str, fit_note: str, intent_note: str) -> None:
        self.attempt(gate.qualify, which, who, self.now, fit_note=fit_note, intent_note=intent_note)

    @rule(which=LEADS, who=WHO, reached=st.booleans(), automatic=st.booleans())
    def a_touch(self, which: int, who: str, reached: bool, automatic: bool) -> None:
        self.attempt(work.log_touch, which, who, self.now, kind="call", reached=reached, automatic=automatic)

    @rule(which=LEADS, who=WHO, notes=NOTES)
    def a_confirmation(self, which: int, who: str, notes: dict[str, str]) -> None:
        self.attempt(work.confirm, which, who, notes)

    @rule(which=LEADS, who=WHO, value=VALUES, currency=st.sampled_from(["EUR", ""]), days=DAYS, bant=NOTES)
    def a_deal(self, which: int, who: str, value: Decimal, currency: str, days: int, bant: dict[str, str]) -> None:
        day = self.day(days)
        self.attempt(work.open_deal, which, who, self.now, value=value, currency=currency, close_date=day, bant=bant)

    @rule(which=LEADS, who=WHO, value=VALUES, days=DAYS)
    def a_win(self, which: int, who: str, value: Decimal, days: int) -> None:
        self.attempt(work.win, which, who, self.now, value=value, closed_on=self.day(days))

    @rule(which=LEADS, who=WHO, to=st.sampled_from(["mara", "sam", "sia"]))
    def an_assignment(self, which: int, who: str, to: str) -> None:
        if Rung(self.lead(which)["rung"]) in (Rung.SAL, Rung.SQL, Rung.OPPORTUNITY):
            self.attempt(work.assign, which, who, self.now, self.users[to])

    # --- what holds at any time ------------------------------------------------------------------

    def lead(self, which: int) -> replay.Row:
        return next(row for row in self.rows["Lead"] if row["id"] == self.leads[which])

    @invariant()
    def no_lead_is_where_it_cannot_be(self) -> None:
        if hasattr(self, "rows"):
            self.rows = everything()
            replay.check(self.rows)

    @invariant()
    def the_stage_follows_from_the_facts(self) -> None:
        for row in self.rows["Lead"] if hasattr(self, "rows") else ():
            current = Pass.objects.get(lead=row["id"], number=row["pass_no"])
            deal = Deal.objects.filter(lead=row["id"], pass_no=row["pass_no"]).first()
            derived = stage(
                Rung(row["rung"]),
                contacted=current.contacted_at is not None,
                qualified=deal is not None and all(deal.bant.values()),
                deal=deal is not None and deal.value is not None,
            )
            assert derived == replay.stage_of(row, self.rows)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_way_leads_off_the_ladder() -> None:
    seen.clear()
    examples = settings().max_examples // 4
    run_state_machine_as_test(Ladder, settings=settings(max_examples=examples, stateful_step_count=20))
    # Not for want of trying: leads went all the way up and back, and every kind of refusal was met.
    assert {"promote", "accept", "qualify", "reject", "open_deal", "win", "recycle"} <= seen.keys()
    assert {"wrong_rung", "wrong_desk", "guard_failed", "not_yours", "already_decided"} <= seen.keys()
