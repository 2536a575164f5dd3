"""Whom a draft would have promoted, and when."""

from dataclasses import dataclass

import narwhals as nw
import pyarrow as pa
from sqlglot import exp

from assay.engine.backend import Backend, Native
from assay.engine.backtest.chances import chances_of
from assay.engine.backtest.known import known
from assay.engine.backtest.near import near
from assay.engine.backtest.period import WARM_UP, Period
from assay.engine.days import DAY
from assay.engine.fold import tallies_then
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import signals_of, small
from assay.engine.lake.store import Store
from assay.engine.rule import judge_intent
from assay.engine.statements import query
from assay.engine.summary import summary

MOST_AT_ONCE = 64
"""Moments of a lead that are scored together, when the earlier ones were not enough."""
MOST_CHANCES = 1 << 16
"""Of one lead: with the moments above, that leaves 41 bits for the leads."""

IN_PLAY = "SELECT DISTINCT c.lead FROM chances AS c JOIN known AS k ON c.lead = k.lead"
SIGNALS = """
    SELECT s.lead, s.kind, s.at, GREATEST(s.at, s.received_at) AS known, k.against
    FROM signals AS s JOIN in_play AS p ON s.lead = p.lead JOIN kinds AS k ON s.kind = k.name
    WHERE NOT s.bot AND GREATEST(s.at, s.received_at) < :end
"""
BEGINNINGS = """
    SELECT c.lead, c.opens AS at FROM chances AS c
    UNION SELECT e.lead, e.at FROM edits AS e WHERE e.at < :end
"""
ASKED = "SELECT b.lead, b.at, :day AS day FROM beginnings AS b JOIN in_play AS p ON b.lead = p.lead"
LIFTING = """
    SELECT n.lead, d.ends - 1 AS at
    FROM near AS n
    JOIN (SELECT s.lead, MIN(s.known) AS known FROM signals AS s WHERE s.against GROUP BY s.lead) AS s
    ON n.lead = s.lead JOIN days AS d ON d.day BETWEEN n.day AND n.upto AND d.ends > s.known
"""
"""Where a sign against buying fades, a score may rise without a signal."""
MOMENTS = """
    SELECT n.lead, s.known AS at FROM near AS n JOIN signals AS s ON n.lead = s.lead AND n.day = :day
    UNION SELECT a.lead, a.at FROM near AS n JOIN asked AS a ON n.lead = a.lead AND n.day = a.day
    UNION SELECT l.lead, l.at FROM lifting AS l
"""
NUMBERED = """
    SELECT ROW_NUMBER() OVER (PARTITION BY c.lead, c.chance ORDER BY m.at) AS turn,
           c.lead AS whose, c.chance, m.at, k.fit, k.fits, k.insufficient_data
    FROM moments AS m
    JOIN chances AS c ON m.lead = c.lead AND m.at >= c.opens AND m.at < c.closes
    JOIN known AS k ON m.lead = k.lead AND m.at >= k.since AND m.at < k.until
"""
TURN = """
    SELECT n.*, (n.whose * :chances + n.chance) * :most + n.turn - :after - 1 AS lead
    FROM numbered AS n LEFT JOIN promoted AS p ON n.whose = p.lead AND n.chance = p.chance
    WHERE p.lead IS NULL AND n.turn > :after AND n.turn <= :upto
"""
"""Each moment is scored as a lead of its own. Its number is made of what it is: engines number rows anew each time."""
THEN = """
    SELECT t.lead, s.kind, s.at, FALSE AS bot, t.at AS now
    FROM turn AS t JOIN signals AS s ON t.whose = s.lead AND s.known <= t.at
"""
CROSSED = "SELECT c.whose AS lead, c.chance, MIN(c.at) AS at FROM crossed AS c GROUP BY c.whose, c.chance"
LEFT = """
    SELECT c.* FROM chances AS c LEFT JOIN promoted AS p ON c.lead = p.lead AND c.chance = p.chance
    WHERE p.lead IS NULL AND c.opens < :ends AND c.closes > :begins
"""
OF_THOSE = "SELECT s.* FROM some AS s WHERE s.lead IN (SELECT c.lead FROM chances AS c)"
NOBODY = pa.table({name: pa.array([], pa.int64()) for name in ("lead", "chance", "at")})
STORIES = """
    SELECT CASE WHEN c.promoted < :end THEN :promoted_on - :warm_up END AS promoted_on,
           :draft_on - :warm_up AS draft_on, c.verdict, c.ending, p.at <= c.decided AS in_time,
           c.exploration, p.at < :start AS before, COUNT(*) AS number
    FROM chances AS c LEFT JOIN promoted AS p ON c.lead = p.lead AND c.chance = p.chance
    WHERE c.promoted < :end OR NOT p.at IS NULL
    GROUP BY ALL
"""
ABOUT = """
    SELECT (SELECT COUNT(DISTINCT c.lead) FROM chances AS c) AS leads,
           (SELECT COUNT(DISTINCT e.lead) FROM edits AS e JOIN chances AS c ON e.lead = c.lead) AS rewound,
           (SELECT COUNT(*) FROM signals AS s WHERE s.known - s.at > :day) AS late
"""


@dataclass(frozen=True, slots=True)
class Replay:
    """Stories of leads at the gate, those alike counted together, and on what they rest.

    ``stories`` has the columns of STORIES: days by number, 0 is the first of the period; ``in_time`` is whether the
    draft would have promoted a lead before it was decided, ``before`` whether before the period. ``about`` counts the
    leads that could be promoted, those of them whose facts were put back, and the signals that came in more than a day
    after they had happened.
    """

    stories: pa.Table
    about: dict[str, int]


