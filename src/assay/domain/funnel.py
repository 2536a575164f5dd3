"""The funnel: how many came past each step, what share went on to the next, and where it leaks most."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

from assay.domain.errors import BadInput
from assay.domain.ladder import Rung

STEPS = ("visitor", "lead", "mql", "sal", "sql", "opportunity", "won")

REACHED: Mapping[Rung, tuple[str, ...]] = {
    Rung.LEAD: STEPS[1:2],
    Rung.MQL: STEPS[1:3],
    Rung.PQL: STEPS[1:3],
    Rung.SAL: STEPS[1:4],
    Rung.SQL: STEPS[1:5],
    Rung.OPPORTUNITY: STEPS[1:6],
    Rung.LOST: STEPS[1:6],
    Rung.WON: STEPS[1:7],
    Rung.DISQUALIFIED: (),
}
"""The steps a lead has passed when it stands on a rung, skipped ones included. Visitors are nobody yet."""

FEW = 30
"""With fewer trials than this a conversion is marked *few*."""

TAIL = 0.1
"""What the credible interval leaves out on each side: 80 % lie within."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The share of one step that reached the next, such as ``mql_to_sql``.

    ``rate`` is None without trials. ``low`` and ``high`` bound it with 80 % probability; they are None when
    more went on than came, as can happen by flow, because that is no share.
    """

    step: str
    trials: int
    successes: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool

    @property
    def into(self) -> str:
        """The step it leads to."""
        return self.step.partition("_to_")[2]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts by step in order, the conversions between them, and the conversion that leaks most."""

    steps: Mapping[str, int]
    conversions: tuple[Conversion, ...]
    leakiest: str | None

    def as_json(self) -> dict[str, object]:
        """The funnel as programs get it; each step carries the conversion that leads into it."""
        return {
            "steps": [self._step_as_json(name, count) for name, count in self.steps.items()],
            "conversions": [asdict(conversion) for conversion in self.conversions],
            "leakiest": self.leakiest,
        }

    def _step_as_json(self, name: str, count: int) -> dict[str, object]:
        into = next((conversion for conversion in self.conversions if conversion.into == name), None)
        return {
            "name": name,
            "count": count,
            "conversion": into.rate if into else None,
            "low": into.low if into else None,
            "high": into.high if into else None,
            "few": into.few if into else False,
        }


def funnel(counts: Mapping[str, int], *, accept_is_sql: bool) -> Funnel:
    """The funnel of these counts by step; a step not named counts zero.

    With ``accept_is_sql`` the handoff is one conversion, ``mql_to_sql``, and sal is only listed.
    Raises BadInput for a step that does not exist or a count below zero.
    """
    for step, count in counts.items():
        if step not in STEPS:
            raise BadInput("unknown_step", f'The funnel has no step "{step}".', f"Its steps are {', '.join(STEPS)}.")
        if count < 0:
            raise BadInput("bad_count", f"{count} {step} cannot be.", "Give a count of zero or more.")
    steps = {step: counts.get(step, 0) for step in STEPS}
    ladder = chain(accept_is_sql=accept_is_sql)
    conversions = tuple(conversion(f"{a}_to_{b}", steps[a], steps[b]) for a, b in pairwise(ladder))
    return Funnel(steps, conversions, _leakiest(conversions[1:]))


def chain(*, accept_is_sql: bool) -> tuple[str, ...]:
    """The steps that conversions lead from and to: without sal where to accept is to qualify."""
    return tuple(step for step in STEPS if not (accept_is_sql and step == "sal"))


def conversion(step: str, trials: int, successes: int) -> Conversion:
    """One conversion from its counts; the interval is that of a Beta(1, 1) prior."""
    rate = successes / trials if trials else None
    low, high = credible_interval(trials, successes) if successes <= trials else (None, None)
    return Conversion(step, trials, successes, rate, low, high, trials < FEW)


def credible_interval(trials: int, successes: int) -> tuple[float, float]:
    """The central 80 % of Beta(1 + successes, 1 + failures), for at most as many successes as trials."""
    from scipy.special import betaincinv  # here, because it takes longer to load than everything else of ours

    low, high = betaincinv(1 + successes, 1 + trials - successes, (TAIL, 1 - TAIL))
    return float(low), float(high)


def _leakiest(conversions: tuple[Conversion, ...]) -> str | None:
    """The lowest conversion; of equals the earlier. Visitor to lead is not among them: that is traffic."""
    tried = [(conversion.rate, conversion.step) for conversion in conversions if conversion.rate is not None]
    return min(tried, key=lambda rate_and_step: rate_and_step[0])[1] if tried else None
