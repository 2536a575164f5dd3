"""People who may be one: events named ids of two of them together, and nobody has said yet whether they are."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from assay.domain.identity import Key
from assay.records.models import Identity, Lead, Quarantine

TWO_PEOPLE = "two_people"
MOST = 100
"""Rows looked at, the newest first."""


class Pair(NamedTuple):
    """Two leads, the older one first, and the rows that name both, the newest first."""

    one: Lead
    other: Lead
    rows: Sequence[Quarantine]

    @property
    def leads(self) -> tuple[Lead, Lead]:
        return self.one, self.other


def possible_duplicates(most: int = MOST) -> list[Pair]:
    """Pairs of leads whose ids came together; one that has become one person since is none."""
    rows = list(named_together().order_by("-received_at", "-pk")[:most])
    leads = _leads_by_id(key for row in rows for key in ids_of(row))
    pairs: dict[tuple[int, ...], Pair] = {}
    for row in rows:
        found = {lead.pk: lead for key in ids_of(row) if (lead := leads.get(key))}
        if len(found) == 2:
            one, other = (found[pk] for pk in sorted(found))
            pair = pairs.get((one.pk, other.pk))
            pairs[one.pk, other.pk] = Pair(one, other, [*pair.rows, row] if pair else [row])
    return list(pairs.values())


def named_together() -> QuerySet[Quarantine]:
    """The rows about which nobody has decided."""
    return Quarantine.objects.filter(imported_by=None, replayed_at=None, code=TWO_PEOPLE)


def ids_of(row: Quarantine) -> list[Key]:
    """The identities a row names."""
    said = row.raw.get("ids") if isinstance(row.raw, dict) else None
    split = (str(text).partition(":") for text in said or ())
    return [(kind, value) for kind, _, value in split]


def _leads_by_id(keys: Iterable[Key]) -> dict[Key, Lead]:
    wanted = Q(pk__in=[])
    by_kind: dict[str, set[str]] = {}
    for kind, value in keys:
        by_kind.setdefault(kind, set()).add(value)
    for kind, values in by_kind.items():
        wanted |= Q(kind=kind, value__in=values)
    rows = Identity.objects.filter(wanted, person__lead__isnull=False).values_list("kind", "value", "person__lead")
    found = {(kind, value): lead_id for kind, value, lead_id in rows}
    leads = Lead.objects.select_related("person", "company", "owner").in_bulk(set(found.values()))
    return {key: leads[lead_id] for key, lead_id in found.items() if lead_id in leads}
