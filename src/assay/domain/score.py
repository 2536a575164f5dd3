"""A whole score: fit and intent with their parts, and whether both cross the agreed threshold."""

from dataclasses import asdict, dataclass
from datetime import datetime

from assay.domain.facts import Facts
from assay.domain.fit import FitRule
from assay.domain.intent import IntentRule, States
from assay.domain.ladder import Rung
from assay.domain.parts import Part
from assay.domain.policy import Policy


def rounded(value: float) -> float:
    """A score as it is compared: 6 decimals, so that every engine decides alike."""
    return round(value, 6)


@dataclass(frozen=True, slots=True)
class Score:
    """A lead's score at one time under one policy. Fit, coverage and intent are 0 to 100."""

    fit: float
    coverage: float
    insufficient_data: bool
    missing: tuple[str, ...]
    intent: float
    pattern: bool
    temperature: str
    milestone: bool
    fits: bool
    """Fit is at or above the floor, and enough of it is known."""
    mql: bool
    grid: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """Fit and intent together, as the MQL threshold compares them."""
        return rounded(self.fit + self.intent)

    @property
    def rung(self) -> Rung:
        """The rung that the rule gives a lead with this score: by the product first, as that says more."""
        if self.milestone and self.fits:
            return Rung.PQL
        return Rung.MQL if self.mql else Rung.LEAD

    def as_json(self) -> dict[str, object]:
        """The score as programs and the ledger get it."""
        return asdict(self) | {"missing": list(self.missing), "parts": [part.as_json() for part in self.parts]}


class Scorer:
    """A policy ready to score many leads."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.fit = FitRule(policy.fit)
        self.intent = IntentRule(policy.intent, policy.temperature, policy.zone)

    def score(self, facts: Facts, states: States, now: datetime) -> Score:
        """The score of one lead at ``now``, by the MQL rule of the domain."""
        policy = self.policy
        fit, intent = self.fit.score(facts), self.intent.score(states, now)
        insufficient = rounded(fit.coverage) < policy.fit.min_coverage
        fits = rounded(fit.fit) >= policy.fit.floor and not insufficient
        wants = rounded(intent.intent) >= policy.intent.floor and intent.pattern
        return Score(
            fit=fit.fit,
            coverage=fit.coverage,
            insufficient_data=insufficient,
            missing=fit.missing,
            intent=intent.intent,
            pattern=intent.pattern,
            temperature=intent.temperature,
            milestone=intent.milestone,
            fits=fits,
            mql=fits and wants and rounded(fit.fit + intent.intent) >= policy.mql.threshold,
            grid=self.grid(fit.fit, intent.intent),
            parts=fit.parts + intent.parts,
        )

    def grid(self, fit: float, intent: float) -> str:
        """The grid cell: fit band A to D and intent band 1 to 4, such as ``B1``."""
        fit_bands, intent_bands = self.policy.fit.bands, self.policy.intent.bands
        rows = (("A", fit_bands.A), ("B", fit_bands.B), ("C", fit_bands.C))
        columns = (("1", intent_bands.one), ("2", intent_bands.two), ("3", intent_bands.three))
        row = next((name for name, least in rows if rounded(fit) >= least), "D")
        return row + next((name for name, least in columns if rounded(intent) >= least), "4")


def best_first(score: Score, email: str) -> tuple[bool, float, float, str]:
    """The order of every list of leads: MQL first, then fit plus intent, then intent, then email."""
    return (not score.mql, -score.total, -rounded(score.intent), email)
