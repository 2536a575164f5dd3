"""The tables that can be exported: their columns, and their rows as they are read from the database."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from assay.domain.facts import COLUMNS, KNOWN_KEYS, Value
from assay.domain.identity import IdentityKind
from assay.intake.exports import Row
from assay.intake.exports import Value as Cell
from assay.records.facts import facts_of
from assay.records.models import Decision, Lead, Signal

SCORES = (*Lead.SCORED, "rung", "pass_no", "owner", "rests_until")
DECISIONS = (
    *("id", "at", "lead", "lead_id", "email", "pass", "move", "from", "to"),
    *("by", "desk", "reason", "text", "policy", "fit", "intent", "details"),
)
SIGNALS = ("message_id", "at", "kind", IdentityKind.LEAD_ID, IdentityKind.EMAIL, "visitor_id", "url", "bot")


class Table(NamedTuple):
    """A header and its rows."""

    columns: list[str]
    rows: Iterator[Row]


def leads(scores: bool) -> Table:
    """Leads in the canonical columns, then your own, then, if asked for, labels and scores."""
    own = sorted(
        {key for facts in Lead.objects.values_list("facts", flat=True).iterator() for key in facts} - KNOWN_KEYS
    )
    columns = [column.name for column in COLUMNS] + [key.partition(".")[2] for key in own]
    related = ("person", "company", "source", "campaign", "owner")
    found = Lead.objects.select_related(*related).order_by("pk").iterator()
    if scores:
        return Table([*columns, *SCORES], ([*_lead(lead, own), *_scores(lead)] for lead in found))
    return Table(columns, (_lead(lead, own) for lead in found))


def _lead(lead: Lead, own: list[str]) -> list[Cell]:
    facts = {
        **facts_of(lead),
        "lead.source": lead.source.name,
        "lead.campaign": lead.campaign.name if lead.campaign else None,
    }
    said: Mapping[str, Cell] = {"lead_id": lead.external_id or None, "captured_at": lead.captured_at}
    canonical = [_plain(facts.get(column.key)) if column.key else said[column.name] for column in COLUMNS]
    return [*canonical, *(_plain(facts.get(key)) for key in own)]


def _plain(value: Value) -> Value:
    """Blank texts as nothing, whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def _scores(lead: Lead) -> list[Cell]:
    numbers: list[Cell] = [getattr(lead, name) for name in Lead.SCORED]
    return [*numbers, lead.rung, lead.pass_no, lead.owner.email if lead.owner else None, lead.rests_until]


def decisions(_: bool) -> Table:
    """The ledger from its beginning."""
    rows = Decision.objects.select_related("lead__person").order_by("pk").iterator()
    return Table(list(DECISIONS), map(_decision, rows))


def _decision(row: Decision) -> list[Cell]:
    score = row.score or {}
    who: list[Cell] = [row.pk, row.at, row.lead_id, row.lead.external_id or None, row.lead.person.email or None]
    move: list[Cell] = [row.pass_no, row.move, row.from_rung or None, row.to_rung, row.by_name, row.desk]
    why: list[Cell] = [row.reason or None, row.text or None, row.policy_id, score.get("fit"), score.get("intent")]
    return [*who, *move, *why, msgspec.json.encode(row.details).decode() if row.details else None]


def signals(_: bool) -> Table:
    """The log of signals in the canonical columns, then their properties."""
    filled = Signal.objects.exclude(properties={}).values_list("properties", flat=True).iterator()
    own = sorted({key for properties in filled for key in properties} - set(SIGNALS))
    rows = Signal.objects.select_related("identity").order_by("pk").iterator()
    return Table([*SIGNALS, *own], (_signal(row, own) for row in rows))


def _signal(row: Signal, own: list[str]) -> list[Cell]:
    kind, value = row.identity.kind, row.identity.value
    kinds = (IdentityKind.LEAD_ID, IdentityKind.EMAIL, IdentityKind.VISITOR)
    who = [value if kind == wanted else None for wanted in kinds]
    return [row.message_id, row.at, row.kind, *who, row.url or None, row.bot, *(row.properties.get(key) for key in own)]


TABLES: Mapping[str, Callable[[bool], Table]] = {"leads": leads, "decisions": decisions, "signals": signals}
