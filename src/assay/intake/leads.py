"""Rows of a lead file become clean, typed leads, or refusals that say what to correct."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path

from assay.domain.contact import company_domain, country_code, email_identity, mail_domain, phone_identity
from assay.domain.fit import as_number
from assay.domain.rows import LeadRow, Refusal
from assay.intake.cells import Cell, text_of, value_of
from assay.intake.columns import LEAD_FIELDS
from assay.intake.date_order import DateOrder, settle_order
from assay.intake.moments import Moments
from assay.intake.numbers import number
from assay.intake.refusals import Reason, Unusable, quoted
from assay.intake.rows import Format, RawRow, Table

__all__ = ["LeadRow", "Refusal", "read_leads"]

LONGEST = {"lead_id": 320, "email": 320, "domain": 2_000, "phone": 100, "country": 100, "source": 200, "campaign": 200}
"""Characters of a field, 300 where nothing is said: what is longer is no name, title or id, and fits no record."""
LONGEST |= {"first_name": 149, "last_name": 149}  # together they are a name
_SHORTEST_LIMIT = min(LONGEST.values())

_Attributes = dict[str, str | int | float | bool]
_IDENTIFYING = ("lead_id", "email", "phone", "name", "first_name", "last_name")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


def read_leads(
    table: Table,
    mapping: Mapping[str, str],
    *,
    tz: tzinfo,
    date_order: DateOrder = "auto",
    default_source: str | None = None,
) -> Iterator[LeadRow | Refusal]:
    """Each row as a lead or a refusal, in the order of the file; ``mapping`` is field -> column.

    A time without zone is in ``tz``. ``default_source`` stands where a row names none.
    Raises BadInput, before the first row, when the order of day and month must be asked for.
    """
    column = mapping.get("captured_at", "")
    order = settle_order(column, table.cells(column), date_order) if column else None
    return table.build(_LeadReader(table, mapping, Moments("captured_at", tz, order), default_source))


def read_values(values: Mapping[str, Cell], mapping: Mapping[str, str], tz: tzinfo) -> LeadRow:
    """One lead that stands in no file, of named values. Raises Unusable."""
    table = Table(Path(), list(values), Format("json"), lambda: iter(()))
    return _LeadReader(table, mapping, Moments("captured_at", tz, None), None)(RawRow(0, dict(values)))


class _LeadReader:
    """Makes a lead of one row. What a field cannot hold is kept as an attribute, so that nothing is lost."""

    def __init__(self, table: Table, mapping: Mapping[str, str], moments: Moments, default_source: str | None) -> None:
        self._columns = mapping
        self._texts = [(field, mapping[field]) for field in LEAD_FIELDS if field in mapping and field != "captured_at"]
        mapped = set(mapping.values())
        self._further = [column for column in table.columns if column not in mapped]
        self._moments, self._default_source = moments, default_source

    def __call__(self, row: RawRow) -> LeadRow:
        values = row.values
        given = self._given(values)
        attributes: _Attributes = {
            column: value for column in self._further if (value := value_of(values[column])) is not None
        }
        email = given.get("email")
        key = _email_key(email) if email else None
        kind, mail_company = mail_domain(key) if key else (None, None)
        if not key:
            _check_says_who(given, attributes)
        country = given.get("country")
        code = country_code(country) if country else None
        return LeadRow(
            line=row.line,
            lead_id=given.get("lead_id"),
            email=email,
            email_key=key,
            email_kind=kind,
            name=given.get("name"),
            first_name=given.get("first_name"),
            last_name=given.get("last_name"),
            title=given.get("title"),
            phone=_phone(given.get("phone"), code),
            company=given.get("company"),
            domain=self._website_domain(given, attributes) or mail_company,
            employees=self._number("employees", values, attributes, whole=True),
            industry=given.get("industry"),
            country=code or country,
            revenue=self._number("revenue", values, attributes),
            budget=self._number("budget", values, attributes),
            source=given.get("source", self._default_source),
            campaign=given.get("campaign"),
            captured_at=self._captured_at(values),
            attributes=attributes,
        )

    def _given(self, values: Mapping[str, Cell]) -> dict[str, str]:
        given = {field: text for field, column in self._texts if (text := text_of(values[column])) is not None}
        if given and max(map(len, given.values())) > _SHORTEST_LIMIT:
            _check_lengths(given)
        return given

    def _website_domain(self, given: Mapping[str, str], attributes: _Attributes) -> str | None:
        website = given.get("domain")
        domain = company_domain(website) if website else None
        if website and not domain:
            attributes[self._columns["domain"]] = website
        return domain

    def _number(
        self, field: str, values: Mapping[str, Cell], attributes: _Attributes, whole: bool = False
    ) -> float | str | None:
        column = self._columns.get(field)
        said = value_of(values[column]) if column else None
        if column is None or not isinstance(said, str):
            return said
        found = number(said, whole)
        if found is None and as_number(said) is not None:
            # It could mean two numbers, and as text of this field a rule would take it for one of them.
            attributes[column] = said
            return None
        return said if found is None else found

    def _captured_at(self, values: Mapping[str, Cell]) -> datetime | None:
        column = self._columns.get("captured_at")
        cell = values[column] if column else None
        said = text_of(cell) if isinstance(cell, str) else cell
        return None if said is None or said != said else self._moments(said)


def _check_lengths(given: Mapping[str, str]) -> None:
    for field, text in given.items():
        if len(text) > (longest := LONGEST.get(field, 300)):
            raise Unusable(Reason.TOO_LONG, f"The {field} is over {longest} characters long: shorten it.")


def _email_key(email: str) -> str:
    key = email_identity(email)
    if key is None:
        raise Unusable(Reason.BAD_EMAIL, f"The email {quoted(email)} is not an address: correct it or leave it out.")
    return key


def _phone(text: str | None, country: str | None) -> str | None:
    return (phone_identity(text, country) or text) if text else None


def _check_says_who(given: Mapping[str, str], attributes: _Attributes) -> None:
    if not any(_SAYS_SOMETHING.search(given[field]) for field in _IDENTIFYING if field in given):
        raise Unusable(
            Reason.NO_CONTACT, "The row has no name and no contact detail: give an email, a phone, a name or a lead_id."
        )
    said = [*given.values(), *attributes.values()]
    if len(said) > 2 and len(set(said)) == 1:
        raise Unusable(Reason.FILLER, f"The row says {quoted(said[0])} in every column: leave it out.")
