"""What makes a policy incoherent: one function a check, each naming the key and what to do about it."""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import time
from types import SimpleNamespace
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

import holidays
from babel.numbers import list_currencies
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from assay.domain.errors import PolicyInvalid
from assay.domain.facts import KNOWN_KEYS
from assay.domain.policy_sections import OPERATORS, Criterion

Sections = Any
"""The sections of a policy that are well formed, as attributes."""


def check(shape: type[BaseModel], raw: Mapping[str, object]) -> None:
    """Raise PolicyInvalid with every mistake of shape and sense in ``raw``, or return."""
    mistakes = list(dict.fromkeys(_mistakes(shape, raw)))
    if mistakes:
        raise PolicyInvalid(mistakes)


def _mistakes(shape: type[BaseModel], raw: Mapping[str, object]) -> Iterator[str]:
    try:
        shape.model_validate(dict(raw))
    except ValidationError as error:
        yield from (_sentence(shape, raw, detail) for detail in error.errors())
    sections = _well_formed(shape, raw)
    for needs, finds in CHECKS:
        if all(_reaches(sections, path) for path in needs):
            yield from finds(sections)


def _well_formed(shape: type[BaseModel], raw: Mapping[str, Any]) -> SimpleNamespace:
    """Every part of ``raw`` that has the right shape, so that one slip hides no other mistake."""
    parts = SimpleNamespace()
    for name, field in shape.model_fields.items():
        value = raw.get(field.alias or name, field.default)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel) and isinstance(value, dict):
            setattr(parts, name, _well_formed(field.annotation, value))
            continue
        with suppress(ValidationError):
            setattr(parts, name, _adapter(field).validate_python(value))
    return parts


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    shape: Any = field.annotation
    return TypeAdapter(Annotated[shape, *field.metadata] if field.metadata else shape)


def _reaches(sections: Sections, path: str) -> bool:
    for name in path.split("."):
        if not hasattr(sections, name):
            return False
        sections = getattr(sections, name)
    return True


def _sentence(shape: type[BaseModel], raw: Mapping[str, object], detail: ErrorDetails) -> str:
    """A mistake of shape in our words: the key as the file writes it, and what to do."""
    where, steps = _where(raw, detail["loc"]), detail["loc"]
    match detail["type"]:
        case "missing":
            return f"{where} is missing: add it"
        case "extra_forbidden":
            return f"{where} is not a key of a policy: {_nearest(str(steps[-1]), _siblings(shape, steps))}"
        case "value_error":
            return f"{where}: {detail['ctx']['error']}"
        case "too_short":
            return f"{where} is empty: list at least one"
        case "string_too_short":
            return f"{where} is empty: write a text"
        case "model_type" | "dict_type":
            return f"{where} must be a table (found {_shown(detail['input'])})"
    message = detail["msg"].removeprefix("Input ").replace("should be", "must be")
    return f"{where} {message} (found {_shown(detail['input'])})"


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python does not write integers of more than 4,300 digits.
        return "a number that is too long"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _where(raw: object, steps: tuple[str | int, ...]) -> str:
    """``fit.criteria[3] "Can sign".points`` for the location a validator reports."""
    words, here = "", raw
    for step in steps:
        here = _step_into(here, step)
        if isinstance(step, int):
            name = here.get("name") if isinstance(here, dict) else None
            words += f"[{step + 1}]" + (f' "{name}"' if isinstance(name, str) and name else "")
        elif step != "[key]":
            words += f".{step}" if words else str(step)
    return words or "the policy"


def _step_into(here: object, step: str | int) -> object:
    if isinstance(here, dict):
        return here.get(step)
    return here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else None


