"""Says in the reader's language what the program has to say: phrases, errors, parts of scores and who did something."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from assay.actions.edits import CORRECTED
from assay.desk import words
from assay.desk.templatetags.desk import fine_percent, points, role_name, signed
from assay.desk.values import shown_value
from assay.domain import phrase
from assay.domain.errors import AssayError
from assay.domain.explanation import phrase_of
from assay.domain.fit import as_number
from assay.domain.ladder import Desk, Rung
from assay.domain.parts import Part
from assay.domain.phrase import Phrase, heard
from assay.domain.policy import Policy
from assay.domain.policy_sections import Criterion
from assay.domain.roles import Role
from assay.requests import tell_refused


class Deed(Protocol):
    """A row of a ledger: who did it, by name, and by id where that was a person."""

    by_id: int | None
    by_name: str


def told(text: str) -> str:
    """A phrase in the reader's language; a text that is none, such as a policy's own, as it is."""
    if not isinstance(text, Phrase):
        return text
    said = gettext(text.template)
    return said.format(**{name: _shown(name, arg) for name, arg in text.args.items()}) if text.args else said


def told_error(error: AssayError) -> str:
    """What is wrong, and what to do about it."""
    tell_refused(error.code)
    return f"{told(error.sentence)} {told(error.hint)}".strip()


def by_whom(row: Deed) -> str:
    """Who did something: a person by name, the system by what it is called in the reader's language."""
    return row.by_name if row.by_id else str(words.SYSTEM.get(row.by_name, row.by_name))


def told_part(part: Mapping[str, str | float], policy: Policy) -> Mapping[str, str | float]:
    """A stored part of a score with its sentence in the reader's language, without the points of a criterion."""
    said = phrase_of(Part(**part))  # type: ignore[arg-type]
    criterion = next((item for item in policy.fit.criteria if item.name == part["name"]), None)
    if criterion and "value" in said.args:
        said = Phrase(said.template, **{**said.args, "value": _judged(criterion, str(said.args["value"]))})
    return {**part, "sentence": told(said)}


def _judged(criterion: Criterion, text: str) -> str:
    """What a criterion found in a fact, which a criterion that compares numbers took for a number."""
    number = as_number(text) if criterion.operator in ("between", "at_least", "at_most") else None
    return shown_value(criterion.field, text if number is None else number)


def told_answer(text: str) -> str:
    """An answer to a rejection; where it was given by putting facts right, with their names."""
    said = heard(CORRECTED, text)
    keys = str(said.args["facts"]).split(", ") if said else []
    if not keys or not all(key.startswith(("person.", "company.", "lead.", "deal.")) for key in keys):
        return text
    return told(Phrase(CORRECTED, facts=tuple(words.facts(keys))))


def _shown(name: str, arg: object) -> str:
    if isinstance(arg, tuple):
        return ", ".join(_shown(name, item) for item in arg)
    if name in _BY_NAME:
        return _BY_NAME[name](str(arg))
    return next((show(arg) for kind, show in _BY_TYPE.items() if isinstance(arg, kind)), str(arg))


_BY_NAME: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(phrase.NUMBERS, lambda number: points(float(number))),
    "points": lambda number: signed(float(number)),
    "move": lambda move: str(words.MOVES.get(move, move)),
    "point": lambda point: str(words.BANT.get(point, point)),
    "fact": words.fact_called,
    "percent": lambda text: fine_percent(float(text.removesuffix("%")) / 100),
}
"""How arguments of certain names are shown, whatever their type."""

_BY_TYPE: Mapping[type, Callable[..., str]] = {
    Phrase: told,
    Rung: lambda rung: str(words.RUNGS[rung]),
    Desk: lambda desk: str(words.DESKS[desk]),
    Role: role_name,
    datetime: lambda at: date_format(timezone.localtime(at), "DATETIME_FORMAT"),
    date: date_format,
    int: points,
    float: points,
    Decimal: points,
}
"""How all others are shown; a datetime is a date as well, so it stands first."""
