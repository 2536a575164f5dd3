"""The facts of a lead as its records hold them: what the rule is applied to."""

from collections.abc import Sequence
from typing import Any

from assay.domain.contact import mailbox_kind
from assay.domain.facts import EMAIL_KIND, Facts, Value
from assay.records.listed import listed
from assay.records.models import Lead

COMPANY_FIELDS = ("name", "domain", "employees", "industry", "country", "revenue", "budget")
PERSON_FIELDS = ("email", "name", "first_name", "last_name", "title", "phone")
COMPANY_KEYS = [f"company.{name}" for name in COMPANY_FIELDS]
PERSON_KEYS = [f"person.{name}" for name in PERSON_FIELDS]
TOLD = (
    "facts",
    "company",
    *(f"person__{name}" for name in PERSON_FIELDS),
    *(f"company__{name}" for name in COMPANY_FIELDS),
)
"""What facts are made of, by its names in a query of leads."""


def facts_of(lead: Lead) -> Facts:
    """Facts by dotted key. Needs ``person`` and ``company`` loaded."""
    company = None if lead.company is None else [getattr(lead.company, name) for name in COMPANY_FIELDS]
    return facts_from(lead.facts, [getattr(lead.person, name) for name in PERSON_FIELDS], company)


def facts_by_lead(lead_ids: Sequence[int]) -> dict[int, Facts]:
    """The facts of those of the leads that exist, by rising id: as values, because objects take thrice as long."""
    rows = Lead.objects.filter(pk__in=listed(lead_ids)).order_by("pk").values_list("pk", *TOLD)
    return {lead: facts_told(told) for lead, *told in rows}


def facts_told(told: Sequence[Any]) -> Facts:
    """Facts by dotted key, of the values that ``TOLD`` names."""
    own, firm, *values = told
    person, company = values[: len(PERSON_FIELDS)], values[len(PERSON_FIELDS) :]
    return facts_from(own, person, None if firm is None else company)


def facts_from(own: Facts, person: Sequence[Value], company: Sequence[Value] | None) -> Facts:
    """The same from values: a lead's own facts, and the fields of its person and of its company, in their order.

    What the lead's own row said comes before what is known of its company: one firm has people in several countries.
    """
    facts = dict(zip(PERSON_KEYS, person, strict=True))
    facts[EMAIL_KIND] = mailbox_kind(person[0])
    if company is not None:
        facts.update(zip(COMPANY_KEYS, company, strict=True))
    return {**facts, **own}
