"""A made-up firm with a known truth: what makes leads buy, a rule that sends them, and sales that decides by habit."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from assay.domain.facts import Facts
from assay.domain.intent import KindState, Signal
from assay.domain.ladder import Rung
from assay.domain.outcomes import Outcome
from assay.domain.policy import Policy
from assay.domain.score import Score, Scorer
from tests.domain.history import MARKS, TRUTH, chance_of
from tests.engine.histories import Made, Person, Seen

BEGAN = date(2026, 1, 1)
KNOWN: dict[str, tuple[str, str | int, str | int]] = {
    "Company size": ("company.employees", 120, 5),
    "Can decide": ("person.title", "Head of Operations", "Clerk"),
    "Industry we serve": ("company.industry", "Software", "Farming"),
    "Budget": ("company.budget", 20_000, 500),
    "Country we sell to": ("company.country", "FR", "JP"),
}
"""Each criterion's fact, and what it says on a match and on a miss."""
KINDS = [name for name in TRUTH if name not in KNOWN and "_" in name]


class Came(NamedTuple):
    """Somebody who came, and how it went: an outcome where sales accepted and the story ended."""

    person: Person
    outcome: Outcome | None


def came(leads: int, days: int, rule: Policy, seed: int) -> Iterator[Came]:
    """So many leads over so many days, of whom this rule sends some to the gate."""
    chance, scorer = random.Random(seed), Scorer(rule)
    for _ in range(leads):
        # Everybody is drawn alike, whatever the rule is, so that rules can be compared.
        draw = random.Random(chance.getrandbits(64))
        yield _somebody(draw, scorer, datetime.combine(BEGAN, datetime.min.time(), UTC), days)


def _somebody(draw: random.Random, scorer: Scorer, began: datetime, days: int) -> Came:
    captured = began + timedelta(days=draw.random() * days)
    matched = {name: draw.random() < (0.95 if name.startswith("Country") else 0.7) for name in KNOWN}
    facts = {field: yes if matched[name] else no for name, (field, yes, no) in KNOWN.items()}
    kinds = [kind for kind in KINDS for _ in range(round(1 + draw.expovariate(1))) if draw.random() < 0.3]
    seen = sorted((captured + timedelta(days=draw.random() * 6), kind) for kind in kinds)
    habit, truth = draw.random(), draw.random()
    person = Person(captured, facts, [Seen(kind, at, at) for at, kind in seen])
    person.decisions = [Made("capture", "", Rung.LEAD, captured)]
    sent = _sent(scorer, facts, seen)
    return Came(person, _at_the_gate(person, scorer.policy, sent, habit, truth) if sent else None)


def _sent(scorer: Scorer, facts: Facts, seen: list[tuple[datetime, str]]) -> tuple[datetime, Score] | None:
    """When the rule sends a lead, by a score at each signal."""
    fit = scorer.fit.score(facts).fit
    if fit < scorer.policy.fit.floor:
        return None
    states: dict[str, KindState] = {}
    for number, (at, kind) in enumerate(seen):
        scorer.intent.fold([Signal(str(number), kind, at)], at, into=states)
        score = scorer.score(facts, states, at)
        if score.mql:
            return at, score
    return None


def _at_the_gate(
    person: Person, rule: Policy, sent: tuple[datetime, Score], habit: float, truth: float
) -> Outcome | None:
    """Sales decides after a day by what it goes by; a deal ends after twenty by what is true."""
    at, score = sent
    shown = {part.name: part.verdict == "match" for part in score.parts if part.axis == "fit"}
    each = {kind: rule.intent.signals[kind].points for kind in KINDS}
    amounts = {part.name: part.points / each[part.name] for part in score.parts if part.name in each}
    marks = sum(mark * (shown.get(name, name in amounts)) for name, mark in MARKS.items())
    accepted = habit < chance_of(marks - 0.8)
    person.decisions += [
        Made("promote", Rung.LEAD, Rung.MQL, at),
        Made("accept" if accepted else "reject", Rung.MQL, Rung.SQL if accepted else Rung.LEAD, at + timedelta(days=1)),
    ]
    if not accepted:
        person.decisions.append(Made("disqualify", Rung.LEAD, Rung.DISQUALIFIED, at + timedelta(days=2)))
        return None
    odds = sum(worth * min(2.5, amounts.get(name, shown.get(name, False))) for name, worth in TRUTH.items())
    won = truth < chance_of(odds - 4)
    ended = ("win", Rung.OPPORTUNITY, Rung.WON) if won else ("lose", Rung.OPPORTUNITY, Rung.LOST)
    person.decisions.append(Made(*ended, at + timedelta(days=20)))
    return Outcome(shown, amounts, score.fit, score.intent, won)
