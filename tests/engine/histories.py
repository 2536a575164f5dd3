"""Histories of leads for backtests: written as a lake, and replayed the obvious way by the domain's own rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from assay.domain.facts import Facts, Value, is_known
from assay.domain.fit import as_text
from assay.domain.intent import Signal
from assay.domain.ladder import GATE, LADDER, Rung
from assay.domain.outcomes import ENDS
from assay.domain.policy import Policy
from assay.domain.score import Scorer
from assay.engine.backtest.period import WARM_UP
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer

TIME, TEXT = pa.timestamp("us", tz="UTC"), pa.string()
LEADS = pa.schema([("lead", pa.int64()), ("captured_at", TIME), ("facts", pa.map_(TEXT, TEXT))])
IDENTITIES = pa.schema([("identity", pa.int64()), ("lead", pa.int64())])
EDITS = pa.schema([("lead", pa.int64()), ("at", TIME), ("field", TEXT), ("before", TEXT)])
REMARKS = pa.schema([("decision", pa.int64()), ("exploration", pa.float64()), ("look_again", pa.date32())])
RESTS = {row.name for row in LADDER if row.rests}


class Seen(NamedTuple):
    """A signal, and when it came in."""

    kind: str
    at: datetime
    received_at: datetime
    bot: bool = False

    @property
    def known(self) -> datetime:
        return max(self.at, self.received_at)


class Edited(NamedTuple):
    """A fact that changed, and what it said before."""

    at: datetime
    field: str
    before: Value


class Made(NamedTuple):
    """A decision."""

    move: str
    origin: str
    to: str
    at: datetime
    exploration: float | None = None
    look_again: date | None = None


@dataclass
class Person:
    """A lead with all that is on record: facts as they are now."""

    captured_at: datetime
    facts: Facts
    signals: Sequence[Seen] = ()
    edits: Sequence[Edited] = ()
    decisions: list[Made] = field(default_factory=list)


# --- As a lake -----------------------------------------------------------------------------------


def written(place: Path, people: Sequence[Person]) -> Store:
    """A lake of these people."""
    store = Store(place)
    writer, whose = Writer(store), list(enumerate(people, 1))
    signals = [
        {"identity": lead, "kind": one.kind, "at": one.at, "received_at": one.received_at, "bot": one.bot}
        for lead, person in whose
        for one in person.signals
    ]
    moves = [(lead, move) for lead, person in whose for move in person.decisions]
    decisions = [
        {"lead": lead, "move": move.move, "from_rung": move.origin, "to_rung": move.to, "at": move.at}
        for lead, move in moves
    ]
    _log(writer, "signals", signals)
    _log(writer, "decisions", decisions)
    leads = [{"lead": lead, "captured_at": one.captured_at, "facts": _facts(one.facts)} for lead, one in whose]
    edits = [
        {"lead": lead, "at": edit.at, "field": edit.field, "before": _text(edit.before)}
        for lead, person in whose
        for edit in person.edits
    ]
    remarks = [
        {"decision": number, "exploration": move.exploration, "look_again": move.look_again}
        for number, (_, move) in enumerate(moves, 1)
        if move.exploration or move.look_again
    ]
    tables = {"leads": (LEADS, leads), "edits": (EDITS, edits), "remarks": (REMARKS, remarks)}
    tables["identities"] = (IDENTITIES, [{"identity": lead, "lead": lead} for lead, _ in whose])
    for name, (schema, rows) in tables.items():
        writer.replace(name, schema, [pa.RecordBatch.from_pylist(rows, schema)])
    return store


def _log(writer: Writer, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        table = pa.Table.from_pylist([{"id": number, **row} for number, row in enumerate(rows, 1)])
        writer.sync(name, len(rows), lambda _first, _last: table.to_reader(), lambda _last: {})


def _facts(facts: Facts) -> list[tuple[str, str | None]]:
    return [(key, _text(value)) for key, value in facts.items() if is_known(value)]


def _text(value: Value) -> str | None:
    return as_text(value) if is_known(value) else None


# --- The slow and obvious way --------------------------------------------------------------------


class Chance(NamedTuple):
    """A time at which a lead could be promoted, and what was made of it."""

    opens: datetime
    closes: datetime
    promoted: datetime | None
    decided: datetime | None
    verdict: str | None
    ending: str | None
    exploration: float | None


def told(people: Sequence[Person], policy: Policy, first: date, last: date) -> list[tuple[object, ...]]:
    """The story of each chance, as `engine.backtest.replay` has its columns; every lead scored at every moment."""
    opening = first - timedelta(days=WARM_UP)
    opens, start, end = (
        datetime.combine(day, time.min, policy.zone) for day in (opening, first, last + timedelta(days=1))
    )
    scorer, stories = Scorer(policy), []

    def number(at: datetime | None) -> int | None:
        return None if at is None else (at.astimezone(policy.zone).date() - first).days

    for person in people:
        for one in _chances(person, policy, opens, start, end):
            moments = _moments(person, one, policy, opening, last)
            draft = next((at for at in moments if _is_promoted(person, scorer, at)), None)
            came = one.promoted if one.promoted and one.promoted < end else None
            if came or draft:
                in_time = draft <= one.decided if draft and one.decided else None
                outcome = (one.verdict, one.ending, in_time, one.exploration)
                stories.append((number(came), number(draft), *outcome, None if draft is None else draft < start))
    return sorted(stories, key=str)


def _chances(person: Person, policy: Policy, opens: datetime, start: datetime, end: datetime) -> Iterator[Chance]:
    arrivals = [number for number, move in enumerate(person.decisions) if move.to == Rung.LEAD]
    for place, number in enumerate(arrivals):
        arrival = person.decisions[number]
        after = arrivals[place + 1] if place + 1 < len(arrivals) else len(person.decisions) - 1
        moves = person.decisions[number + 1 : after + 1]
        to_gate = next((one for one in moves if one.origin == Rung.LEAD and one.to in GATE), None)
        verdict = next((one for one in moves if one.origin in GATE and one.to not in GATE), None)
        ending = next((one for one in moves if one.move in ENDS and one.origin not in GATE | {Rung.LEAD}), None)
        gone = next((one for one in moves if one.origin == Rung.LEAD and one.to == Rung.DISQUALIFIED), None)
        next_at = person.decisions[after].at if place + 1 < len(arrivals) else end
        closes = gone.at if gone else ending.at if ending else next_at
        rested = arrival.at
        if arrival.move in RESTS:
            rested += timedelta(days=policy.mql.cool_off_days)
            if arrival.look_again:
                rested = datetime.combine(arrival.look_again, time.min, policy.zone)
        chance = Chance(
            max(arrival.at, rested, opens),
            min(closes, end),
            to_gate.at if to_gate else None,
            verdict.at if verdict else None,
            verdict.move if verdict else None,
            ending.move if ending else None,
            to_gate.exploration if to_gate else None,
        )
        if max(chance.opens, start) < chance.closes and (chance.promoted or start) >= start:
            yield chance


def _moments(person: Person, chance: Chance, policy: Policy, first: date, last: date) -> list[datetime]:
    """Whenever something happens, and the end of every day."""
    midnights = [
        datetime.combine(first + timedelta(days=day + 1), time.min, policy.zone)
        for day in range((last - first).days + 1)
    ]
    ends = [midnight.astimezone(UTC) - timedelta(microseconds=1) for midnight in midnights]
    moments = {chance.opens, *ends, *(one.known for one in person.signals), *(edit.at for edit in person.edits)}
    return sorted(at for at in moments if chance.opens <= at < chance.closes)


def _is_promoted(person: Person, scorer: Scorer, at: datetime) -> bool:
    facts = dict(person.facts)
    for edit in sorted(person.edits, reverse=True, key=lambda edit: edit.at):
        if edit.at > at:
            facts[edit.field] = edit.before
    seen = [
        Signal(str(number), one.kind, one.at, one.bot) for number, one in enumerate(person.signals) if one.known <= at
    ]
    score = scorer.score(facts, scorer.intent.fold(seen, at), at)
    return score.mql or (score.milestone and score.fits)
