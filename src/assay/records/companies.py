"""Companies as their people make them: how many there are, how warm, how strong, and which parts they play."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value, When

from assay.records.models import Company, Lead, Membership
from assay.records.words import matching

WARMTH = ("cold", "warm", "hot")
STRONGEST_FIRST = ("-intent", "id")


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
    alone = ~Exists(Lead.objects.filter(stronger, company=OuterRef("company")))
    found = Lead.objects.filter(alone, company__isnull=False)
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
    """How many people play each part in buying, by company."""
    members = Membership.objects.filter(company__in=company_ids, person__lead__isnull=False)
    played: dict[int, Counter[str]] = {}
    for company_id, role, people in members.values_list("company", "role").annotate(people=Count("pk")).order_by():
        played.setdefault(company_id, Counter())[role] = people
    return played
