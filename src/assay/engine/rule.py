"""The policy over a table, row by row: intent with its parts, pattern, temperature, the MQL rule and the grid cell."""

from collections.abc import Sequence

import narwhals as nw

from assay.domain.ladder import Rung
from assay.domain.policy import Policy
from assay.engine.fit import Frame, clamped, total, with_fit

SCORED = (
    *("fit", "coverage", "insufficient_data", "missing", "intent", "total", "pattern", "temperature"),
    *("milestone", "fits", "mql", "grid", "rung"),
)
"""The columns of every table of scores, before its parts."""


def judge(frame: Frame, policy: Policy) -> Frame:
    """Leads with their summaries and verdicts -> the columns of SCORED and every part under its name."""
    return judge_intent(judge_fit(frame, policy), policy)


def judge_fit(frame: Frame, policy: Policy) -> Frame:
    """Leads with their verdicts -> fit with its parts, and whether it is enough."""
    frame = with_fit(frame, policy.fit)
    frame = frame.with_columns((_rounded("coverage") < policy.fit.min_coverage).alias("insufficient_data"))
    return frame.with_columns(
        ((_rounded("fit") >= policy.fit.floor) & ~nw.col("insufficient_data")).alias("fits"),
    )


def judge_intent(frame: Frame, policy: Policy) -> Frame:
    """Leads with their summaries, and ``fit`` and ``fits`` as `judge_fit` adds them -> all the rest."""
    frame = _with_intent(frame, policy)
    frame = frame.with_columns((nw.col("fit") + nw.col("intent")).round(6).alias("total"))
    wants = (_rounded("intent") >= policy.intent.floor) & nw.col("pattern")
    return frame.with_columns(
        (nw.col("fits") & wants & (nw.col("total") >= policy.mql.threshold)).alias("mql"),
        _grid(policy).alias("grid"),
    ).with_columns(_rung().alias("rung"))


def parts_of(policy: Policy) -> dict[str, str]:
    """Every part's column as it is counted -> its name: ``fit: Company size``, ``intent: pricing_view``."""
    criteria = {f"fit_{number}": f"fit: {criterion.name}" for number, criterion in enumerate(policy.fit.criteria)}
    kinds = {f"intent_{number}": f"intent: {kind}" for number, kind in enumerate(policy.intent.signals)}
    limits = {f"{axis}_{limit}": f"{axis} {limit}" for axis, limit in LIMITS}
    return criteria | kinds | limits


LIMITS = (("fit", "knockout"), ("fit", "limit"), ("intent", "limit"), ("intent", "lone_cap"))
"""What limits took away, so that the parts add up to the score."""


def _with_intent(frame: Frame, policy: Policy) -> Frame:
    """Add intent, pattern, temperature, milestone and the parts ``intent_0`` ... (null: no such signal) and limits."""
    intent, wanted = policy.intent, policy.intent.pattern
    kinds = list(enumerate(intent.signals.values()))
    frame = frame.with_columns(
        *(_contribution(number, kind.points, kind.cap).alias(f"intent_{number}") for number, kind in kinds),
        (
            (nw.col("kinds").fill_null(0) >= wanted.kinds)
            | (nw.col("days").fill_null(0) >= wanted.days)
            | nw.col("hand_raise").fill_null(False)
        ).alias("pattern"),
        nw.col("milestone").fill_null(False),
        _temperature().alias("temperature"),
    )
    raw = total([nw.col(f"intent_{number}").fill_null(0.0) for number, _ in kinds])
    frame = frame.with_columns(raw.alias("raw_intent"))
    frame = frame.with_columns(clamped(nw.col("raw_intent")).alias("free_intent"))
    held = nw.min_horizontal(nw.lit(float(intent.lone_cap)), nw.col("free_intent"))
    frame = frame.with_columns(nw.when("pattern").then(nw.col("free_intent")).otherwise(held).alias("intent"))
    return frame.with_columns(
        (nw.col("free_intent") - nw.col("raw_intent")).alias("intent_limit"),
        (nw.col("intent") - nw.col("free_intent")).alias("intent_lone_cap"),
    )


def _contribution(number: int, points: float, cap: float) -> nw.Expr:
    """What a kind adds, at most its cap; null without a signal: of null and a cap, engines take the cap."""
    weight = nw.col(f"weight_{number}")
    decayed = weight.fill_null(0.0) * points
    if points >= 0:
        held = nw.min_horizontal(nw.lit(float(cap)), decayed)
    else:
        held = nw.max_horizontal(nw.lit(float(-cap)), decayed)
    return nw.when(weight.is_null()).then(nw.lit(None, nw.Float64)).otherwise(held)


def _temperature() -> nw.Expr:
    warm = nw.when(nw.col("warm")).then(nw.lit("warm")).otherwise(nw.lit("cold"))
    return nw.when(nw.col("hot")).then(nw.lit("hot")).otherwise(warm)


def _grid(policy: Policy) -> nw.Expr:
    fit, intent = policy.fit.bands, policy.intent.bands
    row = _band("fit", [("A", fit.A), ("B", fit.B), ("C", fit.C)], "D")
    return nw.concat_str(row, _band("intent", [("1", intent.one), ("2", intent.two), ("3", intent.three)], "4"))


def _band(axis: str, bands: Sequence[tuple[str, float]], lowest: str) -> nw.Expr:
    found = nw.lit(lowest)
    for name, least in reversed(bands):
        found = nw.when(_rounded(axis) >= least).then(nw.lit(name)).otherwise(found)
    return found


def _rung() -> nw.Expr:
    by_score = nw.when(nw.col("mql")).then(nw.lit(str(Rung.MQL))).otherwise(nw.lit(str(Rung.LEAD)))
    return nw.when(nw.col("milestone") & nw.col("fits")).then(nw.lit(str(Rung.PQL))).otherwise(by_score)


def _rounded(column: str) -> nw.Expr:
    """As `domain.score.rounded`: every engine decides alike."""
    return nw.col(column).round(6)
