"""A lake that grows as a database's log of signals does."""

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from assay import Policy
from assay.engine.lake.manifest import BLOCK, Block
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer
from tests import cases

START = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
THEN = START + timedelta(days=60)
IDENTITIES = pa.schema([("identity", pa.int64()), ("lead", pa.int64())])
LEADS = pa.schema(
    [
        *(("lead", pa.int64()), ("policy", pa.int64()), ("fit", pa.float64()), ("coverage", pa.float64())),
        *(("intent", pa.float64()), ("insufficient_data", pa.bool_()), ("pattern", pa.bool_())),
        *(("temperature", pa.string()), ("milestone", pa.bool_()), ("fits", pa.bool_()), ("mql", pa.bool_())),
        *(("grid", pa.string()), ("facts", pa.map_(pa.string(), pa.string()))),
    ]
)
PEOPLE = 12
KNOWN = 9
"""Leads, of whom some are known by two names."""

Row = tuple[int, int, str, datetime, bool]
"""Id, identity, kind, time, bot."""


def a_policy(within_days: int, half_life: float = 10.0) -> Policy:
    """The cases' policy with another look-back, and one kind that fades in another time."""
    policy = cases.policy()
    kinds = dict(policy.intent.signals)
    first = next(iter(kinds))
    kinds[first] = kinds[first].model_copy(update={"half_life_days": half_life})
    pattern = policy.intent.pattern.model_copy(update={"within_days": within_days})
    return policy.model_copy(
        update={
            "intent": policy.intent.model_copy(update={"pattern": pattern, "signals": kinds}),
            "timezone": "Europe/Paris",
        }
    )


def some_signals(first: int, last: int, since: datetime, days: int) -> list[Row]:
    """Signals in any order of time, some of robots and of kinds that no policy lists."""
    chance, kinds = random.Random(first), [*cases.policy().intent.signals, "unheard_of"]
    return [
        (
            number,
            1 + chance.randrange(PEOPLE),
            chance.choice(kinds),
            since + timedelta(seconds=chance.randrange(days * 86_400)),
            chance.random() < 0.1,
        )
        for number in range(first, last)
    ]


class Source:
    """A log of signals that grows, and what the database would count of it."""

    def __init__(self, store: Store) -> None:
        self.store, self.log = store, list[Row]()
        people = [range(1, PEOPLE + 1), [1 + number % KNOWN for number in range(PEOPLE)]]
        Writer(store).replace(
            "identities", IDENTITIES, [pa.record_batch([list(of) for of in people], schema=IDENTITIES)]
        )

    def know(self, *facts: dict[str, str]) -> None:
        """Leads with these facts, never scored."""
        rows = [
            {"lead": number, **dict.fromkeys(("fit", "coverage", "intent"), 0.0), "facts": list(said.items())}
            for number, said in enumerate(facts, 1)
        ]
        Writer(self.store).replace("leads", LEADS, [pa.RecordBatch.from_pylist(rows, LEADS)])

    def sync(self, *rows: Row) -> None:
        self.log += rows
        Writer(self.store).sync("signals", max(row[0] for row in self.log), self._rows, self._blocks)

    def _rows(self, first: int, last: int) -> pa.RecordBatchReader:
        found = [row for row in self.log if first <= row[0] <= last]
        names = ("id", "identity", "kind", "at", "bot")
        columns = dict(zip(names, map(list, zip(*found, strict=True)), strict=True)) if found else {}
        columns["at"] = [at.isoformat() for at in columns.get("at", [])]
        return pa.table({name: columns.get(name, []) for name in names}).to_reader()

    def _blocks(self, last: int) -> dict[int, Block]:
        found: dict[int, Block] = {}
        for number, _, _, _, bot in self.log:
            if number <= last:
                rows, total, marked = found.get(number // BLOCK, (0, 0, 0))
                found[number // BLOCK] = (rows + 1, total + number, marked + bot)
        return found
