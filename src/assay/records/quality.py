"""What came of each source or campaign, counted and added up by the database: leads to revenue, visitors and cost.

By cohort: leads captured in the period are followed to today, each counted once however many passes it took. Visitors
and costs are those of the period's days.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from assay.domain.sources import Tally, added
from assay.records.decisions import Outcome
from assay.records.funnel import Period
from assay.records.models import Campaign, Deal, Pass, Source, Spend, VisitCount
from assay.records.spend import spent

By = Literal["source", "campaign"]
Key = tuple[int, int | None]
"""Source and campaign; by source the campaign is None."""
Amount = tuple[Key, str, Decimal]

COUNTED = {"leads": "lead", "mql": "mql", "accepted": "sal", "opportunities": "opportunity", "won": "won"}
"""A tally's counts, and the step of the funnel that each is of."""


def tallies(period: Period, by: By = "source") -> list[Tally]:
    """One for each source, or for each campaign and for what of a source is of none, by name.

    Those from which nobody came, and that cost nothing, are left out.
    """
    found: dict[Key, Tally] = {}
    for key, tally in _leads(period, by):
        found[key] = tally
    for key, visitors in _visitors(period, by):
        found[key] = replace(found.get(key) or _empty(key), visitors=visitors)
    for key, currency, amount in _revenue(period, by):
        before = found.get(key) or _empty(key)
        found[key] = replace(before, revenue=added([before.revenue, {currency: amount}]))
    for whose, currency, amount in spent(period):
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


def _leads(period: Period, by: By) -> Iterator[tuple[Key, Tally]]:
    passes = Pass.objects.filter(period.holds("lead__captured_at"))
    # A name of its own for each count: some of theirs are fields already.
    aggregates = {f"took_{name}": Count("pk", filter=_first_to(step, period)) for name, step in COUNTED.items()}
    grouped = passes.order_by().values(*_fields(by, "lead__")).annotate(**aggregates)
    for row in grouped:
        key = _key(row["lead__source"], row.get("lead__campaign"), by)
        yield (
            key,
            replace(
                _empty(key),
                leads=row["took_leads"],
                mql=row["took_mql"],
                accepted=row["took_accepted"],
                opportunities=row["took_opportunities"],
                won=row["took_won"],
            ),
        )


def _first_to(step: str, period: Period) -> Q:
    """Passes that took the step first of all passes of their lead, so that the lead counts once."""
    taken = {f"{step}_at__lte": period.now}
    earlier = Pass.objects.filter(lead=OuterRef("lead"), number__lt=OuterRef("number"), **taken)
    # Most leads are on their first pass, and the database then need not look for an earlier one.
    return Q(**taken) & (Q(number=1) | ~Q(Exists(earlier)))


def _visitors(period: Period, by: By) -> Iterator[tuple[Key, int]]:
    visits = VisitCount.objects.filter(period.holds_day("day")).order_by()
    for row in visits.values(*_fields(by)).annotate(came=Sum("visitors")):
        yield _key(row["source"], row.get("campaign"), by), row["came"]


def _revenue(period: Period, by: By) -> Iterator[Amount]:
    today = period.now.astimezone(period.zone).date()
    won = Deal.objects.filter(period.holds("lead__captured_at"), outcome=Outcome.WON, closed_on__lte=today)
    fields = _fields(by, "lead__")
    for row in won.order_by().values("currency", *fields).annotate(sum=Sum("actual_value")):
        yield _key(row["lead__source"], row.get("lead__campaign"), by), row["currency"], row["sum"]


# --- Costs ---------------------------------------------------------------------------------------


def entered() -> QuerySet[Spend]:
    """Every cost on record, the latest first, with what a page names."""
    return Spend.objects.select_related("source", "campaign", "imported_by").order_by("-last", "-pk")
