"""Scores found in bulk are written back: made ready where nobody sees them, then put in place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from assay.actions.passes import keep_segments
from assay.actions.policies import rule
from assay.actions.scoring import CHUNK, lock, may_cross, promote_all, score_row, states_of
from assay.actions.staging import Stage
from assay.actions.writing import in_transaction
from assay.domain.intent import KindState
from assay.records.facts import facts_of
from assay.records.models import Lead, PendingSignal, Score, SignalState

Folded = tuple[int, Mapping[str, KindState]]
"""A lead and its signals, folded by kind under the rule in force."""

NEAR = 1e-9
"""States whose decayed number of signals differs by less score alike."""
EXPLANATION = ("lead", "policy", "as_of", "parts", "missing")


class Written(NamedTuple):
    """How many leads were given a new score, and how many of them that promoted."""

    scored: int = 0
    promoted: int = 0


@dataclass(frozen=True)
class Ready:
    """Leads whose scores are ready, in order of their ids, and those of them whose states are."""

    leads: list[int]
    refolded: set[int]


def write_back(
    folded: Iterable[Folded], at: datetime, progress: Callable[[int], object] = lambda done: None
) -> Written:
    """Replace the scores of leads, given by rising id, by what was folded as of ``at``, and promote those that cross.

    Under a new rule all of them change in one transaction, so that nobody ever sees scores of two rules side by side;
    else chunk by chunk, so that nobody waits. Before that scores are made ready without holding anything. Leads that
    were scored since, or have signals to be counted, are left to the scorer: it knows more.
    """
    preparation = _Preparation(at)
    at_once = Score.objects.exclude(policy=rule(at).version).exists()
    written, waiting = Written(), list[Ready]()
    with preparation.standing():
        for some in _chunks(folded):
            waiting.append(preparation.prepare(some))
            progress(len(some))
            if not at_once:
                written = _sum(written, in_transaction(partial(preparation.switch, [waiting.pop()])))
        return _sum(written, in_transaction(partial(preparation.switch, waiting)))


class _Preparation:
    """Where scores are made ready."""

    def __init__(self, at: datetime) -> None:
        self._at, self._rule = at, rule(at)
        self._leads = Stage(Lead, ("id", *Lead.SCORED))
        self._scores = Stage(Score, EXPLANATION)
        self._states = Stage(SignalState, ("lead", "kind", *SignalState.FIELDS))

    def standing(self) -> ExitStack:
        """The tables that this takes, for a while."""
        with ExitStack() as stack:
            for stage in (self._leads, self._scores, self._states):
                stack.enter_context(stage.standing())
            return stack.pop_all()

    def prepare(self, some: Mapping[int, Mapping[str, KindState]]) -> Ready:
        """Score leads by what was folded of them."""
        leads = list(Lead.objects.select_related("person", "company").filter(pk__in=some).order_by("pk"))
        facts = {lead.pk: facts_of(lead) for lead in leads}
        scores = [(lead, self._rule.scorer.score(facts[lead.pk], some[lead.pk], self._at)) for lead in leads]
        self._leads.put((lead.pk, *(getattr(scored, name) for name in Lead.SCORED)) for lead, scored in scores)
        rows = (score_row(lead, scored, self._rule, self._at) for lead, scored in scores)
        self._scores.put((row.lead_id, row.policy_id, row.as_of, row.parts, row.missing) for row in rows)
        keep_segments(facts)
        return Ready([lead.pk for lead in leads], self._refold(list(facts), some))

    def _refold(self, lead_ids: list[int], some: Mapping[int, Mapping[str, KindState]]) -> set[int]:
        """Make the states ready that are not on record as they should be; returns whose."""
        on_record, at = states_of(lead_ids), self._at.timestamp()
        refolded = {lead for lead in lead_ids if not _alike(on_record[lead], some[lead], at)}
        rows = (SignalState.of(lead, kind, state) for lead in sorted(refolded) for kind, state in some[lead].items())
        self._states.put((row.lead_id, row.kind, *(getattr(row, name) for name in SignalState.FIELDS)) for row in rows)
        return refolded

    def switch(self, ready: Iterable[Ready]) -> Written:
        """Put in place what is ready, within the caller's transaction."""
        scored = promoted = 0
        for leads, refolded in ((some.leads, some.refolded) for some in ready if some.leads):
            lock(leads)
            overtaken = _overtaken(leads, self._at)
            for stage in (self._leads, self._scores, self._states):
                stage.withdraw(sorted(overtaken))
            SignalState.objects.filter(lead__in=refolded - overtaken).delete()
            self._states.add(leads[0], leads[-1])
            self._leads.update(leads[0], leads[-1])
            self._scores.upsert(leads[0], leads[-1])
            scored += len(leads) - len(overtaken)
            promoted += len(self._promote(set(leads) - overtaken))
        return Written(scored, promoted)

    def _promote(self, lead_ids: set[int]) -> list[int]:
        leads = (
            Lead.objects.filter(may_cross(self._rule), pk__in=lead_ids)
            .select_related("person", "company")
            .order_by("pk")
        )
        return promote_all(list(leads), self._rule, self._at)


def _alike(one: Mapping[str, KindState], other: Mapping[str, KindState], at: float) -> bool:
    """Whether states are the same, but for active days that the rule in force does not look back on."""
    return one.keys() == other.keys() and all(
        (mine.half_life_days, mine.count, mine.last)
        == (other[kind].half_life_days, other[kind].count, other[kind].last)
        and abs(mine.weight_at(at) - other[kind].weight_at(at)) < NEAR
        and mine.days >= other[kind].days
        for kind, mine in one.items()
    )


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


def _sum(one: Written, other: Written) -> Written:
    return Written(one.scored + other.scored, one.promoted + other.promoted)
