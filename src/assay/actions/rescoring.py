"""Scores found in bulk are written back: all of them in one transaction, so that nobody sees half a switch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from assay.actions.scoring import CHUNK, keep, lock, score_leads
from assay.actions.writing import in_transaction
from assay.domain.intent import KindState
from assay.records.models import Lead, PendingSignal, Score, SignalState

Folded = tuple[int, Mapping[str, KindState]]
"""A lead and its signals, folded by kind under the rule in force."""


class Written(NamedTuple):
    """How many leads were given a new score, and how many of them that promoted."""

    scored: int = 0
    promoted: int = 0


def write_back(
    folded: Iterable[Folded], at: datetime, progress: Callable[[int], object] = lambda done: None
) -> Written:
    """Replace the states and scores of leads by what was folded as of ``at``, and promote those that cross.

    Leads that were scored since, or have signals to be counted, are left to the scorer: it knows more. Readers see the
    old scores until all are written.
    """
    return in_transaction(partial(_write, list(folded), at, progress))


def _write(folded: list[Folded], at: datetime, progress: Callable[[int], object]) -> Written:
    scored = promoted = 0
    for some in _chunks(folded):
        lock(sorted(some))
        still = sorted(some.keys() - _overtaken(list(some), at))
        SignalState.objects.filter(lead__in=still).delete()
        states = {lead: dict(some[lead]) for lead in still}
        keep(states)
        promoted += len(score_leads(still, at, states))
        scored += len(still)
        progress(len(some))
    return Written(scored, promoted)


def _chunks(folded: Iterable[Folded]) -> Iterator[dict[int, Mapping[str, KindState]]]:
    left = iter(folded)
    while some := dict(islice(left, CHUNK)):
        yield some


def _overtaken(lead_ids: list[int], at: datetime) -> set[int]:
    """Leads of which the database knows something newer, and those that are gone."""
    waiting = PendingSignal.objects.filter(signal__identity__person__lead__in=lead_ids, at__lte=at)
    newer = set(Score.objects.filter(lead__in=lead_ids, as_of__gt=at).values_list("pk", flat=True))
    there = set(Lead.objects.filter(pk__in=lead_ids).values_list("pk", flat=True))
    return newer | set(waiting.values_list("signal__identity__person__lead", flat=True)) | (set(lead_ids) - there)
