"""Which column of a file is which field: found by name, overruled by the person, shown before an import."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NoReturn

from assay.domain.errors import BadInput
from assay.domain.facts import COLUMNS
from assay.intake.aliases import COST_ALIASES, LEAD_ALIASES, SIGNAL_ALIASES

LEAD_FIELDS = tuple(column.name for column in COLUMNS)
SIGNAL_FIELDS = tuple(SIGNAL_ALIASES)
COST_FIELDS = tuple(COST_ALIASES)
ALIASES = {LEAD_FIELDS: LEAD_ALIASES, SIGNAL_FIELDS: SIGNAL_ALIASES, COST_FIELDS: COST_ALIASES}

Overrides = Mapping[str, str] | Iterable[str]
"""Field -> column, or the ``FIELD=COLUMN`` texts of a command line."""


class ColumnMap(dict[str, str]):
    """Field -> column. Where several columns fit, ``passed_over`` names those that were not taken.

    The field's own name wins, then the more telling name, then the column further left. A column that
    was passed over is kept like any further column.
    """

    def __init__(self, chosen: Mapping[str, str], passed_over: Mapping[str, list[str]]) -> None:
        super().__init__(chosen)
        self.passed_over = dict(passed_over)


def lead_mapping(columns: Sequence[str], overrides: Overrides = (), *, only: bool = False) -> ColumnMap:
    """The columns of a lead file. Raises BadInput where none of them says who the lead is.

    With ``only`` the overrides are all there is, and no column is found by its name.
    """
    mapping = _mapping(columns, _parsed(overrides, columns, LEAD_FIELDS), {} if only else LEAD_ALIASES)
    if mapping.keys().isdisjoint(("lead_id", "email", "phone", "name", "first_name", "last_name")):
        raise _wrong(columns, "A lead file needs a column with the email, phone, name or lead_id.", "lead_id")
    return mapping


def signal_mapping(columns: Sequence[str], overrides: Overrides = (), *, only: bool = False) -> ColumnMap:
    """The columns of a signal file, found likewise. Raises BadInput where time, kind or person is missing."""
    mapping = _mapping(columns, _parsed(overrides, columns, SIGNAL_FIELDS), {} if only else SIGNAL_ALIASES)
    missing = [field for field in ("at", "kind") if field not in mapping]
    if mapping.keys().isdisjoint(("lead_id", "email", "visitor_id")):
        missing.append("lead_id, email or visitor_id")
    if missing:
        needs = "A signal file needs columns for at (when), kind (what) and lead_id, email or visitor_id (who)"
        raise _wrong(columns, f"{needs}; missing: {', '.join(missing)}.", missing[0].partition(",")[0])
    return mapping


def cost_mapping(columns: Sequence[str], overrides: Overrides = (), *, only: bool = False) -> ColumnMap:
    """The columns of a cost file, found likewise. Raises BadInput where the amount or its time is missing."""
    mapping = _mapping(columns, _parsed(overrides, columns, COST_FIELDS), {} if only else COST_ALIASES)
    missing = [] if "cost" in mapping else ["cost"]
    if mapping.keys().isdisjoint(("month", "from")):
        missing.append("month or from")
    if missing:
        needs = "A cost file needs columns for cost (how much) and month or from (when)"
        raise _wrong(columns, f"{needs}; missing: {', '.join(missing)}.", missing[0].partition(" ")[0])
    return mapping


def found_by_name(columns: Sequence[str], fields: Sequence[str]) -> ColumnMap:
    """What the names of columns say, whether that is enough to read the file or not; ``fields`` are of its kind."""
    return _mapping(columns, {}, ALIASES[tuple(fields)])


def parse_map(texts: Iterable[str], columns: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """Field -> column from ``FIELD=COLUMN``; ``COLUMN=FIELD`` is taken where only that way round makes sense.

    Raises BadInput for a field or column that does not exist, with what exists.
    """
    chosen: dict[str, str] = {}
    for text in texts:
        field, column = _pair(text, columns, fields)
        if field in chosen:
            raise BadInput("mapped_twice", f'--map names "{field}" more than once.', "Keep one of them.")
        chosen[field] = column
    return chosen


def _parsed(overrides: Overrides, columns: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    if not isinstance(overrides, Mapping):
        return parse_map(overrides, columns, fields)
    return {_known_field(field, fields): _known_column(name, columns) for field, name in overrides.items()}


def _mapping(columns: Sequence[str], overrides: Mapping[str, str], aliases: Mapping[str, tuple[str, ...]]) -> ColumnMap:
    free = _by_bare_name(column for column in columns if column not in overrides.values())
    chosen: dict[str, str] = dict(overrides)
    passed_over: dict[str, list[str]] = {}
    for field, others in aliases.items():
        if field in overrides:
            continue
        fitting = [column for name in (field, *others) for column in free.get(_bare(name), ())]
        if fitting:
            best = field if field in fitting else fitting[0]
            chosen[field] = best
            passed_over[field] = [column for column in fitting if column != best]
    return ColumnMap(chosen, {field: names for field, names in passed_over.items() if names})


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _by_bare_name(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_bare(name), []).append(name)
    return found


# --- What a person says --------------------------------------------------------------------------


def _pair(text: str, columns: Sequence[str], fields: Sequence[str]) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals:
        raise BadInput("bad_map", f'"{text}" maps nothing.', 'Write --map FIELD=COLUMN, such as --map email="Mail 1".')
    turned_column, _, turned_field = text.rpartition("=")
    if _match(turned_field, fields) and not (_match(field, fields) and _match(column, columns)):
        field, column = turned_field, turned_column
    return _known_field(field, fields), _known_column(column, columns)


def _match(name: str, names: Sequence[str]) -> str | None:
    """The one meant: as written, else the only one that differs in case and punctuation alone."""
    if name.strip() in names:
        return name.strip()
    alike = _by_bare_name(names).get(_bare(name), [])
    return alike[0] if len(alike) == 1 else None


def _known_field(name: str, fields: Sequence[str]) -> str:
    return _match(name, fields) or _unknown("unknown_field", f'There is no field "{name}".', name, fields)


def _known_column(name: str, columns: Sequence[str]) -> str:
    return _match(name, columns) or _unknown("unknown_column", f'The file has no column "{name}".', name, columns)


def _unknown(code: str, sentence: str, name: str, names: Sequence[str]) -> NoReturn:
    close = get_close_matches(name.casefold(), [known.casefold() for known in names], n=1)
    meant = next((known for known in names if known.casefold() in close), None)
    raise BadInput(code, sentence, (f'Did you mean "{meant}"? ' if meant else "") + f"There is: {', '.join(names)}.")


def _wrong(columns: Sequence[str], sentence: str, field: str) -> BadInput:
    return BadInput(
        "wrong_columns",
        f"{sentence} Found: {', '.join(columns)}.",
        f'Say which one it is, for example: --map {field}="{columns[0]}"',
    )
