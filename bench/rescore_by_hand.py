"""The scores of the shipped policy as somebody would write them for it alone, in SQL and in pandas."""

from datetime import datetime

import pandas as pd

from assay.domain.policy import Policy
from assay.engine.days import DAY, micros
from assay.engine.duck import duck
from assay.engine.lake.reading import small, table
from assay.engine.lake.store import Store

FOLDED = """
    CREATE VIEW folded AS
    SELECT i.lead, s.kind, SUM(EXP(k.rate * (s."at" - {now}))) AS weight, MAX(s."at") AS last,
           BIT_OR(CASE WHEN s."at" >= {now} - 30 * {day} THEN 1::BIGINT << ((s."at" - {now}) // {day} + 31)::INT
                  ELSE 0 END) AS days
    FROM signals AS s JOIN identities AS i ON s.identity = i.identity JOIN kinds AS k ON k.kind = s.kind
    WHERE s."at" <= {now} AND NOT s.bot GROUP BY i.lead, s.kind
"""
INTENT = """
    CREATE VIEW intent AS
    SELECT lead, {parts},
           COUNT(*) FILTER (WHERE k.points > 0 AND f.days <> 0) AS kinds,
           BIT_COUNT(BIT_OR(CASE WHEN k.points > 0 THEN f.days ELSE 0 END)) AS active,
           BOOL_OR(k.raised AND f.days <> 0) AS raised, BOOL_OR(k.milestone) AS milestone,
           MAX(CASE WHEN k.hot THEN f.last END) AS hot, MAX(CASE WHEN k.points > 0 THEN f.last END) AS warm
    FROM folded AS f JOIN kinds AS k ON k.kind = f.kind GROUP BY lead
"""
PART = """
    SUM(CASE WHEN f.kind = '{name}' THEN {limit}({cap}, f.weight * {points}) END) AS "{name}"
"""
FIT = """
    CREATE VIEW fit AS SELECT lead,
           CASE WHEN TRY_CAST(facts['company.employees'] AS DOUBLE) BETWEEN 10 AND 1000 THEN 25 ELSE 0 END AS size,
           CASE WHEN REGEXP_MATCHES(LOWER(facts['person.title']),
                '\\b(owner|founder|ceo|cfo|coo|cto|cmo|cio|president|partner|vp|head|director)\\b') THEN 25 ELSE 0 END
                AS decides,
           CASE WHEN LOWER(TRIM(facts['company.industry'])) IN
                ('professional services', 'software', 'manufacturing', 'financial services', 'logistics', 'healthcare')
                THEN 20 ELSE 0 END AS industry,
           CASE WHEN TRY_CAST(facts['company.budget'] AS DOUBLE) >= 10000 THEN 15 ELSE 0 END AS budget,
           CASE WHEN facts['company.country'] IN
                ('FR','DE','GB','US','NL','BE','CH','AT','ES','IT','IE','SE','DK','PT') THEN 15 ELSE 0 END AS country,
           CASE WHEN facts['person.email_kind'] IN ('free', 'disposable') THEN -20 ELSE 0 END AS mailbox,
           CASE WHEN REGEXP_MATCHES(LOWER(facts['person.title']), '\\b(student|intern|trainee)\\b')
                THEN -40 ELSE 0 END AS student
    FROM leads
"""
SCORES = """
    SELECT *, ROUND(fit, 6) >= 50 AND intent >= 25 AND pattern AND ROUND(fit + intent, 6) >= 100 AS mql FROM (
        SELECT *, CASE WHEN pattern THEN free ELSE LEAST(20, free) END AS intent FROM (
            SELECT fit.*, intent.* EXCLUDE (lead),
                   CASE WHEN country = 0 THEN 0 ELSE GREATEST(0, LEAST(100,
                        size + decides + industry + budget + country + mailbox + student)) END AS fit,
                   GREATEST(0, LEAST(100, {sum})) AS free,
                   COALESCE(kinds, 0) >= 2 OR COALESCE(active, 0) >= 3 OR COALESCE(raised, FALSE) AS pattern,
                   CASE WHEN hot >= {now} - 7 * {day} THEN 'hot' WHEN warm >= {now} - 30 * {day} THEN 'warm'
                        ELSE 'cold' END AS temperature
            FROM fit LEFT JOIN intent ON fit.lead = intent.lead))
"""


def by_sql(store: Store, policy: Policy, now: datetime, out: str) -> int:
    """By DuckDB."""
    kinds, at = policy.intent.signals, {"now": micros(now), "day": DAY}
    parts = (
        PART.format(
            name=name, points=kind.points, limit="LEAST" if kind.points > 0 else "GREATEST",
            cap=kind.cap if kind.points > 0 else -kind.cap,
        )
        for name, kind in kinds.items()
    )  # fmt: skip
    with duck(policy.timezone) as backend:
        manifest, run = store.manifest(), backend.connection.execute
        table(backend, store, manifest.log("signals").files).create_view("signals")
        for name in ("leads", "identities"):
            small(backend, store, manifest, name).create_view(name)
        known = _kinds(policy)
        backend.connection.register("kinds", known)
        run(FOLDED.format(**at))
        run(INTENT.format(parts=", ".join(parts)))
        run(FIT)
        total = " + ".join(f'COALESCE("{name}", 0)' for name in kinds)
        scores = backend.connection.sql(SCORES.format(sum=total, **at))
        scores.write_parquet(out, compression="snappy")
        return len(backend.read(out))


def by_pandas(store: Store, policy: Policy, now: datetime, out: str) -> int:
    """By pandas: the fold and the parts of intent, which is nearly all of it."""
    manifest, at = store.manifest(), micros(now)
    columns = ["identity", "kind", "at", "bot"]
    files = (pd.read_parquet(store.path(file.path), columns=columns) for file in manifest.log("signals").files)
    signals = pd.concat(files, ignore_index=True)
    signals = signals[~signals.bot & (signals["at"] <= at)]
    signals = signals.merge(pd.read_parquet(store.path(manifest.tables["identities"].path)), on="identity")
    signals = signals.merge(_kinds(policy), on="kind")
    signals["weight"] = 2.718281828459045 ** (signals.rate * (signals["at"] - at))
    signals["day"] = (signals["at"] // DAY).where(signals["at"] >= at - 30 * DAY)
    folded = signals.groupby(["lead", "kind"]).agg(
        weight=("weight", "sum"), last=("at", "max"), points=("points", "first"), cap=("cap", "first")
    )
    days = signals.groupby("lead").day.nunique()
    part = (folded.weight * folded.points).clip(-folded.cap, folded.cap)
    scores = part.unstack("kind")
    scores["intent"] = scores.sum(axis=1).clip(0, 100)
    scores["days"], scores["last"] = days, folded["last"].groupby("lead").max()
    scores.to_parquet(out, compression="snappy")
    return len(scores)


def _kinds(policy: Policy) -> pd.DataFrame:
    rows = [
        (name, 0.6931471805599453 / (kind.half_life_days * DAY), kind.points, kind.cap, kind.hot, kind.hand_raise,
         kind.milestone)
        for name, kind in policy.intent.signals.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["kind", "rate", "points", "cap", "hot", "raised", "milestone"])
