"""What really happened: each time that a lead stood before the gate, whether it was sent there, and how that ended."""

from datetime import date

import pyarrow as pa
from sqlglot import exp

from assay.domain.ladder import GATE, LADDER, Rung
from assay.domain.outcomes import ENDS
from assay.engine.backend import Backend, Native
from assay.engine.backtest.period import Period
from assay.engine.days import DAY, micros
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import small, table
from assay.engine.lake.store import Store
from assay.engine.statements import query

RAW = Rung.LEAD.value
RESTS = sorted({row.name for row in LADDER if row.rests})

TOLD = """
    SELECT d.id, d.lead, d.move, d.from_rung, d.to_rung, d.at, r.exploration, r.rests_until,
           CAST(SUM(CASE WHEN d.to_rung = :raw THEN 1 ELSE 0 END) OVER (
               PARTITION BY d.lead ORDER BY d.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
           ) AS BIGINT) - CASE WHEN d.to_rung = :raw THEN 1 ELSE 0 END AS chance
    FROM decisions AS d LEFT JOIN remarks AS r ON d.id = r.decision
    WHERE d.at <= :now
"""
BEGAN = """
    SELECT t.lead, t.chance + 1 AS chance, t.at AS since,
           CASE WHEN :rests THEN COALESCE(t.rests_until, t.at + :cool_off) ELSE t.at END AS rested
    FROM told AS t WHERE t.to_rung = :raw
"""
FOUND = """
    SELECT l.lead, CAST(1 AS BIGINT) AS chance, :captured AS since, :captured AS rested
    FROM leads AS l WHERE NOT l.lead IN (SELECT b.lead FROM began AS b)
"""
WENT = """
    SELECT t.lead, t.chance,
           MIN(CASE WHEN t.from_rung = :raw AND :gated THEN t.at END) AS promoted,
           MIN(CASE WHEN t.from_rung = :raw AND :gated THEN t.exploration END) AS exploration,
           MIN(CASE WHEN :leaving THEN {'id': t.id, 'at': t.at, 'move': t.move} END) AS verdict,
           MIN(CASE WHEN :beyond AND :over THEN {'id': t.id, 'at': t.at, 'move': t.move} END) AS ending,
           MIN(CASE WHEN t.from_rung = :raw AND NOT :gated AND t.to_rung <> :raw THEN t.at END) AS left_at
    FROM told AS t GROUP BY t.lead, t.chance
"""
CHANCES = """
    SELECT b.lead, b.chance, w.promoted, w.exploration, w.verdict.move AS verdict, w.verdict.at AS decided,
           w.ending.move AS ending, GREATEST(b.since, b.rested, :opens) AS opens,
           LEAST(COALESCE(w.left_at, w.ending.at, b.next, :end), :end) AS closes
    FROM (
        SELECT a.*, LEAD(a.since) OVER (PARTITION BY a.lead ORDER BY a.chance) AS next FROM every AS a
    ) AS b LEFT JOIN went AS w ON b.lead = w.lead AND b.chance = w.chance
"""
IN_PLAY = """
    SELECT c.* FROM chances AS c
    WHERE COALESCE(c.promoted >= :start, TRUE) AND GREATEST(c.opens, :start) < c.closes
"""


def chances_of(backend: Backend, store: Store, manifest: Manifest, leads: Native, period: Period) -> Native:
    """Each time that a lead could be promoted within the period: it ``opens`` and ``closes``, and what was made of it.

    ``lead`` and ``chance`` name it; ``promoted`` and ``decided`` are times, ``verdict`` and ``ending`` moves, null
    where there was none. A chance begins when a lead comes to the first rung, once it has rested as the draft says, and
    ends where its story does. Those that were promoted before the period are not there.
    """
    told = backend.keep(_told(backend, store, manifest, period))
    place = exp.column("to_rung", "t").isin(*GATE)
    from_gate = exp.column("from_rung", "t").isin(*GATE)
    after = exp.and_(exp.column("from_rung", "t").neq(RAW), exp.not_(from_gate))
    went = query(
        WENT, raw=RAW, gated=exp.paren(place), leaving=exp.and_(from_gate, exp.not_(place)), beyond=exp.paren(after),
        over=exp.column("move", "t").isin(*ENDS),
    )  # fmt: skip
    cool_off = round(period.policy.mql.cool_off_days * DAY)
    began = query(BEGAN, raw=RAW, rests=exp.column("move", "t").isin(*RESTS), cool_off=cool_off)
    captured = backend.micros(exp.column("captured_at", "l"))
    arrived = backend.keep(backend.run(began, told=told))
    unheard = backend.run(query(FOUND, captured=captured), leads=leads, began=arrived)
    every = backend.run(
        query("SELECT * FROM arrived UNION ALL SELECT * FROM unheard"), arrived=arrived, unheard=unheard
    )
    chances = backend.run(
        query(CHANCES, opens=period.opens, end=period.end), every=every, went=backend.run(went, told=told)
    )
    return backend.keep(backend.run(query(IN_PLAY, start=period.start), chances=chances))


def _told(backend: Backend, store: Store, manifest: Manifest, period: Period) -> Native:
    """The ledger up to the period's ``now``, each entry with the number of the lead's chance that it belongs to."""
    remarks = backend.load(_remarks(backend.fetch(small(backend, store, manifest, "remarks")), period))
    files = manifest.log("decisions").files
    decisions = table(backend, store, files) if files else backend.run(query(NO_DECISIONS), remarks=remarks)
    return backend.run(query(TOLD, raw=RAW, now=micros(period.now)), decisions=decisions, remarks=remarks)


NO_DECISIONS = """
    SELECT r.decision AS id, r.decision AS lead, '' AS move, '' AS from_rung, '' AS to_rung, r.decision AS at
    FROM remarks AS r WHERE FALSE
"""


def _remarks(told: pa.Table, period: Period) -> pa.Table:
    """What was said with decisions, the day on which to look again as the time at which it begins."""
    days: list[date | None] = told["look_again"].to_pylist()
    until = pa.array([None if day is None else period.midnight(day) for day in days], pa.int64())
    return told.drop_columns(["look_again"]).append_column("rests_until", until)
