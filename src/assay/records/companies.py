"""Companies as their people make them: how many there are, how warm, how strong, and which parts they play."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Sum, Value, When

from assay.records.models import Company, Lead, Membership

WARMTH = ("cold", "warm", "hot")


class Crowd(NamedTuple):
    """What the leads of one company add up to."""

    people: int
    warmest: str
    strongest: float
    everybody: float


def search(text: str) -> QuerySet[Company]:
    """Companies whose domain or name begins with the text; all without one."""
    words = text.strip()
    if not words:
        return Company.objects.all()
    return Company.objects.filter(Q(domain__startswith=words.lower()) | Q(name__istartswith=words))


def crowds(companies: Iterable[Company]) -> dict[int, Crowd]:
    """The leads of these companies, added up by the database."""
    warmth = Case(
        *(When(temperature=name, then=Value(degree)) for degree, name in enumerate(WARMTH)),
        output_field=IntegerField(),
    )
    rows = (
        Lead.objects.filter(company__in=[company.pk for company in companies])
        .values_list("company")
        .annotate(people=Count("pk"), warmest=Max(warmth), strongest=Max("intent"), everybody=Sum("intent"))
        .order_by()
    )
    return {
        company_id: Crowd(people, WARMTH[warmest], strongest, everybody)
        for company_id, people, warmest, strongest, everybody in rows
    }


def parts_played(companies: Iterable[Company]) -> dict[int, Counter[str]]:
    """How many people play each part in buying, by company."""
    rows = (
        Membership.objects.filter(company__in=[company.pk for company in companies])
        .values_list("company", "role")
        .annotate(people=Count("pk"))
        .order_by()
    )
    played: dict[int, Counter[str]] = {}
    for company_id, role, people in rows:
        played.setdefault(company_id, Counter())[role] = people
    return played
