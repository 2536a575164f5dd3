"""One row of leads, signals or costs, clean and typed: what every door hands in, and what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from assay.domain.facts import EMAIL_KIND, Value, attribute_key
from assay.domain.ip import cut


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as it came in. ``email_key`` is the one spelling of the address; ``domain`` is the company's.

    ``lead_id`` is your own id of the lead, ``user_id`` your product's id of its user.
    ``attributes`` are further columns under the name the file gave them. ``line`` is 0 where there is no file.
    """

    line: int = 0
    lead_id: str | None = None
    email: str | None = None
    email_key: str | None = None
    email_kind: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    phone: str | None = None
    company: str | None = None
    domain: str | None = None
    employees: float | str | None = None
    industry: str | None = None
    country: str | None = None
    revenue: float | str | None = None
    budget: float | str | None = None
    source: str | None = None
    campaign: str | None = None
    captured_at: datetime | None = None
    user_id: str | None = None
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """The name, put together from first and last where only those came."""
        return self.name or " ".join(filter(None, (self.first_name, self.last_name)))

    def person_facts(self) -> dict[str, Value]:
        """What the row says about the person."""
        return {
            "person.email": self.email,
            EMAIL_KIND: self.email_kind,
            "person.name": self.full_name or None,
            "person.first_name": self.first_name,
            "person.last_name": self.last_name,
            "person.title": self.title,
            "person.phone": self.phone,
        }

    def own_facts(self) -> dict[str, Value]:
        """What the row says about the company and the lead itself, blanks left out."""
        said = {
            "company.name": self.company,
            "company.domain": self.domain,
            "company.employees": self.employees,
            "company.industry": self.industry,
            "company.country": self.country,
            "company.revenue": self.revenue,
            "company.budget": self.budget,
            "lead.source": self.source,
            "lead.campaign": self.campaign,
        }
        facts: dict[str, Value] = {key: value for key, value in said.items() if value is not None}
        return facts | {attribute_key(column): cut(value) for column, value in self.attributes.items()}

    def facts(self) -> dict[str, Value]:
        """Every fact of the row by its dotted key."""
        return self.person_facts() | self.own_facts()


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal as it came in. ``message_id`` is its identity; ``lead_id``, ``email_key`` or ``visitor_id`` whose."""

    message_id: str
    at: datetime
    kind: str
    line: int = 0
    lead_id: str | None = None
    email_key: str | None = None
    visitor_id: str | None = None
    url: str | None = None
    bot: bool = False
    properties: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CostRow:
    """What a source, or one campaign of it, cost from ``first`` to ``last``, both included."""

    source: str
    campaign: str | None
    first: date
    last: date
    amount: Decimal
    currency: str
    line: int = 0

    def facts(self) -> dict[str, object]:
        """The row as it is kept where it is refused."""
        said: dict[str, object] = {
            "source": self.source,
            "campaign": self.campaign,
            "from": str(self.first),
            "to": str(self.last),
        }
        return said | {"cost": str(self.amount), "currency": self.currency}


class Refusal(NamedTuple):
    """A row that was not taken: its line, a code of a closed set, a sentence, and the row as it came."""

    line: int
    code: str
    sentence: str
    raw: Mapping[str, object]
