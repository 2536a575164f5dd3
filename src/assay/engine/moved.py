"""Whom one rule sends to the gate and another does not, as of one time."""

from datetime import datetime

import narwhals as nw
import pyarrow as pa
from sqlglot import exp

from assay.domain.ladder import GATE, Rung
from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.fold import tallies
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import leads_of, signals_of, small
from assay.engine.lake.store import Store
from assay.engine.scoring import score_leads
from assay.engine.statements import query

UP_TO_THE_GATE = (Rung.LEAD.value, *sorted(rung.value for rung in GATE))

CROSSING = """
    SELECT l.lead, l.rung, a.ready AS up, b.total AS before, a.total AS after
    FROM leads AS l JOIN scored_before AS b ON l.lead = b.lead JOIN scored_after AS a ON l.lead = a.lead
    WHERE a.ready <> b.ready AND :here ORDER BY a.total DESC, l.lead
"""


def moved(backend: Backend, store: Store, manifest: Manifest, before: Policy, after: Policy, now: datetime) -> pa.Table:
    """The leads up to the gate that cross, best first by the newer rule.

    ``lead``, its ``rung``, whether it goes ``up``, and fit and intent together ``before`` and ``after``.
    """
    crossing = query(CROSSING, here=exp.column("rung", "l").isin(*UP_TO_THE_GATE))
    tables = {
        "leads": small(backend, store, manifest, "leads"),
        "scored_before": _scored(backend, store, manifest, before, now),
        "scored_after": _scored(backend, store, manifest, after, now),
    }
    return backend.fetch(backend.run(crossing, **tables))


def _scored(backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime) -> Native:
    """Every lead with its total, and whether the policy would send it to the gate: by the score or by the product."""
    leads = backend.keep(leads_of(backend, store, manifest, policy))
    folded = backend.run(tallies(policy, now), signals=signals_of(backend, store, manifest))
    scores = score_leads(backend, policy, leads, folded, [])
    ready = (nw.col("rung") != Rung.LEAD.value).alias("ready")
    return backend.keep(nw.to_native(scores.select("lead", "total", ready)))
