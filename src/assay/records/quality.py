"""What came of each source or campaign, counted and added up by the database: leads to revenue, visitors and cost.

By cohort: leads captured in the period are followed to today, each counted once however many passes it took. Visitors
and costs are those of the period's days.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from django.db.models import Count, Q, QuerySet, Sum

from assay.domain.sources import Tally, added
from assay.records.decisions import Outcome
from assay.records.funnel import Period, first_to
from assay.records.models import Campaign, Pass, Source, Spend, VisitCount
from assay.records.slices import EVERYTHING, Slice
from assay.records.spend import spent
from assay.records.worth import deals

By = Literal["source", "campaign"]
Key = tuple[int, int | None]
"""Source and campaign; by source the campaign is None."""
Amount = tuple[Key, str, Decimal]

COUNTED = {"leads": "lead", "mql": "mql", "accepted": "sal", "opportunities": "opportunity", "won": "won"}
"""A tally's counts, and the step of the funnel that each is of."""


def tallies(period: Period, by: By = "source", among: Slice = EVERYTHING) -> list[Tally]:
    """One for each source, or for each campaign and for what of a source is of none, by name.

    Those from which nobody came, and that cost nothing, are left out. Visitors and costs belong to sources and
    campaigns: where something else is picked, as the owner, nobody knows them.
    """
    found: dict[Key, Tally] = {}
    for key, tally in _leads(period, by, among):
        found[key] = tally
    for key, currency, amount in _revenue(period, by, among):
        before = found.get(key) or _empty(key)
        found[key] = replace(before, revenue=added([before.revenue, {currency: amount}]))
    if (picked := among.visits()) is None:
        return _named({key: replace(tally, visitors=None) for key, tally in found.items()})
    for key, visitors in _visitors(period, by, picked):
        found[key] = replace(found.get(key) or _empty(key), visitors=visitors)
    for whose, currency, amount in spent(period, picked):
        key = _key(*whose, by)
        before = found.get(key) or _empty(key)
        found[key] = replace(before, cost=added([before.cost, {currency: amount}]))
    return _named(found)


def _empty(key: Key) -> Tally:
    return Tally(key[0], "", key[1])


def _named(found: dict[Key, Tally]) -> list[Tally]:
    sources = dict(Source.objects.filter(pk__in={key[0] for key in found}).values_list("pk", "name"))
    numbers = {key[1] for key in found if key[1] is not None}
    campaigns = dict(Campaign.objects.filter(pk__in=numbers).values_list("pk", "name"))
    named = [
        replace(tally, source=sources[source], campaign=campaigns.get(campaign or 0))
        for (source, campaign), tally in found.items()
    ]
    return sorted(named, key=lambda tally: (tally.source.lower(), (tally.campaign or "").lower(), tally.source_id))


def _key(source: int, campaign: int | None, by: By) -> Key:
    return source, campaign if by == "campaign" else None


def _fields(by: By, prefix: str = "") -> list[str]:
    return [f"{prefix}source", f"{prefix}campaign"] if by == "campaign" else [f"{prefix}source"]


def _leads(period: Period, by: By, among: Slice) -> Iterator[tuple[Key, Tally]]:
    """Counted over what passes keep of their leads: a million of them are not joined."""
    passes = Pass.objects.filter(among.passes(), period.holds("captured_at"))
    # A name of its own for each count: some of theirs are fields already.
    aggregates = {
        f"took_{name}": Count("pk", filter=first_to(step, period, among=among)) for name, step in COUNTED.items()
    }
    for row in passes.order_by().values(*_fields(by)).annotate(**aggregates):
        key = _key(row["source"], row.get("campaign"), by)
        yield key, replace(_empty(key), **{name: row[f"took_{name}"] for name in COUNTED})


def _visitors(period: Period, by: By, picked: Q) -> Iterator[tuple[Key, int]]:
    visits = VisitCount.objects.filter(picked, period.holds_day("day")).order_by()
    for row in visits.values(*_fields(by)).annotate(came=Sum("visitors")):
        yield _key(row["source"], row.get("campaign"), by), row["came"]


def _revenue(period: Period, by: By, among: Slice) -> Iterator[Amount]:
    """Of deals, which are few beside leads."""
    today = period.now.astimezone(period.zone).date()
    won = deals(among).filter(period.holds("lead__captured_at"), outcome=Outcome.WON, closed_on__lte=today)
    fields = _fields(by, "lead__")
    for row in won.order_by().values("currency", *fields).annotate(sum=Sum("actual_value")):
        yield _key(row["lead__source"], row.get("lead__campaign"), by), row["currency"], row["sum"]


# --- Costs ---------------------------------------------------------------------------------------


def entered() -> QuerySet[Spend]:
    """Every cost on record, the latest first, with what a page names."""
    return Spend.objects.select_related("source", "campaign", "imported_by").order_by("-last", "-pk")
