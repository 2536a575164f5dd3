"""The audit: four mistakes between marketing and sales, in the order to fix them, and what is said of each.

A mistake shows in one or several problems. Each has its leads; a lead with two of them counts once for the mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from assay.domain.audit_cost import Cost
from assay.domain.funnel import FEW
from assay.domain.phrase import Phrase


class Mistake(StrEnum):
    """The four mistakes, in the order to fix them: each makes the next ones look worse than they are."""

    RAW_LEADS = "raw_leads"
    SLOW_RESPONSE = "slow_response"
    NO_FIT_FILTER = "no_fit_filter"
    ONE_WAY_HANDOFF = "one_way_handoff"


class Problem(StrEnum):
    """What a lead shows a mistake by."""

    OWNED_RAW = "owned_raw"
    WORKED_RAW = "worked_raw"
    NOT_ANSWERED = "not_answered"
    ANSWERED_LATE = "answered_late"
    LEFT_OVERNIGHT = "left_overnight"
    OVERRIDDEN = "overridden"
    WORKED_UNFIT = "worked_unfit"
    ACCEPTED_UNFIT = "accepted_unfit"
    PURSUED_UNFIT = "pursued_unfit"
    UNDECIDED = "undecided"
    NO_REASON = "no_reason"
    NEVER_ANSWERED = "never_answered"


PROBLEMS: Mapping[Mistake, tuple[Problem, ...]] = {
    Mistake.RAW_LEADS: (Problem.WORKED_RAW, Problem.OWNED_RAW),
    Mistake.SLOW_RESPONSE: (Problem.NOT_ANSWERED, Problem.ANSWERED_LATE, Problem.LEFT_OVERNIGHT),
    Mistake.NO_FIT_FILTER: (
        Problem.WORKED_UNFIT,
        Problem.OVERRIDDEN,
        Problem.ACCEPTED_UNFIT,
        Problem.PURSUED_UNFIT,
    ),
    Mistake.ONE_WAY_HANDOFF: (Problem.UNDECIDED, Problem.NO_REASON, Problem.NEVER_ANSWERED),
}

TITLES: Mapping[Mistake, Phrase] = {
    Mistake.RAW_LEADS: Phrase("Raw leads passed to sales"),
    Mistake.SLOW_RESPONSE: Phrase("Slow first response"),
    Mistake.NO_FIT_FILTER: Phrase("No fit filter"),
    Mistake.ONE_WAY_HANDOFF: Phrase("One-way handoff"),
}

SAID: Mapping[Problem, Phrase] = {
    Problem.WORKED_RAW: Phrase("worked by sales before anybody accepted them"),
    Problem.OWNED_RAW: Phrase("owned by somebody in sales, and not accepted"),
    Problem.NOT_ANSWERED: Phrase("asked for us, and still wait past their clock"),
    Problem.ANSWERED_LATE: Phrase("hot, and answered after their clock"),
    Problem.LEFT_OVERNIGHT: Phrase("hot, and left overnight"),
    Problem.OVERRIDDEN: Phrase("sent to the gate against the rule"),
    Problem.WORKED_UNFIT: Phrase("worked while they do not fit"),
    Problem.ACCEPTED_UNFIT: Phrase("accepted though they did not fit"),
    Problem.PURSUED_UNFIT: Phrase("still pursued though they do not fit"),
    Problem.UNDECIDED: Phrase("wait for a decision past their clock"),
    Problem.NO_REASON: Phrase("returned without a usable reason"),
    Problem.NEVER_ANSWERED: Phrase("returned, and marketing never answered"),
}
"""What the leads of a problem have in common, to be read after their number."""

OF: Mapping[Mistake, Phrase] = {
    Mistake.RAW_LEADS: Phrase("of the leads that sales worked or owned"),
    Mistake.SLOW_RESPONSE: Phrase("of the hot leads that were owed a first response"),
    Mistake.NO_FIT_FILTER: Phrase("of the leads that sales worked or accepted"),
    Mistake.ONE_WAY_HANDOFF: Phrase("of the leads that came to the gate"),
}
"""What the share of a finding is a share of."""

NEXT_STEPS: Mapping[Mistake, Phrase] = {
    Mistake.RAW_LEADS: Phrase(
        "Give these leads back to marketing, and let sales work from the inbox only: what is accepted there is ready."
    ),
    Mistake.SLOW_RESPONSE: Phrase(
        "Answer those that wait, today. Then say who answers hot leads in the hours in which they come."
    ),
    Mistake.NO_FIT_FILTER: Phrase(
        "Disqualify or recycle those that do not fit. If sales wants them after all, change the rule with two keys."
    ),
    Mistake.ONE_WAY_HANDOFF: Phrase(
        "Decide those that wait. Then answer what came back: each reason says what is wrong with the rule or the data."
    ),
}

NOTHING: Mapping[Mistake, Phrase] = {
    Mistake.RAW_LEADS: Phrase("Sales worked accepted leads only."),
    Mistake.SLOW_RESPONSE: Phrase("Every hot lead was answered in time."),
    Mistake.NO_FIT_FILTER: Phrase("Nobody worked a lead that does not fit."),
    Mistake.ONE_WAY_HANDOFF: Phrase("Decisions come in time, with reasons, and marketing answers them."),
}
"""What is said where a mistake was not made."""

NEVER_REJECTED = Phrase("Nothing was ever returned: either the rule is perfect, or nobody looks.")

NEVER_REJECTED_AFTER = FEW
"""So many acceptances without one rejection say that nobody looks."""

ANSWER_WITHIN = timedelta(days=7)
"""A rejection without an answer for this long was never answered; before that marketing may be at it."""

LEAST_REASON = 6
"""The reason "other" needs a text; one with fewer characters, such as "n/a", teaches nobody anything."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long first responses took, in working time, those that still wait included (Kaplan-Meier).

    None is longer than anybody has waited so far.
    """

    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: how many leads show it, of how many, by which problems, what it probably cost.

    ``never_rejected`` is said of a handoff where sales accepts whatever comes.
    """

    mistake: Mistake
    count: int
    of: int
    problems: Mapping[Problem, int]
    cost: Cost | None = None
    times: Times | None = None
    never_rejected: bool = False

    @property
    def share(self) -> float | None:
        """The share of the leads that could have shown it; None where there were none."""
        return self.count / self.of if self.of else None

    @property
    def found(self) -> bool:
        """Whether the mistake was made."""
        return self.count > 0 or self.never_rejected

    @property
    def few(self) -> bool:
        """Whether the share is of too few leads to go by."""
        return 0 < self.of < FEW


@dataclass(frozen=True, slots=True)
class Audit:
    """All four findings, in the order to fix them."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding | None:
        """The one to fix first; None where there is nothing to fix."""
        return next((finding for finding in self.findings if finding.found), None)
