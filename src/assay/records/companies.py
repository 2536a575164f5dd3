"""Companies as their people make them: how many there are, how warm, how strong, and which parts they play."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value, When

from assay.records.models import Company, Deal, Lead, Membership, Person, Signal
from assay.records.people import BuyingRole
from assay.records.words import matching

WARMTH = ("cold", "warm", "hot")
STRONGEST_FIRST = ("-intent", "id")
MOST = 50
"""Of anything of one company that is shown at once."""


class Crowd(NamedTuple):
    """What the leads of one company add up to."""

    people: int
    warmest: str
    strongest: float
    everybody: float


def strongest(text: str = "") -> QuerySet[Lead]:
    """The strongest person of each company; with a text, those in whose or whose company's words it is found.

    In the order STRONGEST_FIRST this walks an index: no company is added up to find the page's.
    """
    stronger = Q(intent__gt=OuterRef("intent")) | Q(intent=OuterRef("intent"), pk__lt=OuterRef("pk"))
    before = Lead.objects.filter(stronger, company=OuterRef("company"), intent__gte=OuterRef("intent"))
    found = Lead.objects.filter(~Exists(before), company__isnull=False)
    return found.filter(matching(text)) if text.strip() else found


def crowds(company_ids: Collection[int]) -> dict[int, Crowd]:
    """The leads of these companies, added up by the database."""
    warmth = Case(
        *(When(temperature=name, then=Value(degree)) for degree, name in enumerate(WARMTH)),
        output_field=IntegerField(),
    )
    rows = (
        Lead.objects.filter(company__in=company_ids)
        .values_list("company")
        .annotate(people=Count("pk"), warmest=Max(warmth), strongest=Max("intent"), everybody=Sum("intent"))
        .order_by()
    )
    return {
        company: Crowd(people, WARMTH[warmest], most, everybody) for company, people, warmest, most, everybody in rows
    }


def parts_played(company_ids: Collection[int]) -> dict[int, Counter[str]]:
    """How many people play each part in buying that is known, by company."""
    known = Membership.objects.filter(company__in=company_ids).exclude(role=BuyingRole.UNKNOWN)
    played: dict[int, Counter[str]] = {}
    for company_id, role, people in known.values_list("company", "role").annotate(Count("pk")).order_by():
        played.setdefault(company_id, Counter())[role] = people
    return played


def played_by(company: Company, parts: Collection[str]) -> dict[str, list[Person]]:
    """Who plays each of these parts at a company."""
    members = Membership.objects.filter(company=company, role__in=parts).select_related("person__lead").order_by("pk")
    played: dict[str, list[Person]] = {}
    for member in members[:MOST]:
        played.setdefault(member.role, []).append(member.person)
    return played


def members_of(company: Company, leads: Collection[Lead]) -> dict[int, Membership]:
    """The memberships of these leads at a company, by person."""
    people = [lead.person_id for lead in leads]
    return {member.person_id: member for member in Membership.objects.filter(company=company, person__in=people)}


def deals_of(company: Company) -> list[Deal]:
    """The deals opened with a company, the newest first."""
    opened = Deal.objects.filter(company=company, opened_at__isnull=False).select_related("lead__person")
    return list(opened.order_by("-opened_at", "-pk")[:MOST])


def last_signals(company: Company, now: datetime, days: int = 30, most: int = 20) -> list[Signal]:
    """What the people of a company did in the last days, the newest first. Robots are left out."""
    theirs = Signal.objects.filter(identity__person__lead__company=company, bot=False)
    recent = theirs.filter(at__gte=now - timedelta(days=days), at__lte=now).select_related("identity__person")
    recent = recent.only("kind", "at", "url", *(f"identity__person__{name}" for name in ("name", "email", "phone")))
    return list(recent.order_by("-at", "-pk")[:most])
