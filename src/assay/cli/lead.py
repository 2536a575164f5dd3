"""`assay lead`: everything about one lead."""

from collections.abc import Iterator
from datetime import tzinfo

from rich.text import Text

from assay.cli.acting import rule_at
from assay.cli.clock import now, shown
from assay.cli.database import with_database
from assay.cli.events import Event, events_of
from assay.cli.explain import score_object, show_parts
from assay.cli.moving import lead_now
from assay.cli.objects import decision_object, lead_object, next_step_of
from assay.cli.options import Json, Lead, Limit
from assay.cli.output import facts, say, show, show_json, table
from assay.cli.predicted import predicted_object, show_predicted
from assay.cli.score_lead import stored_score
from assay.cli.words import labelled, who
from assay.domain.facts import Value
from assay.domain.fit import as_shown
from assay.domain.ladder import BANT, Rung, Stage, stage
from assay.records.facts import facts_of
from assay.records.models import Deal, Decision, Pass
from assay.records.models import Lead as LeadRow
from assay.records.search import find_lead

HIDDEN = ("person.first_name", "person.last_name", "person.name", "person.title", "lead.source", "lead.campaign")


@with_database
def lead(lead: Lead, limit: Limit = 30, json: Json = False) -> None:
    """Show everything about one lead: labels, next step, score, what is known, deal, and what happened.

    \b
    Examples:
      assay lead 12
      assay lead anna@acme.example --json
    """
    found, current = lead_now(find_lead(lead).pk)
    policy = rule_at(now()).policy
    deal = Deal.objects.filter(lead=found, pass_no=found.pass_no).first()
    events = events_of(found, policy.intent.signals, limit or None)
    if json:
        show_json(_object(found, current, deal, events))
        return
    _show_head(found, current, deal)
    _show_facts(found, policy.zone)
    show_parts(stored_score(found))
    show_predicted(found, policy)
    if deal:
        _show_deal(deal)
    say("\nWhat happened, newest first\n")
    rows = [(shown(event.at, policy.zone), event.kind, event.text, event.by) for event in events]
    table(["When", "What", "~", "By"], rows)


def stage_of(found: LeadRow, current: Pass, deal: Deal | None) -> Stage:
    """The stage that follows from the lead's rung and facts."""
    qualified = deal is not None and all(deal.bant.values())
    contacted, opened = current.contacted_at is not None, deal is not None and deal.opened_at is not None
    return stage(Rung(found.rung), contacted=contacted, qualified=qualified, deal=opened)


def _known(found: LeadRow) -> Iterator[tuple[str, Value]]:
    """What is known of the lead, by the name that a file gives it."""
    for key, value in facts_of(found).items():
        if key not in HIDDEN and value not in (None, ""):
            yield key.partition(".")[2].replace("_", " ") if key != "company.name" else "company", value


def _object(found: LeadRow, current: Pass, deal: Deal | None, events: list[Event]) -> dict[str, object]:
    return {
        **lead_object(found),
        **score_object(stored_score(found)),
        "predicted_win": predicted_object(found),
        "rung": found.rung,
        "stage": stage_of(found, current, deal),
        "next_step": next_step_of(found, current, now()),
        "owner": found.owner.email if found.owner else None,
        "pass": found.pass_no,
        "rests_until": found.rests_until,
        "facts": dict(facts_of(found)),
        "deal": deal and _deal_object(deal),
        "decisions": [decision_object(row) for row in Decision.objects.filter(lead=found).order_by("pk")],
        "timeline": [event._asdict() for event in events],
    }


def _deal_object(deal: Deal) -> dict[str, object]:
    names = ("value", "currency", "close_date", "opened_at", "outcome", "closed_on", "actual_value", "reason")
    return {name: getattr(deal, name) for name in names} | {"bant": deal.bant}


def _show_head(found: LeadRow, current: Pass, deal: Deal | None) -> None:
    show(Text(f"Lead {found.pk}: ").append_text(who(str(found.person), found.person.title, str(found.company or ""))))
    stands = labelled(found.temperature, Rung(found.rung))
    stands.append(f", grid {found.grid}, stage {stage_of(found, current, deal)}")
    if found.explored:
        stands.append(", exploration: just under the threshold")
    show(stands.append(", cooling: no longer over the threshold") if found.cooling else stands)
    say(f"Next: {next_step_of(found, current, now())}\n")


def _show_facts(found: LeadRow, zone: tzinfo) -> None:
    source = f"{found.source} / {found.campaign}" if found.campaign else str(found.source)
    rests = shown(found.rests_until, zone) if found.rests_until and found.rests_until > now() else None
    facts(
        [
            ("source", source),
            ("captured", shown(found.captured_at, zone)),
            ("owner", str(found.owner or "")),
            ("your id", found.external_id),
            ("pass", found.pass_no if found.pass_no > 1 else None),
            ("rests until", rests),
            *((name, as_shown(value)) for name, value in _known(found)),
        ]
    )
    say()


def _show_deal(deal: Deal) -> None:
    say("\nDeal\n")
    value = f"{deal.value:,.2f} {deal.currency}" if deal.value else None
    actual = f"{deal.actual_value:,.2f} {deal.currency}" if deal.actual_value else None
    closed = f"{deal.outcome} on {deal.closed_on} {deal.reason}".rstrip() if deal.outcome else None
    notes = [(point, getattr(deal, point) or "not confirmed") for point in BANT]
    facts([("value", value), ("closes", str(deal.close_date or "")), ("outcome", closed), ("brought", actual), *notes])
