"""What sources and campaigns cost: entered by hand or brought in from a file, each day of a campaign once."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial

from assay.actions.actors import Actor
from assay.actions.sources import Sources
from assay.actions.writing import in_transaction, insert
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.domain.rows import CostRow, Refusal
from assay.records.models import Import, ImportChange, Source, Spend

Whose = tuple[int, int | None, str]
"""Source, campaign and currency."""

OVERLAPS = "overlapping_cost"


@dataclass(slots=True)
class Recorded:
    """What a batch of costs did: how many were new, on record already or corrected, and those refused."""

    new: int = 0
    known: int = 0
    changed: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def record_costs(rows: Sequence[CostRow], imported_by: Import | None = None) -> Recorded:
    """Keep costs, within the caller's transaction.

    One of exactly the same days as before corrects that; one that shares only some of its days is refused.
    """
    done, names = Recorded(), Sources()
    whose = [(names.source(row.source), names.campaign(row.source, row.campaign), row.currency) for row in rows]
    book, fresh = _Book(rows, whose), list[Spend]()
    for row, owner in zip(rows, whose, strict=True):
        before = book.at(owner, row.first, row.last)
        if before is None:
            fresh.append(_spend(row, owner, imported_by))
            book.add(owner, fresh[-1])
        elif (before.first, before.last) != (row.first, row.last):
            done.refusals.append(Refusal(row.line, OVERLAPS, _overlap(before), row.facts()))
        elif before.amount == row.amount:
            done.known += 1
        else:
            _correct(before, row, imported_by)
            done.changed += 1
    done.new = len(insert(Spend, fresh))
    return done


class _Book:
    """The costs of some sources around some days. No two of one owner share a day, so they stand in one order."""

    def __init__(self, rows: Sequence[CostRow], whose: Sequence[Whose]) -> None:
        sources = {source for source, _, _ in whose}
        # Two who enter costs of one source at once would not see each other's.
        list(Source.objects.select_for_update().filter(pk__in=sources).order_by("pk"))
        self._spans: dict[Whose, list[tuple[date, Spend]]] = defaultdict(list)
        if not rows:
            return
        earliest, latest = min(row.first for row in rows), max(row.last for row in rows)
        near = Spend.objects.filter(source__in=sources, first__lte=latest, last__gte=earliest)
        for spend in near.order_by("first"):
            self._spans[spend.source_id, spend.campaign_id, spend.currency].append((spend.first, spend))

    def at(self, owner: Whose, first: date, last: date) -> Spend | None:
        """A cost that shares a day with these."""
        spans = self._spans[owner]
        place = bisect(spans, last, key=lambda span: span[0])
        before = spans[place - 1][1] if place else None
        return before if before and before.last >= first else None

    def add(self, owner: Whose, spend: Spend) -> None:
        spans = self._spans[owner]
        spans.insert(bisect(spans, spend.first, key=lambda span: span[0]), (spend.first, spend))


def _overlap(before: Spend) -> str:
    return f"A cost from {before.first} to {before.last} shares days with it: correct the days, or remove that one."


def _spend(row: CostRow, owner: Whose, imported_by: Import | None) -> Spend:
    source, campaign, currency = owner
    return Spend(
        source_id=source,
        campaign_id=campaign,
        currency=currency,
        first=row.first,
        last=row.last,
        amount=row.amount,
        imported_by=imported_by,
    )


def _correct(spend: Spend, row: CostRow, imported_by: Import | None) -> None:
    if imported_by is not None and spend.pk:
        ImportChange.objects.create(
            imported_by=imported_by,
            model="spend",
            object_id=spend.pk,
            field="amount",
            before=str(spend.amount),
            after=str(row.amount),
        )
    spend.amount = row.amount
    if spend.pk:
        spend.save(update_fields=["amount"])


# --- By hand -------------------------------------------------------------------------------------


def enter_cost(row: CostRow, by: Actor) -> None:
    """Keep one cost. Raises BadInput for days or an amount that make no sense, Refused where days are covered."""
    by.needs(Desk.MARKETING, "enter a cost")
    if row.first > row.last:
        said = Phrase("{first} is after {last}.", first=row.first, last=row.last)
        raise BadInput("bad_period", said, Phrase("Give the earlier day first."))
    if not row.source.strip():
        raise BadInput("no_source", Phrase("A cost is of a source."), Phrase("Write under which source it counts."))
    done = in_transaction(partial(record_costs, [row]))
    if done.refusals:
        said = Phrase("Some of these days have a cost already.")
        raise Refused(OVERLAPS, said, Phrase("Correct the days, or remove the other cost."))


def remove_cost(spend_id: int, by: Actor) -> None:
    """Take a cost away, as if it had never been entered. Raises NotFound."""
    by.needs(Desk.MARKETING, "remove a cost")
    gone, _ = Spend.objects.filter(pk=spend_id).delete()
    if not gone:
        raise NotFound("unknown_cost", Phrase("This cost is gone already."))


def take_back_costs(source: Import) -> dict[str, int]:
    """Take away the costs of an import and put those back that it corrected, where they still say what it said."""
    put_back = 0
    for change in ImportChange.objects.filter(imported_by=source, model="spend"):
        spend = Spend.objects.filter(pk=change.object_id, amount=Decimal(str(change.after))).first()
        if spend is not None:
            spend.amount = Decimal(str(change.before))
            spend.save(update_fields=["amount"])
            put_back += 1
    gone, _ = Spend.objects.filter(imported_by=source).delete()
    return {"costs": gone, "put_back": put_back}
