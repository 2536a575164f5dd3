"""Which segment a lead is in by what is known of its company: a band of size and a country."""

from typing import NamedTuple

from assay.domain.contact import country_code
from assay.domain.facts import Facts, Value
from assay.domain.fit import as_number

SIZES: tuple[tuple[str, float], ...] = (
    ("1-9", 10),
    ("10-49", 50),
    ("50-249", 250),
    ("250-999", 1_000),
    ("1000+", float("inf")),
)
"""Bands of employees, each with the number it ends before; the first three are those of the European Union."""


class Segment(NamedTuple):
    """What the company of a lead is; "" is not known."""

    size: str
    country: str


def segment_of(facts: Facts) -> Segment:
    """The segment that the facts of a lead tell."""
    return Segment(size_of(facts.get("company.employees")), _country_of(facts.get("company.country")))


def size_of(employees: Value) -> str:
    """The band of so many employees; "" where that is no number of one or more."""
    number = as_number(employees)
    if number is None or number < 1:
        return ""
    return next(name for name, end in SIZES if number < end)


def _country_of(value: Value) -> str:
    """ISO 3166 alpha-2, or "" for what is no country."""
    return (country_code(value) or "") if isinstance(value, str) else ""
