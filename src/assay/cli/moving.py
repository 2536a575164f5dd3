"""What the commands that move leads share: whom they mean, each move on its own, and what is told afterwards."""

from collections.abc import Callable, Sequence

from assay.cli.clock import now
from assay.cli.failures import SomeFailed
from assay.cli.objects import decision_object, lead_object, next_step_of
from assay.cli.output import say, show_json, show_json_list
from assay.domain.errors import AssayError
from assay.domain.labels import label
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, Pass
from assay.records.search import find_lead

Act = Callable[[int], Decision]


def move_one(done: str, text: str, act: Act, *, as_json: bool) -> None:
    """Move the lead that ``text`` means, and tell: ``done`` is what happened in one word."""
    told = _tell(done, act(find_lead(text).pk), quiet=as_json)
    if as_json:
        show_json(told)


def move_each(done: str, texts: Sequence[str], act: Act, *, as_json: bool) -> None:
    """Move several leads, each on its own: one that is refused keeps none of the others.

    All must be known before the first is moved. Raises what went wrong in the end.
    """
    leads = {lead.pk: lead for lead in map(find_lead, texts)}
    told: list[dict[str, object]] = []
    failed: dict[int, AssayError] = {}
    for lead_id in leads:
        try:
            told.append(_tell(done, act(lead_id), quiet=as_json))
        except AssayError as error:
            failed[lead_id] = error
    if as_json:
        show_json_list(told)
    if failed:
        raise next(iter(failed.values())) if len(leads) == 1 else SomeFailed(len(leads), failed)


def _tell(done: str, decision: Decision, *, quiet: bool) -> dict[str, object]:
    lead, current = lead_now(decision.lead_id)
    step = next_step_of(lead, current, now())
    if not quiet:
        owner = f", owner {lead.owner}" if lead.owner else ""
        say(f"{done}: {named(lead)}, now {label(lead.temperature, Rung(lead.rung))}{owner}.\n  Next: {step}.")
    return decision_object(decision) | {"lead": lead_object(lead), "next_step": step}


def lead_now(lead_id: int) -> tuple[Lead, Pass]:
    """A lead as it stands, and its current pass."""
    related = ("person", "company", "source", "campaign", "owner")
    lead = Lead.objects.select_related(*related).get(pk=lead_id)
    return lead, Pass.objects.get(lead=lead, number=lead.pass_no)


def named(lead: Lead) -> str:
    """A lead in a sentence: person, company and number."""
    return f"{lead.person} · {lead.company} (lead {lead.pk})" if lead.company else f"{lead.person} (lead {lead.pk})"
