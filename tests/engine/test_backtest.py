"""A backtest gives what the domain's own rule gives when every lead is scored at every moment."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.domain.facts import Value
from assay.domain.ladder import LADDER, Rung
from assay.domain.policy import Policy
from assay.domain.policy_sections import Fit, Intent
from assay.engine.backtest.period import Period
from assay.engine.backtest.replay import replay
from assay.engine.duck import duck
from tests import cases
from tests.domain.strategies import FIELDS, KINDS, fits, intents
from tests.engine.histories import Edited, Made, Person, Seen, told, written

FIRST, LAST = date(2026, 3, 1), date(2026, 4, 10)
"""Clocks go forward in Europe meanwhile, on 29 March, and back in Australia on 5 April."""
NOW = datetime(2026, 4, 20, tzinfo=UTC)
ZONES = ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]


def replayed(
    people: Sequence[Person], policy: Policy, first: date = FIRST, last: date = LAST
) -> list[tuple[object, ...]]:
    """The stories of the engine, one by one, in the order of `told`."""
    with TemporaryDirectory() as folder, duck("UTC") as backend:
        store = written(Path(folder, "lake"), people)
        found = replay(backend, store, store.manifest(), Period(policy, first, last, NOW))
    stories = [tuple(row.values()) for row in found.stories.to_pylist() for _ in range(row.pop("number"))]
    return sorted(stories, key=str)


# --- Any history under any rule ------------------------------------------------------------------

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS: Sequence[Value] = ("Head of Sales", "Software", " software ", "VP", "12", 7, 25.5, None, "", "many", True)


class Chance:
    """Draws people: quicker than strategies do, and as many as it takes to meet every case."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def people(self, count: int) -> list[Person]:
        return [self._person() for _ in range(count)]

    def _person(self) -> Person:
        draw = self._random
        made = self._decisions()
        edits = {at: Edited(at, draw.choice(FIELDS), draw.choice(WORDS)) for at in self._moments(draw.randrange(3))}
        facts = {field: draw.choice(WORDS) for field in FIELDS}
        signals = [self._seen(at) for at in self._moments(draw.choice([0, 2, 5, 9, 14]))]
        return Person(made[0].at, facts, signals, list(edits.values()), made)

    def _moments(self, count: int) -> list[datetime]:
        """From two months before the period to after its end, many at the edge of a day."""
        draw = self._random
        edges = [
            timedelta(days=draw.randrange(50, 105), hours=draw.choice([0, 1, 22, 23]), seconds=off) for off in (-1, 0)
        ]
        anywhere = [timedelta(seconds=draw.randrange(108 * 86_400)) for _ in range(count)]
        return [START + moment for moment in draw.sample(edges + anywhere, count)]

    def _seen(self, at: datetime) -> Seen:
        draw = self._random
        late = draw.choice([timedelta(0), timedelta(0), timedelta(seconds=3), timedelta(days=-1), timedelta(days=9)])
        return Seen(draw.choice(KINDS), at, at + late, draw.random() < 0.2)

    def _decisions(self) -> list[Made]:
        """A walk over the ladder, from capture on."""
        draw = self._random
        first, *others = sorted(self._moments(draw.randrange(1, 8)))
        rung, made = Rung.LEAD, [Made("capture", "", Rung.LEAD, first)]
        for at in others:
            row = draw.choice([row for row in LADDER if rung in row.origins])
            share = draw.choice([None, 0.1]) if row.name == "promote" else None
            again = draw.choice([None, *self._moments(2)]) if row.name == "recycle" else None
            made.append(Made(row.name, rung, row.to, at, share, again.date() if again else None))
            rung = row.to
        return made


def policies() -> st.SearchStrategy[Policy]:
    def changed(fit: Fit, intent: Intent, zone: str, threshold: int, cool_off: float) -> Policy:
        mql = cases.policy().mql.model_copy(update={"threshold": threshold, "cool_off_days": cool_off})
        lower = fit.model_copy(update={"floor": 10, "min_coverage": 10})
        return cases.policy().model_copy(update={"fit": lower, "intent": intent, "timezone": zone, "mql": mql})

    return st.builds(
        changed, fits(), intents(), st.sampled_from(ZONES), st.sampled_from([20, 40, 70]), st.sampled_from([0, 2.5, 30])
    )


@settings(max_examples=5)
@given(policies(), st.integers(0, 1_000_000))
def test_any_history_under_any_rule(policy: Policy, seed: int) -> None:
    people = Chance(seed).people(80)
    assert replayed(people, policy) == told(people, policy, FIRST, LAST)
