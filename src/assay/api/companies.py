"""Companies: who is there, which parts they play in buying, who is missing, and how interested all of them are."""

from collections import Counter
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.deals import shapes as deals
from assay.api.deals.telling import deal
from assay.api.leads import shapes, telling
from assay.api.paging import PageQuery, page
from assay.api.room import Room
from assay.api.shapes import Number, Shape
from assay.domain.company import company_intent, missing_roles
from assay.domain.errors import NotFound
from assay.domain.policy import Policy
from assay.domain.tokens import Scope
from assay.records.companies import STRONGEST_FIRST, crowds, deals_of, members_of, parts_played
from assay.records.leads import Temperature
from assay.records.models import Company as Row
from assay.records.models import Lead
from assay.records.people import BuyingRole

room = Room("Companies")

MOST = 50


class Company(Shape):
    """A company, and what its people add up to. ``intent`` is the strongest's and a capped share of the others'."""

    id: int
    domain: str
    name: str
    employees: float | None
    industry: str | None
    country: str | None
    revenue: float | None
    budget: float | None
    people: int
    temperature: Temperature | None
    intent: float
    missing: dict[str, int]


class CompanyPage(Shape):
    """A page of companies; ``next`` is where the next one is."""

    items: list[Company]
    next: str | None


class Member(Shape):
    """Somebody of a company, and the part they play in buying."""

    role: BuyingRole
    lead: shapes.Lead


class WholeCompany(Company):
    """A company with its strongest people and its newest deals, at most fifty of each."""

    members: list[Member]
    deals: list[deals.Deal]


class CompanyQuery(PageQuery):
    """Which companies."""

    domain: Annotated[str, Field(max_length=253)] = ""
    sort: Literal["id", "-id"] = "id"


@room.get("/companies", Scope.LEADS_READ, CompanyPage)
def list_companies(request: Asking, asked: Query[CompanyQuery]) -> CompanyPage:
    """List companies.

    By number, so that new ones come last; ``missing`` are the parts of the buying group that nobody plays yet.
    """
    found = Row.objects.all()
    found = found.filter(domain=asked.domain.strip().lower()) if asked.domain.strip() else found
    rows, following = page(request, found, ("pk",) if asked.sort == "id" else ("-pk",), asked)
    return CompanyPage(items=_told(rows, rule(request.auth.at).policy), next=following)


@room.get("/companies/{company_id}", Scope.LEADS_READ, WholeCompany, etag=True)
def get_company(request: Asking, company_id: Number) -> WholeCompany:
    """Read a company.

    Who is there, which parts they play, and its deals.
    """
    row = Row.objects.filter(pk=company_id).first()
    if row is None:
        raise NotFound("unknown_company", f"There is no company {company_id}.", "List them with GET /api/v1/companies")
    [told] = _told([row], rule(request.auth.at).policy)
    leads = Lead.objects.filter(company=row).select_related(*telling.RELATED).order_by(*STRONGEST_FIRST)[:MOST]
    members = members_of(row, leads)
    return WholeCompany(
        **dict(told),
        members=[
            Member(
                role=BuyingRole(members[lead.person_id].role) if lead.person_id in members else BuyingRole.UNKNOWN,
                lead=telling.lead(lead),
            )
            for lead in leads
        ],
        deals=[deal(its) for its in deals_of(row)],
    )


def _told(rows: list[Row], policy: Policy) -> list[Company]:
    ids = [row.pk for row in rows]
    added_up, played = crowds(ids), parts_played(ids)
    told = []
    for row in rows:
        crowd = added_up.get(row.pk)
        strongest, everybody = (crowd.strongest, crowd.everybody) if crowd else (0.0, 0.0)
        told.append(
            Company(
                id=row.pk,
                domain=row.domain,
                name=row.name or row.domain,
                employees=row.employees,
                industry=row.industry or None,
                country=row.country or None,
                revenue=row.revenue,
                budget=row.budget,
                people=crowd.people if crowd else 0,
                temperature=Temperature(crowd.warmest) if crowd else None,
                intent=company_intent(strongest, everybody, policy.buying_group).total,
                missing=_missing(played.get(row.pk), policy),
            )
        )
    return told


def _missing(played: Counter[str] | None, policy: Policy) -> dict[str, int]:
    return {str(part): count for part, count in missing_roles(played or Counter(), policy.buying_group).items()}
