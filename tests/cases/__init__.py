"""Named situations that a marketer can read, and what any engine must make of them.

A case is a lead (a person of people.toml, changed as the case says), its signals in order of arrival, a
time, and any of the score's figures. Signals are written ``<kind> <when> [x<times>] [bot] [#<message id>]``,
and when is ``3d ago``, ``7d1s ago``, ``in 2h``, ``now`` or ``at 2026-03-29T00:30+01:00``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from assay.domain.facts import Facts, Value
from assay.domain.intent import Signal
from assay.domain.policy import Policy

HERE = Path(__file__).parent

_SIGNAL = re.compile(
    r"(?P<kind>\w+) (?:(?P<ago>(\d+[dhms])+) ago|in (?P<ahead>(\d+[dhms])+)|at (?P<at>\S+)|(?P<now>now))"
    r"(?: x(?P<times>\d+))?(?P<bot> bot)?(?: #(?P<id>\w+))?"
)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class Written(BaseModel):
    """A table of a case file: a key that nobody reads is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(Written):
    """Figures of the score, any subset. ``parts`` are points by the name of a criterion or kind."""

    fit: float = 0
    coverage: float = 0
    insufficient_data: bool = False
    missing: list[str] = []
    intent: float = 0
    pattern: bool = False
    temperature: str = ""
    mql: bool = False
    milestone: bool = False
    grid: str = ""
    parts: dict[str, float] = {}

    def differences(self, score: Mapping[str, object]) -> list[str]:
        """What a score, in the form of ``Score.as_json()``, has otherwise; numbers count to 6 decimals."""
        found = {**score, "parts": points_by_name(score)}
        return list(_differences(self.model_dump(include=self.model_fields_set), found))


class _Case(Written):
    name: str
    why: str
    who: str = "nobody"
    lead: dict[str, dict[str, Value]] = {}
    signals: list[str] = []
    now: AwareDatetime | None = None
    expect: Expected


class _File(Written):
    policy: str
    now: AwareDatetime
    case: list[_Case]


@dataclass(frozen=True, slots=True)
class Case:
    """One situation, ready to score."""

    name: str
    why: str
    facts: Facts
    signals: tuple[Signal, ...]
    now: datetime
    policy: str
    expect: Expected


def read() -> list[Case]:
    """Every case of every file in this folder."""
    return [case for path in sorted(HERE.glob("*.toml")) for case in _read_file(path)]


@cache
def policy(name: str = "policy.toml") -> Policy:
    """A policy of this folder."""
    return Policy.load(HERE / name)


@cache
def people() -> dict[str, Facts]:
    """The known people, as facts by dotted key."""
    written = tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))
    return {name: _flat(tables) for name, tables in written.items()}


def points_by_name(score: Mapping[str, object]) -> dict[str, float]:
    """The points of a score's parts; what limits took away is named by axis: ``fit limit``."""
    parts = score["parts"]
    assert isinstance(parts, list)
    limits = ("limit", "lone_cap", "knockout")
    return {
        f"{part['axis']} {part['name']}" if part["name"] in limits else part["name"]: part["points"] for part in parts
    }


def _read_file(path: Path) -> Iterator[Case]:
    if path.name in ("policy.toml", "people.toml"):
        return
    file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    for case in file.case:
        now = case.now or file.now
        yield Case(
            name=case.name,
            why=case.why,
            facts={**people()[case.who], **_flat(case.lead)},
            signals=tuple(signal for place, text in enumerate(case.signals) for signal in _signals(text, place, now)),
            now=now,
            policy=file.policy,
            expect=case.expect,
        )


def _flat(tables: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    return {f"{table}.{key}": value for table, facts in tables.items() for key, value in facts.items()}


def _signals(text: str, place: int, now: datetime) -> Iterator[Signal]:
    found = _SIGNAL.fullmatch(text)
    if not found:
        raise ValueError(f'"{text}" is no signal; write one as "pricing_view 3d ago"')
    if found["at"]:
        at = datetime.fromisoformat(found["at"])
    else:
        at = now - _span(found["ago"] or "") + _span(found["ahead"] or "")
    for copy in range(int(found["times"] or 1)):
        yield Signal(found["id"] or f"{place}.{copy}", found["kind"], at, bool(found["bot"]))


def _span(text: str) -> timedelta:
    parts = (timedelta(**{_UNITS[part[-1]]: int(part[:-1])}) for part in re.findall(r"\d+[dhms]", text))
    return sum(parts, timedelta())


def _differences(expected: Mapping[str, object], found: Mapping[str, object], at: str = "") -> Iterator[str]:
    for key, wanted in expected.items():
        got = found.get(key)
        if isinstance(wanted, Mapping) and isinstance(got, Mapping):
            yield from _differences(wanted, got, f"{at}{key}: ")
        elif not _same(wanted, got):
            yield f"{at}{key}: expected {wanted}, got {got}"


def _same(wanted: object, got: object) -> bool:
    if isinstance(wanted, bool) or not isinstance(wanted, float):
        return wanted == got
    return isinstance(got, int | float) and abs(wanted - got) <= 1e-6