def replay(backend: Backend, store: Store, manifest: Manifest, period: Period) -> Replay:
    """Replay the period's policy on the history in a lake.

    A lead is scored whenever the live rule would score it: when a signal comes in, when its facts change, when it has
    rested, and, where a signal that lowers its score fades, at the end of each day.
    """
    leads = small(backend, store, manifest, "leads")
    chances = chances_of(backend, store, manifest, leads, period)
    fitting, edits = known(backend, store, manifest, period)
    in_play = backend.keep(backend.run(query(IN_PLAY), chances=chances, known=fitting))
    signals = backend.keep(_signals(backend, signals_of(backend, store, manifest), in_play, period))
    days = backend.load(_days(period))
    asked = backend.keep(_asked(backend, chances, edits, in_play, period))
    promoted = NOBODY
    for span in period.spans():  # who was promoted in one needs no look at the next
        begins, ends = period.times_of(span)
        before = backend.load(promoted)
        left = backend.keep(backend.run(query(LEFT, begins=begins, ends=ends), chances=chances, promoted=before))
        theirs, questions = (backend.run(query(OF_THOSE), some=some, chances=left) for some in (signals, asked))
        close = near(backend, theirs, questions, fitting, days, period, span)
        lifting = backend.run(query(LIFTING), near=close, signals=theirs, days=days)
        at = query(MOMENTS, day=_day("known", "s", period))
        moments = backend.run(at, near=close, signals=theirs, asked=questions, lifting=lifting)
        numbered = backend.keep(backend.run(query(NUMBERED), moments=moments, chances=left, known=fitting))
        promoted = pa.concat_tables([promoted, _promoted(backend, numbered, theirs, period)])
    tables = {"chances": chances, "edits": edits, "signals": signals}
    [about] = backend.fetch(backend.run(query(ABOUT, day=DAY), **tables)).to_pylist()
    return Replay(backend.fetch(_stories(backend, chances, backend.load(promoted), period)), about)


def _signals(backend: Backend, signals: Native, in_play: Native, period: Period) -> Native:
    """Those of leads in play that count, ``known`` from when they came in; ``against`` are those that lower a score."""
    rows = [(name, kind.points < 0) for name, kind in period.policy.intent.signals.items()]
    kinds = exp.select("*").from_(exp.values(rows, alias="k", columns=["name", "against"]))
    return backend.run(query(SIGNALS, end=period.end).with_("kinds", kinds), signals=signals, in_play=in_play)


def _days(period: Period) -> pa.Table:
    names = ("day", "begins", "ends")
    return pa.table(
        {
            name: pa.array(column, pa.int64())
            for name, column in zip(names, zip(*period.bounds(), strict=True), strict=True)
        }
    )


def _asked(backend: Backend, chances: Native, edits: Native, in_play: Native, period: Period) -> Native:
    """When leads are scored though no signal came in, because something begins."""
    beginnings = backend.run(query(BEGINNINGS, end=period.end), chances=chances, edits=edits)
    return backend.run(query(ASKED, day=_day("at", "b", period)), beginnings=beginnings, in_play=in_play)


def _day(column: str, table: str, period: Period) -> exp.Expr:
    """The number of the day of a time; what was before the period counts on its first day."""
    return exp.func("GREATEST", period.day(exp.column(column, table)), exp.convert(0))


def _promoted(backend: Backend, numbered: Native, signals: Native, period: Period) -> pa.Table:
    """The first moment at which each chance would have been taken: ``lead``, ``chance``, ``at``.

    It comes to this process each time: what an engine is to compute would else grow with each turn.
    """
    promoted, after, size = NOBODY, 0, 1
    while True:
        turn = query(TURN, after=after, upto=after + size, most=MOST_AT_ONCE, chances=MOST_CHANCES)
        batch = backend.keep(backend.run(turn, numbered=numbered, promoted=backend.load(promoted)))
        if not backend.fetch(backend.run(query("SELECT 1 AS one FROM batch LIMIT 1"), batch=batch)).num_rows:
            return promoted
        crossed = backend.run(query(CROSSED), crossed=_crossed(backend, batch, signals, period))
        promoted = pa.concat_tables([promoted, backend.fetch(crossed).cast(NOBODY.schema)])
        after, size = after + size, min(2 * size, MOST_AT_ONCE)


def _crossed(backend: Backend, batch: Native, signals: Native, period: Period) -> Native:
    """The moments at which the draft promotes, by the fold and the rule themselves."""
    policy = period.policy
    then = backend.run(query(THEN), turn=batch, signals=signals)
    summaries = backend.run(summary(policy), tallies=backend.run(tallies_then(policy, period.clock), signals=then))
    frame = nw.from_native(batch).join(nw.from_native(summaries), on="lead", how="left")
    judged = judge_intent(frame, policy)
    return nw.to_native(judged.filter(nw.col("mql") | nw.col("milestone")).select("whose", "chance", "at"))


def _stories(backend: Backend, chances: Native, promoted: Native, period: Period) -> Native:
    on = {
        name: period.day(exp.column(*of))
        for name, of in {"promoted_on": ("promoted", "c"), "draft_on": ("at", "p")}.items()
    }
    stories = query(STORIES, start=period.start, end=period.end, warm_up=WARM_UP, **on)
    return backend.run(stories, chances=chances, promoted=promoted)
