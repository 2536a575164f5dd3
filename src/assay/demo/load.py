"""Loads the demo month into an empty database."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import Count

from assay.actions.actors import Actor
from assay.actions.outbox import nothing_posted
from assay.actions.policies import start_with
from assay.actions.roles import set_role
from assay.actions.scoring import rescore
from assay.demo.campaigns import run_campaigns
from assay.demo.cast import Casting, Character
from assay.demo.events import Entered, Event
from assay.demo.forms import put_up_forms
from assay.demo.month import Month
from assay.demo.personas import PERSONAS
from assay.demo.stage import Stage
from assay.demo.stories import Story
from assay.demo.strangers import strangers
from assay.demo.summary import DemoSummary, summary
from assay.demo.team import hire
from assay.demo.website import connect_website
from assay.domain.errors import BadInput, Refused
from assay.domain.policy import Policy
from assay.policies import shipped
from assay.records.models import Company, Lead, Membership, PolicyVersion, Signal, VisitCount

Progress = Callable[[int, int], object]
"""Is told how many of how many events have been played."""

STEP = 250
"""Events between two calls of ``progress``."""


def load(now: datetime, *, scale: int = 1, progress: Progress = lambda done, total: None) -> DemoSummary:
    """Load ``scale`` times the demo month that ends at ``now``, in one transaction: it is there whole or not at all.

    The same ``now`` and ``scale`` give the same month. Raises Refused where there is data already.
    """
    if scale < 1:
        raise BadInput("bad_scale", f"A demo of scale {scale} cannot be.", "Give a scale of 1 or more.")
    policy = shipped()
    with transaction.atomic(), nothing_posted():
        _refuse_if_used(policy)
        month, cast = Month(now, policy), Casting().cast(PERSONAS, scale)
        if not PolicyVersion.objects.filter(published_at__isnull=False).exists():
            start_with(policy, month.start)
        team = hire()
        stage = Stage(month, team)
        run_campaigns(month, scale, team["mara"])
        put_up_forms(team["mara"], month.start)
        connect_website(month.start)
        events = script(cast, month, scale)
        for done in range(0, len(events), STEP):
            stage.play(events[done : done + STEP])
            progress(min(done + STEP, len(events)), len(events))
        introduce(cast, team["mara"])
        rescore(now)
        return summary(cast, month)


def script(cast: Sequence[Character], month: Month, scale: int) -> list[Event]:
    """Everything that happens in the month, in order of time; of what happens at once, who enters comes first."""
    stories = chain.from_iterable(Story(character, month).events() for character in cast)
    return sorted(chain(stories, strangers(month, scale)), key=lambda event: (event.at, not isinstance(event, Entered)))


def introduce(cast: Sequence[Character], by: Actor) -> None:
    """Say of most people who have colleagues which part they play when their company buys."""
    parts = {character.row.email: character.persona.profile.part for character in cast if character.number % 4 < 3}
    groups = Company.objects.annotate(people=Count("leads")).filter(people__gt=1)
    members = Membership.objects.filter(company__in=groups).order_by("pk")
    for person_id, company_id, email in members.values_list("person", "company", "person__email"):
        if email in parts:
            set_role(person_id, company_id, by, parts[email])


def _refuse_if_used(policy: Policy) -> None:
    """The month belongs into a database of its own, under the rule it was written for."""
    for what, rows in (("leads", Lead.objects), ("signals", Signal.objects), ("visits", VisitCount.objects)):
        if rows.exists():
            raise Refused(
                "not_empty",
                f"This database holds {what} already, and demo data does not mix with real data.",
                "Set ASSAY_HOME to a new folder, or ASSAY_DATABASE to an empty database.",
            )
    if PolicyVersion.objects.filter(published_at__isnull=False).exclude(digest=policy.digest).exists():
        raise Refused(
            "other_policy",
            "A policy of your own is in force, and the demo shows the shipped one.",
            "Set ASSAY_HOME to a new folder, or ASSAY_DATABASE to an empty database.",
        )
