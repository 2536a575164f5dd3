"""What another process does to the database of a crash test: ``prepare`` it, and tell afterwards what it holds."""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - after the setup
from django.db.models import Sum  # noqa: E402

from assay.actions.policies import rule  # noqa: E402
from assay.actions.scoring import refolded, states_of  # noqa: E402
from assay.records.facts import facts_of  # noqa: E402
from assay.records.models import (  # noqa: E402
    Identity,
    IntakeCount,
    Landed,
    PendingSignal,
    Quarantine,
    Score,
    Signal,
    Source,
    WriteKey,
)
from tests.crash.load import KEY  # noqa: E402

NEAR = 1e-9


def prepare() -> None:
    """An empty database with one write key."""
    call_command("migrate", verbosity=0)
    source = Source.objects.create(name="Website")
    WriteKey.objects.create(name="Load", key=KEY, source=source, created_at=datetime.now(UTC))


def waiting() -> int:
    """How many events nobody has sorted or counted yet."""
    landed: int = Landed.objects.aggregate(events=Sum("events", default=0))["events"]
    return landed + PendingSignal.objects.filter(at__lte=datetime.now(UTC)).count()


def found() -> dict[str, Any]:
    """What is there, and what is not as a full recount would have it."""
    outcomes = dict(IntakeCount.objects.values_list("outcome").annotate(Sum("count")))
    return {
        "messages": list(Signal.objects.values_list("message_id", flat=True)),
        "leads": Score.objects.count(),
        "unclaimed": Identity.objects.filter(person=None).count(),
        "wrong": [
            text for score in Score.objects.select_related("lead__person", "lead__company") for text in _wrong(score)
        ],
        "quarantined": list(Quarantine.objects.values_list("code", "sentence")),
        "counted": outcomes,
    }


def _wrong(score: Score) -> list[str]:
    """Where a stored score differs from that of all signals on record, at the time it was taken."""
    lead, at = score.lead, score.as_of
    states, recounted = states_of([lead.pk])[lead.pk], refolded([lead.pk], at)[lead.pk]
    texts = []
    if states.keys() != recounted.keys():
        texts.append(f"lead {lead.pk} has {sorted(states)} and not {sorted(recounted)}")
    for kind in states.keys() & recounted.keys():
        one, other = states[kind], recounted[kind]
        if one.count != other.count or abs(one.weight_at(one.last) - other.weight_at(one.last)) > NEAR:
            texts.append(f"lead {lead.pk} has {one} of {kind} and not {other}")
    expected = rule(at).scorer.score(facts_of(lead), recounted, at)
    stored = {(part["axis"], part["name"]): part["points"] for part in score.parts}
    wanted = {(part.axis, part.name): part.points for part in expected.parts}
    if stored.keys() != wanted.keys() or any(abs(stored[key] - wanted[key]) > NEAR for key in stored):
        texts.append(f"lead {lead.pk} scores {stored} and not {wanted}")
    return texts


if __name__ == "__main__":
    json.dump({"prepare": prepare, "waiting": waiting, "found": found}[sys.argv[1]](), sys.stdout)
