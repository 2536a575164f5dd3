"""Accepted leads that have ended, by the hundred, with a known truth: written as actions would have written them."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import exp

from assay.actions.policies import Rule, rule
from assay.actions.writing import insert
from assay.domain.intent import DAY, KindState
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, Pass, Person, Source
from tests.people import NOW

TRUTH: Mapping[str, float] = {"company.budget": 2.0, "pricing_view": 1.5, "source": 1.0}
"""Log odds of a win by a large budget, by a view of prices, and by the source Partner."""
START = -2.6


def ended_leads(number: int, seed: int = 1, *, signal: bool = True, until: datetime = NOW) -> list[Lead]:
    """So many leads, one a day up to a time, each promoted, accepted three days later and ended a week after that.

    Without ``signal`` a quarter of them is won, whatever is known of them.
    """
    chance, current = random.Random(seed), rule(until)
    sources = {name: Source.objects.get_or_create(name=name)[0] for name in ("Partner", "Website")}
    known = [_known(chance, signal) for _ in range(number)]
    people = insert(Person, [Person(name=f"Person {at}", created_at=until) for at in range(number)])
    whens = [until - timedelta(days=number - at) for at in range(number)]
    leads = insert(
        Lead,
        [
            # Back on the first rung, as if opened again since: what a lead is now tells nothing of how it ended.
            Lead(person=person, source=sources[str(said["source"])], captured_at=at - timedelta(days=5))
            for person, said, at in zip(people, known, whens, strict=True)
        ],
    )
    insert(
        Pass,
        [
            Pass(lead=lead, number=1, lead_at=lead.captured_at, captured_at=lead.captured_at, source=lead.source)
            for lead in leads
        ],
    )
    moves = [
        decision
        for lead, said, at in zip(leads, known, whens, strict=True)
        for decision in _story(lead, said, at - timedelta(days=10), current)
    ]
    insert(Decision, sorted(moves, key=lambda decision: decision.at))
    return leads


def _known(chance: random.Random, signal: bool) -> dict[str, object]:
    budget, source = chance.choice((5_000, 50_000)), chance.choice(("Partner", "Website"))
    kinds = ["demo_request", *(["pricing_view"] if chance.random() < 0.5 else [])]
    odds = START + TRUTH["company.budget"] * (budget > 10_000)
    odds += TRUTH["pricing_view"] * (len(kinds) > 1) + TRUTH["source"] * (source == "Partner")
    share = 1 / (1 + exp(-odds)) if signal else 0.25
    return {"budget": budget, "source": source, "kinds": kinds, "won": chance.random() < share}


def _story(lead: Lead, said: Mapping[str, object], at: datetime, current: Rule) -> list[Decision]:
    """Promoted, accepted and ended."""
    facts = {"company.budget": said["budget"], "company.employees": 120, "person.title": "Head of Operations"}
    states = {kind: _state(current, kind, at) for kind in said["kinds"]}  # type: ignore[attr-defined]
    score = {**current.scorer.score(facts, states, at).as_json(), "as_of": at.isoformat()}  # type: ignore[arg-type]
    ending = ("win", Rung.WON) if said["won"] else ("lose", Rung.LOST)
    steps = (
        ("promote", Rung.LEAD, Rung.MQL, at, "policy"),
        ("accept", Rung.MQL, Rung.SQL, at + timedelta(days=3), "sales"),
        (ending[0], Rung.OPPORTUNITY, ending[1], at + timedelta(days=10), "sales"),
    )
    return [
        Decision(
            lead=lead,
            pass_no=1,
            move=move,
            from_rung=before,
            to_rung=after,
            at=when,
            by_name="Sam",
            desk=desk,
            policy_id=current.version,
            score=score,
        )
        for move, before, after, when, desk in steps
    ]


def _state(current: Rule, kind: str, at: datetime) -> KindState:
    state = KindState(current.policy.intent.signals[kind].half_life_days)
    state.add(at.timestamp() - DAY, at.toordinal() - 1)
    return state
