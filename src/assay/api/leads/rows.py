"""A lead as a program says it becomes a row as every door hands it in."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from assay.api.shapes import Line, Said
from assay.domain.contact import company_domain, country_code, email_identity, mail_domain, phone_identity
from assay.domain.errors import BadInput
from assay.domain.rows import LeadRow

Name = Annotated[str, Field(max_length=200)]
Count = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Attribute = Annotated[str, Field(max_length=2_000)] | bool | Annotated[float, Field(ge=-1e15, le=1e15)]


class NewLead(Said):
    """Who it is, how to reach them, what is known, and where they came from. ``attributes`` are further facts."""

    source: Annotated[str, Field(min_length=1, max_length=200, description="Where the lead came from.")]
    lead_id: Annotated[str, Field(max_length=320, description="Your own id of it.")] | None = None
    email: Annotated[str, Field(max_length=320)] | None = None
    phone: Annotated[str, Field(max_length=100)] | None = None
    name: Line | None = None
    first_name: Annotated[str, Field(max_length=149)] | None = None
    last_name: Annotated[str, Field(max_length=149)] | None = None
    title: Line | None = None
    company: Line | None = None
    domain: Annotated[str, Field(max_length=253, description="Of the company; else that of the email.")] | None = None
    employees: Count | None = None
    industry: Line | None = None
    country: Annotated[str, Field(max_length=100, description="ISO 3166 alpha-2, or a name.")] | None = None
    revenue: Count | None = None
    budget: Count | None = None
    campaign: Name | None = None
    captured_at: Annotated[AwareDatetime | None, Field(description="Not in the future; else now.")] = None
    attributes: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=100)], Attribute],
        Field(max_length=100, default_factory=dict),
    ]


EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def row_of(said: NewLead) -> LeadRow:
    """The row. Raises BadInput for what makes no sense."""
    texts = {name: " ".join(text.split()) or None for name, text in said if isinstance(text, str)}
    email, website, country = texts.get("email"), texts.get("domain"), texts.get("country")
    key = email_identity(email) if email else None
    if email and not key:
        raise BadInput("bad_email", "The email is not an address.", "Correct it or leave it out.")
    domain = company_domain(website) if website else None
    if website and not domain:
        raise BadInput("bad_domain", "The domain is no company's.", "Correct it or leave it out.")
    if said.captured_at and said.captured_at < EARLIEST:
        raise BadInput("bad_time", "The time of capture is before 1970.", "Correct it or leave it out.")
    kind, of_mail = mail_domain(key) if key else (None, None)
    code = country_code(country) if country else None
    phone = texts.get("phone")
    return LeadRow(
        lead_id=texts.get("lead_id"),
        email=email,
        email_key=key,
        email_kind=kind,
        name=texts.get("name"),
        first_name=texts.get("first_name"),
        last_name=texts.get("last_name"),
        title=texts.get("title"),
        company=texts.get("company"),
        industry=texts.get("industry"),
        source=texts.get("source"),
        campaign=texts.get("campaign"),
        phone=(phone_identity(phone, code) or phone) if phone else None,
        domain=domain or of_mail,
        country=code or country,
        employees=said.employees,
        revenue=said.revenue,
        budget=said.budget,
        captured_at=said.captured_at,
        attributes=said.attributes,
    )
