"""Salespeople as routing sees them: who is away, and who has how many open leads."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Max, QuerySet

from assay.domain.facts import Facts
from assay.domain.ladder import OPEN_SALES, Desk, Rung
from assay.domain.roles import DESKS, Role
from assay.domain.routing import Criteria, Seller
from assay.records.models import Absence, Lead, Offer, RoutingMember, RoutingRule, User

IN_SALES = [str(role) for role, desks in DESKS.items() if Desk.SALES in desks and role is not Role.OPERATOR]
BELONGING = sorted((*OPEN_SALES, Rung.WON))
"""Where a lead stands whose owner knows its company."""


def in_sales() -> QuerySet[User]:
    """Everybody who may own a lead, by name."""
    return User.objects.filter(role__in=IN_SALES, is_active=True).order_by("first_name", "pk")


def sellers(users: Collection[User], day: date, now: datetime) -> list[Seller]:
    """These people, with what keeps them from leads on a day."""
    away = _away([user.pk for user in users], day)
    load = open_leads([user.pk for user in users], now)
    return [Seller(user.pk, user.name, away.get(user.pk), load[user.pk], user.capacity) for user in users]


def _away(user_ids: Collection[int], day: date) -> dict[int, date]:
    rows = Absence.objects.filter(user__in=user_ids, first__lte=day, last__gte=day).values("user")
    return dict(rows.annotate(until=Max("last")).values_list("user", "until"))


def open_leads(user_ids: Collection[int], now: datetime) -> Counter[int]:
    """How many leads each has accepted and not finished, and been offered and not answered."""
    owned = Lead.objects.filter(owner__in=user_ids, rung__in=sorted(OPEN_SALES))
    offered = Offer.objects.filter(to__in=user_ids, ended="", until__gt=now)
    found = Counter[int]()
    for rows, whose in ((owned, "owner"), (offered, "to")):
        found.update(dict(rows.values(whose).annotate(count=Count("pk")).values_list(whose, "count").order_by()))
    return found


def owner_of_company(lead: Lead) -> User | None:
    """Who in sales last accepted another lead of this lead's company that is not lost."""
    if lead.company_id is None:
        return None
    others = Lead.objects.filter(company=lead.company_id, rung__in=BELONGING, owner__role__in=IN_SALES)
    others = others.filter(owner__is_active=True).exclude(pk=lead.pk).select_related("owner")
    found = others.annotate(accepted_at=Max("passes__sal_at")).order_by("-accepted_at", "-pk").first()
    return found.owner if found else None


class Ruled(NamedTuple):
    """A rule with its people, those first who were in it first; who left sales is left out."""

    rule: RoutingRule
    members: list[RoutingMember]

    @property
    def criteria(self) -> Criteria:
        """What leads it is for."""
        rule = self.rule
        return Criteria(rule.countries, rule.sizes, rule.industries, rule.sources, rule.accounts)

    @property
    def asked(self) -> list[Collection[str]]:
        """What it asks of leads, list by list; nothing where it is for all."""
        wanted = self.criteria
        lists = (wanted.countries, wanted.sizes, wanted.industries, wanted.sources, wanted.accounts)
        return [values for values in lists if values]


def rules() -> list[Ruled]:
    """All rules in their order. Two queries."""
    members: dict[int, list[RoutingMember]] = {}
    for row in RoutingMember.objects.select_related("user").order_by("pk"):
        if row.user.is_active and row.user.role in IN_SALES:
            members.setdefault(row.rule_id, []).append(row)
    return [Ruled(rule, members.get(rule.pk, [])) for rule in RoutingRule.objects.order_by("place", "pk")]


def rule_for(found: Collection[Ruled], facts: Facts, source: str) -> Ruled | None:
    """The first rule that a lead meets."""
    return next((ruled for ruled in found if ruled.criteria.met_by(facts, source)), None)
