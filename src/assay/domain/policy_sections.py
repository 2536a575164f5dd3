"""The tables of a policy file: their keys, their units and the forms their values take."""

import difflib
import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from assay.domain.facts import field_key

Operator = Literal["is", "in", "not_in", "between", "at_least", "at_most", "matches", "present"]
OPERATORS: tuple[Operator, ...] = ("is", "in", "not_in", "between", "at_least", "at_most", "matches", "present")
Scalar = bool | int | float | str

LONGEST_DAYS = 36_525
"""No half-life, warmth or rest lasts longer than a century: beyond it calendars overflow."""

LONGEST_PATTERN_DAYS = 366
"""Active days older than this are not kept, so no pattern may look back further."""


class Section(BaseModel):
    """A table of the file: closed (an unknown key is a mistake) and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


Percent = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[float, Field(gt=0, le=LONGEST_DAYS)]
Count = Annotated[int, Field(ge=1, le=1000)]
Points = Annotated[float, Field(ge=-100, le=100)]


class Criterion(Section):
    """One question about a fact: ``field``, one operator with its operand, and points."""

    name: Annotated[str, Field(min_length=1)]
    field: str
    operator: Operator
    operand: Any
    points: Points
    knockout: bool = False

    @model_validator(mode="before")
    @classmethod
    def _one_operator(cls, raw: object) -> object:
        """Turn ``between = [10, 500]`` into operator and operand, and spell the field the one way."""
        if not isinstance(raw, dict):
            return raw
        used = [key for key in raw if key in OPERATORS]
        if len(used) != 1:
            strange = sorted(set(raw) - {"name", "field", "points", "knockout"} - set(OPERATORS))
            found = ", ".join(used or strange) or "none"
            close = difflib.get_close_matches(" ".join(strange), OPERATORS, n=1) if not used else []
            hint = f'; did you mean "{close[0]}"?' if close else ""
            raise ValueError(f"needs exactly one operator of {', '.join(OPERATORS)}; found: {found}{hint}")
        rest = {key: value for key, value in raw.items() if key != used[0]}
        if isinstance(rest.get("field"), str):
            rest["field"] = field_key(rest["field"])
        return rest | {"operator": used[0], "operand": _operand(used[0], raw[used[0]])}


def _is_number(value: object) -> bool:
    """Whether a value can be compared as a number: not true or false, NaN, infinite or beyond a float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_scalar(value: object) -> bool:
    return isinstance(value, bool) or _is_number(value) or _is_word(value)


def _is_list_of(test: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(map(test, value))


def _is_range(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]


_FORMS: dict[str, tuple[Callable[[object], bool], str]] = {
    "is": (_is_scalar, "one text, number or true/false"),
    "in": (_is_list_of(_is_scalar), "a list of texts or numbers that is not empty"),
    "not_in": (_is_list_of(_is_scalar), "a list of texts or numbers that is not empty"),
    "between": (_is_range, "two numbers, the lower one first"),
    "at_least": (_is_number, "a number"),
    "at_most": (_is_number, "a number"),
    "matches": (_is_list_of(_is_word), "a list of words that is not empty"),
    "present": (lambda value: value is True, "true"),
}


def _operand(operator: str, value: object) -> object:
    """The operand in its one form, or an error that says which form the operator takes."""
    is_well_formed, form = _FORMS[operator]
    if not is_well_formed(value):
        raise ValueError(f"{operator} takes {form}")
    return tuple(value) if isinstance(value, list) else value


class FitBands(Section):
    A: Percent
    B: Percent
    C: Percent


class Fit(Section):
    floor: Percent
    min_coverage: Percent
    bands: FitBands
    criteria: Annotated[list[Criterion], Field(min_length=1)]


class IntentBands(Section):
    one: Percent = Field(alias="1")
    two: Percent = Field(alias="2")
    three: Percent = Field(alias="3")


class Pattern(Section):
    within_days: Annotated[int, Field(ge=1, le=LONGEST_PATTERN_DAYS)]
    kinds: Count
    days: Count


class SignalKind(Section):
    """What one kind of signal weighs: ``points`` each, halved every ``half_life_days``, at most ``cap``."""

    label: Annotated[str, Field(min_length=1)]
    points: Points
    half_life_days: Days
    cap: Annotated[float, Field(gt=0, le=100)]
    hot: bool = False
    hand_raise: bool = False
    milestone: bool = False


class Intent(Section):
    floor: Percent
    lone_cap: Percent
    bands: IntentBands
    pattern: Pattern
    signals: Annotated[dict[str, SignalKind], Field(min_length=1)]


class Temperature(Section):
    hot_days: Days
    warm_days: Days


class Mql(Section):
    threshold: Annotated[float, Field(ge=0)]
    cool_off_days: Annotated[float, Field(ge=0, le=LONGEST_DAYS)]


ReasonList = Annotated[dict[str, Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class Reasons(Section):
    rejection: ReasonList
    disqualification: ReasonList
    recycle: ReasonList
    loss: ReasonList


class Gate(Section):
    accept_is_sql: bool = True
    explore: Annotated[float, Field(ge=0, le=0.1)] = 0.0
    reasons: Reasons


Role = Literal["decision_maker", "champion", "influencer", "user", "blocker", "unknown"]


class BuyingGroup(Section):
    roles: dict[Role, Annotated[int, Field(ge=0, le=1000)]]
    others_share: Annotated[float, Field(ge=0, le=1)]
    others_cap: Percent


_DURATION = re.compile(r"(?=.)(?:([0-9]{1,4})h)?(?:([0-9]{1,4})m)?")


def _duration(value: object) -> object:
    """``"1h"``, ``"90m"`` or ``"1h30m"`` of working time."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'"{value}" is no duration; write hours and minutes of working time, such as "1h" or "1h30m"')
    hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes)


Target = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]


class Targets(Section):
    """A clock's target in working time, per temperature."""

    hot: Target
    warm: Target
    cold: Target


def _dates(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list of dates")
    return tuple(_date(item) for item in value)


def _date(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f'"{value}" is not a date; write it as "2026-12-24"') from error


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Clocks(Section):
    hours: dict[Weekday, list[str]]
    holidays: str
    closed: Annotated[tuple[date, ...], BeforeValidator(_dates)] = ()
    gate: Targets
    first_response: Targets
    follow_up: Targets
    remind_at: Annotated[float, Field(gt=0, le=1)]
    tell_at: Annotated[float, Field(ge=1, le=100)] = 1.0
    offer_at: Annotated[float, Field(ge=1, le=100)] = 2.0
    attempts: Count


class Routing(Section):
    """When it is settled who takes a lead, and for how much working time an offer of it stands."""

    when: Literal["off", "promotion", "acceptance"] = "off"
    offer: Target = timedelta(hours=2)
