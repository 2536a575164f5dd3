"""Facts as they were: what was corrected or filled in since is put back, and each state of them judged by the draft."""

import narwhals as nw
from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.backtest.period import Period
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import leads_of, small
from assay.engine.lake.store import Store
from assay.engine.rule import judge_fit
from assay.engine.scoring import with_verdicts
from assay.engine.statements import query, term

EDITS = """
    SELECT e.lead, :at AS at, e.field, e.before FROM edits AS e JOIN leads AS l ON e.lead = l.lead
    WHERE :asked AND :at > :opens
"""
SINCE = """
    SELECT e.lead, e.at AS since FROM edits AS e WHERE e.at < :end
    UNION SELECT e.lead, :opens AS since FROM edits AS e
"""
SPANS = """
    SELECT s.lead, s.since, COALESCE(LEAD(s.since) OVER (PARTITION BY s.lead ORDER BY s.since), :end) AS until
    FROM since AS s
"""
REWOUND = "SELECT s.lead, s.since, s.until FROM spans AS s JOIN edits AS e ON s.lead = e.lead AND e.at > s.since"
WAS = "MIN(CASE WHEN e.field = :field THEN {'at': e.at, 'before': e.before} END)"
"""The first correction since tells what a fact said until then."""
PUT_BACK = """
    SELECT s.lead, s.since, s.until
    FROM spans AS s JOIN leads AS l ON s.lead = l.lead
    LEFT JOIN rewound AS r ON s.lead = r.lead AND s.since = r.since
"""
AS_TODAY = """
    SELECT l.lead, :opens AS since, :end AS until FROM leads AS l WHERE NOT l.lead IN (SELECT e.lead FROM edits AS e)
"""


def known(backend: Backend, store: Store, manifest: Manifest, period: Period) -> tuple[Native, Native]:
    """Every lead in each state of its facts that the draft's fit is enough in, ``since`` a time and ``until`` another.

    Beside it, the changes that were put back: ``lead``, ``at``, ``field``, ``before``.
    """
    policy = period.policy
    leads = backend.keep(leads_of(backend, store, manifest, policy))
    edits = backend.keep(_edits(backend, small(backend, store, manifest, "edits"), leads, period))
    states = backend.keep(_states(backend, leads, edits, period))
    frame = nw.from_native(with_verdicts(backend, policy, states, ["since", "until"]))
    enough = judge_fit(frame, policy).filter(nw.col("fits"))
    kept = enough.select("lead", "since", "until", "fit", "fits", "insufficient_data")
    return backend.keep(nw.to_native(kept)), edits


def _edits(backend: Backend, edits: Native, leads: Native, period: Period) -> Native:
    """The changes since the replay began of what the draft asks for."""
    at = backend.micros(exp.column("at", "e"))
    asked = exp.column("field", "e").isin(*_asked(period.policy))
    return backend.run(query(EDITS, at=at, asked=asked, opens=period.opens), edits=edits, leads=leads)


def _states(backend: Backend, leads: Native, edits: Native, period: Period) -> Native:
    """The leads with their facts as they were, a row for each state; those that never changed have one."""
    ends = {"opens": period.opens, "end": period.end}
    since = backend.run(query(SINCE, **ends), edits=edits)
    spans = backend.keep(backend.run(query(SPANS, end=period.end), since=since))
    rewound, put_back, as_today = query(REWOUND).group_by("1, 2, 3"), query(PUT_BACK), query(AS_TODAY, **ends)
    for number, field in enumerate(_asked(period.policy)):
        now, was = exp.column(field, "l", quoted=True), exp.column(f"was_{number}", "r")
        rewound = rewound.select(exp.alias_(term(WAS, field=exp.Literal.string(field)), f"was_{number}"))
        then = exp.Case().when(was.is_(exp.null()), now).else_(term(f"r.was_{number}.before"))
        put_back = put_back.select(exp.alias_(then, field, quoted=True))
        as_today = as_today.select(exp.alias_(now.copy(), field, quoted=True))
    tables = {"leads": leads, "spans": spans}
    rows = backend.run(put_back, rewound=backend.run(rewound, spans=spans, edits=edits), **tables)
    others = backend.run(as_today, leads=leads, edits=edits)
    return backend.run(
        query("SELECT * FROM rows_then UNION ALL SELECT * FROM rows_now"), rows_then=rows, rows_now=others
    )


def _asked(policy: Policy) -> list[str]:
    return list(dict.fromkeys(criterion.field for criterion in policy.fit.criteria))
