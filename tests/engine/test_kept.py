"""States side by side, of more kinds and days than one number has bits for, are what they were made of."""

from datetime import timedelta

import pyarrow as pa
import pytest

from assay.engine.days import micros
from assay.engine.duck import Duck, Relation, duck
from assay.engine.fold import aged, states, tallies
from assay.engine.kept import apart, spread, tallied
from assay.engine.marks import KINDS
from assay.engine.summary import summary
from tests.engine.lake.growing import START, THEN, a_policy, some_signals

LATER = THEN + timedelta(days=40)
SIGNALS = some_signals(0, 600, START, 60)


def alike(one: Relation, other: Relation) -> None:
    """The same rows, to nine digits; -1 for nothing."""
    mine, theirs = (
        [{key: -1 if said is None else said for key, said in row.items()} for row in table.to_arrow_table().to_pylist()]
        for table in (of.order(", ".join(of.columns[:2])) for of in (one, other))
    )
    assert mine == [pytest.approx(row, rel=1e-9) for row in theirs]


def signals(backend: Duck, kinds: list[str]) -> Relation:
    """Signals of these kinds in turn."""
    columns = {
        "lead": [identity for _, identity, *_ in SIGNALS],
        "kind": [kinds[number % len(kinds)] for number, *_ in SIGNALS],
        "at": [micros(at) for *_, at, _ in SIGNALS],
        "bot": [bot for *_, bot in SIGNALS],
    }
    return backend.load(pa.table(columns))


def test_many_kinds_age_side_by_side() -> None:
    policy = a_policy(70)
    known = policy.intent.signals.items()
    many = {f"{name}_{turn}": kind for turn in range(KINDS // len(known) + 1) for name, kind in known}
    policy = policy.model_copy(update={"intent": policy.intent.model_copy(update={"signals": many})})
    with duck(policy.timezone) as backend:
        came = signals(backend, [*many, "unheard_of"])
        then = backend.keep(backend.run(states(policy, THEN), signals=came))
        kept = backend.keep(backend.run(spread(policy), states=then))
        again = backend.run(apart(policy), kept=kept)
        alike(again, then)
        alike(backend.run(aged(policy, THEN, LATER), states=again), backend.run(states(policy, LATER), signals=came))
        found = (
            backend.run(tallied(policy, THEN, LATER), kept=kept),
            backend.run(tallies(policy, LATER), signals=came),
        )
        alike(*(backend.run(summary(policy), tallies=some) for some in found))
