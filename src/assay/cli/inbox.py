"""`assay inbox`: what waits for a decision."""

from collections.abc import Mapping
from datetime import UTC, datetime

from rich.text import Text

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.clock import span
from assay.cli.database import with_database
from assay.cli.objects import lead_object
from assay.cli.options import Json, Limit, Now
from assay.cli.output import Card, Cell, cards, say, show_json_list
from assay.cli.words import bullets, counted, labelled, who
from assay.domain.ladder import Rung
from assay.domain.parts import Part, main_reasons
from assay.domain.policy_sections import SignalKind
from assay.records.models import Lead
from assay.records.waiting import Waiting, at_the_gate, waiting

Kinds = Mapping[str, SignalKind]


@with_database
def inbox(limit: Limit = 20, now: Now = None, json: Json = False) -> None:
    """List the leads that wait for a decision at the gate, best first, and why each is there.

    \b
    Examples:
      assay inbox
      assay inbox --limit 5 --json
    """
    at = moment_or_now(now)
    kinds = rule_at(at).policy.intent.signals
    entries = waiting(limit or None)
    if json:
        show_json_list(waiting_object(entry, kinds, at) for entry in entries)
    else:
        print_inbox(entries, at_the_gate().count(), kinds, at)


def reasons_of(lead: Lead, most: int = 3) -> list[str]:
    """The main reasons of the score as it is stored."""
    return main_reasons((Part(**part) for part in lead.score.parts), most)


def waiting_object(entry: Waiting, kinds: Kinds, at: datetime) -> dict[str, object]:
    """A lead of the inbox for programs."""
    last = entry.last and {
        "kind": entry.last.kind,
        "label": _label(entry.last.kind, kinds),
        "at": datetime.fromtimestamp(entry.last.last, UTC),
    }
    return lead_object(entry.lead) | {
        "waiting_since": entry.since,
        "waiting_seconds": max(0, int((at - entry.since).total_seconds())),
        "last_signal": last,
        "reasons": reasons_of(entry.lead),
        "parts": entry.lead.score.parts,
    }


def print_inbox(entries: list[Waiting], total: int, kinds: Kinds, at: datetime) -> None:
    """The inbox for people."""
    if not total:
        say("Nothing waits for a decision.\nLeads come here when their score crosses the threshold: assay leads")
        return
    say(f"{counted(total, 'lead waits', 'leads wait')} for a decision\n")
    cards(
        [">Lead", "Who", "Label", "Grid", ">Fit", ">Intent", ">Waits"], [_card(entry, kinds, at) for entry in entries]
    )
    if total > len(entries):
        say(f"\nand {total - len(entries):,} more: assay inbox --limit 0")
    say("\nDecide: assay accept LEAD    assay reject LEAD --reason CODE")


def _card(entry: Waiting, kinds: Kinds, at: datetime) -> Card:
    lead = entry.lead
    name = who(str(lead.person), lead.person.title, str(lead.company) if lead.company else None)
    labels: list[Cell] = [labelled(lead.temperature, Rung(lead.rung)), lead.grid, lead.fit, lead.intent]
    head: list[Cell] = [lead.pk, name, *labels, span(entry.since, at)]
    return Card(head, [*bullets(reasons_of(lead)), _background(entry, kinds, at)])


def _background(entry: Waiting, kinds: Kinds, at: datetime) -> Text:
    said = []
    if entry.last:
        ago = span(datetime.fromtimestamp(entry.last.last, UTC), at)
        said.append(f"Last: {_label(entry.last.kind, kinds)}, {ago} ago")
    source = f"{entry.lead.source} / {entry.lead.campaign}" if entry.lead.campaign else str(entry.lead.source)
    said.append(f"Source: {source}")
    if entry.lead.cooling:
        said.append("cooling: no longer over the threshold")
    if entry.lead.explored:
        said.append("exploration: just under the threshold")
    return Text(" · ".join(said), style="dim")


def _label(kind: str, kinds: Kinds) -> str:
    return kinds[kind].label if kind in kinds else kind
