"""The score of one lead on record: as it is stored, or as of another time, counted from the log."""

from datetime import datetime

from assay.actions.scoring import refolded
from assay.cli.acting import moment_or_now, rule_at
from assay.cli.clock import shown
from assay.cli.database import with_database
from assay.cli.explain import score_object, show_parts
from assay.cli.moving import lead_now, named
from assay.cli.objects import lead_object, next_step_of
from assay.cli.output import say, show, show_json
from assay.cli.words import labelled
from assay.domain.errors import BadInput
from assay.domain.ladder import Rung
from assay.domain.parts import Part
from assay.domain.score import Score
from assay.records.facts import facts_of
from assay.records.models import Decision, Lead, Pass
from assay.records.search import find_lead


@with_database
def score_lead(text: str, now: str | None, as_json: bool) -> None:
    """Show the score of the lead that ``text`` means; at ``now``, if given, by the signals of until then."""
    lead, current = lead_now(find_lead(text).pk)
    at = moment_or_now(now)
    score, policy = stored_score(lead), rule_at(at).policy
    as_of = lead.score.as_of
    if now:
        score, as_of = score_at(lead, at), at
        current = _stand_at(lead, at)
    lead.temperature = score.temperature
    step = next_step_of(lead, current, at)
    if as_json:
        said = lead_object(lead) | score_object(score) | {"rung": lead.rung}
        show_json(said | {"as_of": as_of, "next_step": step})
        return
    label = labelled(score.temperature, Rung(lead.rung)).append(f", {score.grid}, as of {shown(as_of, policy.zone)}")
    say(named(lead))
    show(label)
    say(f"Next: {step}\n")
    show_parts(score)


def stored_score(lead: Lead) -> Score:
    """A lead's score as it is stored, parts included."""
    numbers = {name: getattr(lead, name) for name in Lead.SCORED if name != "total"}
    parts = tuple(Part(**part) for part in lead.score.parts)
    return Score(**numbers, missing=tuple(lead.score.missing), parts=parts)


def score_at(lead: Lead, at: datetime) -> Score:
    """A lead's score as of a time: its signals of until then, by the rule of then, with what is known of it today."""
    states = refolded([lead.pk], at)[lead.pk]
    return rule_at(at).scorer.score(facts_of(lead), states, at)


def _stand_at(lead: Lead, at: datetime) -> Pass:
    """Put the lead on the rung where it stood at a time. Returns the pass it was on, as it was then."""
    last = Decision.objects.filter(lead=lead, at__lte=at).order_by("pk").last()
    if last is None:
        raise BadInput(
            "before_capture", f"{named(lead)} was not captured yet.", f"It came on {lead.captured_at:%Y-%m-%d}."
        )
    lead.rung = last.to_rung
    current = Pass.objects.get(lead=lead, number=last.pass_no)
    if current.contacted_at and current.contacted_at > at:
        current.contacted_at = None
    return current
