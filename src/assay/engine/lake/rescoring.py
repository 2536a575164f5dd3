"""Every lead scored anew from the lake, and the folded signals of those whose score is not as it was."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from math import exp2, isfinite
from operator import itemgetter
from typing import Any, TypeAlias

import narwhals as nw
import pyarrow as pa

from assay.domain.intent import KindState
from assay.domain.policy import Policy
from assay.engine.backend import Backend
from assay.engine.days import DAY, SECOND, window
from assay.engine.fit import Frame
from assay.engine.fold import united, words_of_days
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import leads_of, small
from assay.engine.lake.states import kept_now, kept_of, states_of
from assay.engine.lake.store import Store
from assay.engine.lake.tallies import tallies_of
from assay.engine.marks import BITS
from assay.engine.scoring import score_leads
from assay.engine.statements import query

LEAST = 5e-7
"""Scores compare at six decimals: what is nearer than this is the same."""
NUMBERS = ("fit", "coverage", "intent")
SAME = ("insufficient_data", "pattern", "temperature", "milestone", "fits", "mql", "grid")
EPOCH_ORDINAL = 719_163
"""The ordinal of 1 January 1970."""

THEIRS = """
    SELECT c.lead, s.kind, s.weight, s.count, s.first, s.last
    FROM part AS c LEFT JOIN states AS s ON s.lead = c.lead ORDER BY 1
"""
IN_ORDER = "SELECT c.lead FROM changed AS c ORDER BY 1"
PART = "SELECT c.lead FROM changed AS c WHERE c.lead BETWEEN :first AND :last"
NAMES = "SELECT i.identity, i.lead FROM identities AS i JOIN part AS c ON i.lead = c.lead"
AT_ONCE = 200_000
"""Leads whose states are brought together at once: those of all are more than memory should hold."""
Row: TypeAlias = tuple[Any, ...]
"""Its columns, then the words of active days."""

Folded = tuple[int, dict[str, KindState]]
"""A lead and its signals, folded by kind."""


def changed(
    backend: Backend, store: Store, manifest: Manifest, policy: Policy, version: int, now: datetime
) -> Iterator[Folded]:
    """The leads whose score at ``now`` under a policy version differs from the one on record, with their states.

    A score differs in its figures or in any part; what was scored under another version differs. By rising lead; the
    lake and the backend are asked as long as they come.
    """
    leads = backend.keep(leads_of(backend, store, manifest, policy))
    asked = backend, store, manifest, policy, now
    kept = kept_of(*asked) or kept_now(*asked)
    scores = score_leads(backend, policy, leads, tallies_of(*asked, kept), [])
    on_record = nw.from_native(small(backend, store, manifest, "leads"))
    differing = backend.keep(nw.to_native(_differing(on_record, scores, policy, version)))
    leads_to_write = backend.fetch(backend.run(query(IN_ORDER), changed=differing))["lead"]
    read = _states(policy, now)
    for start in range(0, len(leads_to_write), AT_ONCE):
        some = leads_to_write.slice(start, AT_ONCE)
        bounds = {"first": some[0].as_py(), "last": some[-1].as_py()}
        part = backend.run(query(PART, **bounds), changed=differing)
        names = backend.run(query(NAMES), identities=small(backend, store, manifest, "identities"), part=part)
        once = backend.run(united(policy), states=states_of(*asked, kept, names))
        days = (f"s.days_{word}" for word in words_of_days(policy))
        theirs = backend.run(query(THEIRS).select(*days), states=once, part=part)
        rows = (row for batch in backend.batches(theirs) for row in zip(*map(pa.Array.to_pylist, batch), strict=True))
        for lead, of_one in groupby(rows, itemgetter(0)):
            yield lead, read(row for row in of_one if row[1] is not None)


def _differing(leads: Frame, scores: Frame, policy: Policy, version: int) -> Frame:
    """The leads to write, by ``lead``."""
    was = leads.select("lead", "policy", *(nw.col(name).alias(f"was_{name}") for name in (*NUMBERS, *SAME)))
    living = [nw.col(f"intent_{number}").fill_null(0.0).abs() >= LEAST for number in range(len(policy.intent.signals))]
    differs = nw.any_horizontal(
        (nw.col("policy") != version).fill_null(True),
        *((nw.col(name) - nw.col(f"was_{name}")).abs() >= LEAST for name in NUMBERS),
        *(nw.col(name) != nw.col(f"was_{name}") for name in SAME),
        *living,
        ignore_nulls=True,
    )
    return scores.join(was, on="lead", how="left").filter(differs).select("lead")


def _states(policy: Policy, now: datetime) -> Callable[[Iterable[Row]], dict[str, KindState]]:
    """What turns the rows of one lead into its states by kind."""
    kinds = list(policy.intent.signals.items())
    end = window(policy.zone, now, policy.intent.pattern.within_days).end // DAY - 1 + EPOCH_ORDINAL

    def state(row: Row) -> KindState:
        _, kind, weight, count, first, last, *words = row
        half_life, at = kinds[kind][1].half_life_days, last / SECOND
        weight = _back(weight, (now.timestamp() - at) * SECOND / (half_life * DAY), count)
        days = {end - BITS * number - day for number, word in enumerate(words) for day in _set_bits(word)}
        return KindState(half_life, weight, at, count, first / SECOND, at, days)

    return lambda rows: {kinds[row[1]][0]: state(row) for row in rows}


def _set_bits(word: int) -> Iterator[int]:
    """Which bits are set: few of many."""
    while word:
        lowest = word & -word
        yield lowest.bit_length() - 1
        word ^= lowest


def _back(weight: float, half_lives: float, count: int) -> float:
    """A decayed number of signals as it stood when the last of them came: at least one, at most all."""
    before = weight * exp2(half_lives) if half_lives < 1000 else 1.0
    return min(float(count), max(1.0, before)) if isfinite(before) else 1.0