def _siblings(shape: type[BaseModel], steps: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand in the table where the last step stands."""
    table: object = shape
    for step in steps[:-1]:
        fields = _fields(table)
        table = fields[str(step)].annotation if step in fields else next(reversed(get_args(table)), None)
    keys = list(_fields(table))
    if table is Criterion:  # the file writes the operator as the key and its operand as the value
        return [*(key for key in keys if key not in ("operator", "operand")), *OPERATORS]
    return keys


def _fields(table: object) -> dict[str, FieldInfo]:
    """The fields of a table by key, or none if it is not a table with fixed keys."""
    if not (isinstance(table, type) and issubclass(table, BaseModel)):
        return {}
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _nearest(word: str, words: list[str] | tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, words, n=1)
    return (
        f'did you mean "{close[0]}"?'
        if close
        else "remove it" + (f", or use one of {', '.join(words)}" if words else "")
    )


# --- Sense: each check yields the mistakes it finds ---------------------------------------------------


def _zone(policy: Sections) -> Iterator[str]:
    try:
        ZoneInfo(policy.timezone)
    except (KeyError, ValueError, OSError):  # unknown; not a zone's file; a folder, or too long a name
        yield f'timezone: "{policy.timezone}" is not a time zone; use an IANA name such as "Europe/Paris"'


def _currency(policy: Sections) -> Iterator[str]:
    if policy.currency not in list_currencies():
        yield f'currency: "{policy.currency}" is not an ISO 4217 code; use one such as "EUR"'


def _fit_points(policy: Sections) -> Iterator[str]:
    total = sum(criterion.points for criterion in policy.fit.criteria if criterion.points > 0)
    if abs(total - 100) > 1e-9:
        yield (
            f"fit.criteria: the positive points add up to {total:g}, they must add up to exactly 100; "
            f"{'take away' if total > 100 else 'add'} {abs(total - 100):g}"
        )


def _fit_names(policy: Sections) -> Iterator[str]:
    for name, times in Counter(criterion.name for criterion in policy.fit.criteria).items():
        if times > 1:
            yield f'fit.criteria: {times} criteria are named "{name}"; give each a name of its own'


def _fit_fields(policy: Sections) -> Iterator[str]:
    for number, criterion in enumerate(policy.fit.criteria, 1):
        where = f'fit.criteria[{number}] "{criterion.name}"'
        root, _, column = criterion.field.partition(".")
        if root not in ("person", "company", "lead") or not column:
            yield f'{where}.field: "{criterion.field}" must begin with person., company. or lead.'
        elif root != "lead" and criterion.field not in KNOWN_KEYS:
            hint = _nearest(criterion.field, sorted(KNOWN_KEYS))
            yield f'{where}.field: "{criterion.field}" is not known; {hint} A column of your own is lead.<column>'
        if criterion.knockout and criterion.points < 0:
            yield f"{where}: a knockout cannot have negative points; ask for what a good lead has, with 0 or more"


def _band_order(policy: Sections) -> Iterator[str]:
    bands = policy.fit.bands
    if not bands.A > bands.B > bands.C:
        yield f"fit.bands: A, B, C must fall from best to worst; found {bands.A:g}, {bands.B:g}, {bands.C:g}"


def _intent_band_order(policy: Sections) -> Iterator[str]:
    bands = policy.intent.bands
    if not bands.one > bands.two > bands.three:
        yield f"intent.bands: 1, 2, 3 must fall from best to worst; found {bands.one:g}, {bands.two:g}, {bands.three:g}"


def _reach(policy: Sections) -> float:
    """The most intent any lead can have: every positive kind at its cap."""
    caps: list[float] = [kind.cap for kind in policy.intent.signals.values() if kind.points > 0]
    return min(100.0, sum(caps))


def _intent_reachable(policy: Sections) -> Iterator[str]:
    if _reach(policy) < policy.intent.floor:
        yield (
            f"intent.floor: no lead can reach {policy.intent.floor:g}, the caps of all signals add up to "
            f"{_reach(policy):g}; lower the floor or raise the caps"
        )


def _threshold_reachable(policy: Sections) -> Iterator[str]:
    if policy.mql.threshold > 100 + _reach(policy):
        yield (
            f"mql.threshold: no lead can reach {policy.mql.threshold:g}, the best fit and intent add up to "
            f"{100 + _reach(policy):g}; lower it"
        )


def _pattern_reachable(policy: Sections) -> Iterator[str]:
    pattern, kinds = policy.intent.pattern, policy.intent.signals.values()
    positive = sum(kind.points > 0 for kind in kinds)
    if pattern.kinds > positive:
        yield f"intent.pattern.kinds: asks for {pattern.kinds} kinds, only {positive} have positive points; lower it"
    if pattern.days > pattern.within_days:
        yield f"intent.pattern.days: {pattern.days} days do not fit within {pattern.within_days}; lower it"


def _signal_flags(policy: Sections) -> Iterator[str]:
    for key, kind in policy.intent.signals.items():
        flags = [flag for flag in ("hot", "hand_raise", "milestone") if getattr(kind, flag)]
        if kind.points < 0 and flags:
            yield f"intent.signals.{key}: points are negative, so it cannot be {' or '.join(flags)}; drop the mark"


def _temperature_order(policy: Sections) -> Iterator[str]:
    hot, warm = policy.temperature.hot_days, policy.temperature.warm_days
    if warm < hot:
        yield f"temperature.warm_days: {warm:g} is shorter than hot_days {hot:g}; a lead cools from hot to warm to cold"


def _time(text: str) -> time:
    """The time in ``09:00``; ``24:00`` is the end of the day. Raises ValueError for any other form."""
    if not re.fullmatch("[0-9]{2}:[0-9]{2}", text):
        raise ValueError(text)
    return time.max if text == "24:00" else time.fromisoformat(text)


def _hours(policy: Sections) -> Iterator[str]:
    if not any(policy.clocks.hours.values()):
        yield "clocks.hours: no working hours at all, so no clock could ever run; list at least one day"
    for day, spans in policy.clocks.hours.items():
        last = time.min
        for span in spans:
            start, _, end = (part.strip() for part in span.partition("-"))
            try:
                begins, ends = _time(start), _time(end)
            except ValueError:
                yield f'clocks.hours.{day}: "{span}" is not a span; write it as "09:00-18:00"'
                continue
            if begins >= ends or begins < last:
                yield f'clocks.hours.{day}: "{span}" must end after it begins and not overlap the span before it'
            last = ends


def _holiday_country(policy: Sections) -> Iterator[str]:
    country, _, part = policy.clocks.holidays.partition("-")
    supported = holidays.list_supported_countries()
    if country not in supported:
        yield f'clocks.holidays: "{country}" has no holiday calendar; use a country code such as "FR" or "DE-BY"'
    elif part and part not in supported[country]:
        yield f'clocks.holidays: {country} has no part "{part}"; use one of {", ".join(supported[country]) or "none"}'


def _escalation_order(policy: Sections) -> Iterator[str]:
    tell, offer = policy.clocks.tell_at, policy.clocks.offer_at
    if offer < tell:
        yield f"clocks.offer_at: {offer:g} comes before tell_at {tell:g}; first a manager is told, then it is offered"


CHECKS: tuple[tuple[tuple[str, ...], Callable[[Sections], Iterator[str]]], ...] = (
    (("timezone",), _zone),
    (("currency",), _currency),
    (("fit.criteria",), _fit_points),
    (("fit.criteria",), _fit_names),
    (("fit.criteria",), _fit_fields),
    (("fit.bands.A", "fit.bands.B", "fit.bands.C"), _band_order),
    (("intent.bands.one", "intent.bands.two", "intent.bands.three"), _intent_band_order),
    (("intent.floor", "intent.signals"), _intent_reachable),
    (
        ("intent.pattern.kinds", "intent.pattern.days", "intent.pattern.within_days", "intent.signals"),
        _pattern_reachable,
    ),
    (("intent.signals",), _signal_flags),
    (("intent.signals", "mql.threshold"), _threshold_reachable),
    (("temperature.hot_days", "temperature.warm_days"), _temperature_order),
    (("clocks.hours",), _hours),
    (("clocks.holidays",), _holiday_country),
    (("clocks.tell_at", "clocks.offer_at"), _escalation_order),
)
"""Each check with the keys that must be well formed before it makes sense."""
