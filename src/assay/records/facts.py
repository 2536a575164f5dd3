"""The facts of a lead as its records hold them: what the rule is applied to."""

from assay.domain.contact import mailbox_kind
from assay.domain.facts import EMAIL_KIND, Facts, Value
from assay.records.models import Lead

COMPANY_FIELDS = ("name", "domain", "employees", "industry", "country", "revenue", "budget")
PERSON_FIELDS = ("email", "name", "first_name", "last_name", "title", "phone")


def facts_of(lead: Lead) -> Facts:
    """Facts by dotted key. Needs ``person`` and ``company`` loaded.

    What the lead's own row said comes before what is known of its company: one firm has people in several countries.
    """
    facts: dict[str, Value] = {f"person.{name}": getattr(lead.person, name) for name in PERSON_FIELDS}
    facts[EMAIL_KIND] = mailbox_kind(lead.person.email)
    if lead.company is not None:
        facts |= {f"company.{name}": getattr(lead.company, name) for name in COMPANY_FIELDS}
    return {**facts, **lead.facts}
