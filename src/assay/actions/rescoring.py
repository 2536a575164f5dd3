"""Scores found in bulk are written back: made ready where nobody sees them, then put in place."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

import msgspec

from assay.actions.passes import keep_segments
from assay.actions.policies import rule
from assay.actions.scoring import CHUNK, batched, lock, may_cross, promote_all, states_of
from assay.actions.staging import Stage, with_room
from assay.actions.writing import in_transaction
from assay.domain.intent import KindState
from assay.domain.score import Score as Scored
from assay.records.facts import facts_by_lead
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
    written, waiting = Written(), list[int]()
    with preparation.standing():
        for some in _chunks(folded):
            waiting += preparation.prepare(some)
            progress(len(some))
            if not at_once:
                written, waiting = _sum(written, preparation.put_in_place(waiting)), []
        return _sum(written, preparation.put_in_place(waiting))


class _Preparation:
    """Where scores are made ready."""

    def __init__(self, at: datetime) -> None:
        self._at, self._rule = at, rule(at)
        self._leads = Stage(Lead, ("id", *Lead.SCORED))
        self._scores = Stage(Score, EXPLANATION)
        self._refolded = Stage(Lead, ("id",), "refolded")
        self._states = Stage(SignalState, ("lead", "kind", *SignalState.FIELDS))
        self._stages = (self._leads, self._scores, self._refolded, self._states)

    def standing(self) -> ExitStack:
        """The tables that this takes, for a while."""
        with ExitStack() as stack:
            for stage in self._stages:
                stack.enter_context(stage.standing())
            stack.enter_context(with_room())
            return stack.pop_all()

    def prepare(self, some: Mapping[int, Mapping[str, KindState]]) -> list[int]:
        """Score leads by what was folded of them; returns those that are there."""
        facts = facts_by_lead(list(some))
        scores = {lead: self._rule.scorer.score(facts[lead], some[lead], self._at) for lead in facts}
        figures = attrgetter(*Lead.SCORED)
        self._leads.put((lead, *figures(scored)) for lead, scored in scores.items())
        self._scores.put(self._explained(lead, scored) for lead, scored in scores.items())
        keep_segments(facts)
        self._refold(list(facts), some)
        return list(facts)

    def _explained(self, lead_id: int, scored: Scored) -> tuple[object, ...]:
        parts = [part.as_json() for part in scored.parts]
        return lead_id, self._rule.version, self._at, _text(parts), _text(scored.missing)

    def _refold(self, lead_ids: list[int], some: Mapping[int, Mapping[str, KindState]]) -> None:
        """Make the states ready that are not on record as they should be."""
        on_record, at = states_of(lead_ids), self._at.timestamp()
        refolded = [lead for lead in lead_ids if not _alike(on_record[lead], some[lead], at)]
        rows = (SignalState.of(lead, kind, state) for lead in refolded for kind, state in some[lead].items())
        self._refolded.put((lead,) for lead in refolded)
        self._states.put((row.lead_id, row.kind, *_state_of(row), _text(row.days)) for row in rows)

    def put_in_place(self, lead_ids: Collection[int]) -> Written:
        """Put in place what is ready of these leads, and of no others, in one transaction; then promote who crosses.

        Each promotion is a decision of its own, which takes longer than all scores together: in the same transaction
        a rule that lets in many would hold up everybody who writes. Whom a crash leaves behind the next sweep finds.
        """
        if not lead_ids:
            return Written()
        scored, crossing = in_transaction(partial(self._switch, lead_ids))
        return Written(scored, sum(in_transaction(partial(self._promote, some)) for some in batched(crossing, CHUNK)))

    def _switch(self, lead_ids: Collection[int]) -> tuple[int, list[int]]:
        """How many were scored, and which leads may cross now."""
        overtaken = self._overtaken(lead_ids)
        for stage in self._stages:
            stage.withdraw(overtaken)
        SignalState.objects.filter(lead__in=self._refolded.keys()).delete()
        self._states.add()
        self._leads.update()
        self._scores.upsert()
        may = Lead.objects.filter(may_cross(self._rule), pk__in=self._leads.keys())
        crossing = sorted(may.values_list("pk", flat=True))
        for stage in self._stages:
            stage.empty()
        return len(lead_ids) - len(overtaken), crossing

    def _overtaken(self, lead_ids: Collection[int]) -> list[int]:
        """Of these leads, which are locked, those of which the database knows something newer or that are gone."""
        held = Lead.objects.select_for_update(no_key=True).filter(pk__in=self._leads.keys()).order_by("pk")
        gone = set(lead_ids).difference(held.values_list("pk", flat=True))
        newer = Score.objects.filter(lead__in=self._scores.keys(), as_of__gt=self._at)
        # Few wait at any time, so they are looked at rather than the signals of every lead.
        waiting = PendingSignal.objects.filter(at__lte=self._at, signal__identity__person__lead__isnull=False)
        overtaken = set(newer.values_list("pk", flat=True))
        overtaken.update(waiting.values_list("signal__identity__person__lead", flat=True))
        return sorted(gone | overtaken.intersection(lead_ids))

    def _promote(self, lead_ids: Sequence[int]) -> int:
        lock(lead_ids)  # somebody may have decided since
        leads = Lead.objects.select_related("person", "company").filter(may_cross(self._rule), pk__in=lead_ids)
        return len(promote_all(list(leads.order_by("pk")), self._rule, self._at))


_state_of = attrgetter(*SignalState.NUMBERS)


def _text(value: object) -> str:
    """JSON as text: what scores say is most of what is written, and Django's own encoder takes longer than scoring."""
    return msgspec.json.encode(value).decode()


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


def _sum(one: Written, other: Written) -> Written:
    return Written(one.scored + other.scored, one.promoted + other.promoted)
