"""A better rule, as far as outcomes carry it: near the present one, each change with its evidence in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assay.domain.evidence import Says, compare
from assay.domain.half_lives import faded, moved_half_lives
from assay.domain.outcomes import Line, Outcome, Path, lines_of
from assay.domain.phrase import Phrase, Template
from assay.domain.points import new_points
from assay.domain.policy import Policy
from assay.domain.policy_changes import label
from assay.domain.policy_text import with_numbers
from assay.domain.thresholds import moved_thresholds

LEAST, LEAST_OF_EACH = 100, 20
"""Outcomes below which nothing is proposed, in all and of the rarer sort."""

Basis = Literal["won", "accepted"]


class Change(NamedTuple):
    """A number of the policy: where it stands, what people call it, what it is and would be, and why."""

    path: Path
    label: str
    before: float
    after: float
    why: Phrase

    @property
    def key(self) -> str:
        """What of its line changes: points, cap, half_life_days, or a threshold's own key."""
        return str(self.path[-1])

    @property
    def is_cap(self) -> bool:
        """Whether it is the cap of a kind that changes, not its points."""
        return self.path[-1] == "cap"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What outcomes propose. ``says`` sums it up, or tells why there is nothing; ``basis`` is what was a success."""

    changes: tuple[Change, ...]
    basis: Basis | None
    outcomes: int
    successes: int
    says: Phrase


CANNOT_TELL = Template(
    "It cannot tell yet: {count} accepted leads ended, {wins} of them won. "
    "From {least} on, with {each} of each sort, it proposes what they carry."
)
FOUND = Template("{count} outcomes carry these changes.")
NOTHING = Template("{count} outcomes say nothing against the rule as it stands.")
ON_TRUST = Template("So few leads have ended that it goes by what sales accepted, which may be habit. {said}")
WON = Template("Of {having} leads with it {hits} were won, of {lacking} without it {others}.")
ACCEPTED = Template("Of {having} leads with it {hits} were accepted, of {lacking} without it {others}.")
ALONG = Template("Its own evidence is thin; it moves so that points add up to 100.")
AS_MUCH = Template("It follows the half-life, so that these signals are worth what they were.")
CAP = Template("The cap goes along with its points.")


def propose(policy: Policy, won: Sequence[Outcome], accepted: Sequence[Outcome]) -> Proposal:
    """Changes to a policy from leads whose story has ended; where those are too few, from what sales decided.

    Wins come first because sales may decide by habit: a lead it accepts is won or lost whatever it thought of it.
    """
    bases: list[tuple[Basis, Sequence[Outcome]]] = [("won", won)]
    if len(won) < LEAST:
        bases.append(("accepted", accepted))
    for basis, outcomes in bases:
        successes = sum(outcome.success for outcome in outcomes)
        if len(outcomes) >= LEAST and min(successes, len(outcomes) - successes) >= LEAST_OF_EACH:
            changes = tuple(_changes(policy, outcomes, basis))
            said = Phrase(FOUND if changes else NOTHING, count=len(outcomes))
            says = said if basis == "won" else Phrase(ON_TRUST, said=said)
            return Proposal(changes, basis, len(outcomes), successes, says)
    wins = sum(outcome.success for outcome in won)
    says = Phrase(CANNOT_TELL, count=len(won), wins=wins, least=LEAST, each=LEAST_OF_EACH)
    return Proposal((), None, len(won), wins, says)


def _changes(policy: Policy, outcomes: Sequence[Outcome], basis: Basis) -> list[Change]:
    lines = lines_of(policy)
    fading = {one.line.name: one for one in moved_half_lives(policy, lines, outcomes)}
    outcomes = faded(outcomes, list(fading.values()))
    new = new_points(lines, outcomes)
    changes = []
    for line, worth in zip(lines, new, strict=True):
        one = fading.get(line.name)
        if one:
            changes.append(Change((*line.path[:-1], "half_life_days"), line.label, one.before, one.after, one.why))
        points = _each(worth, one.ratio if one else 1.0)
        if points != line.points:
            why = _why(line, outcomes, basis) if worth != line.points else Phrase(AS_MUCH)
            changes.append(Change(line.path, line.label, line.points, points, why))
        if line.cap is not None and (most := line.most(worth)) != line.cap:
            changes.append(Change((*line.path[:-1], "cap"), line.label, line.cap, most, Phrase(CAP)))
    moved = moved_thresholds(policy, outcomes, lines, new)
    return changes + [Change(bar.path, label(".".join(map(str, bar.path))), *bar[1:]) for bar in moved]


def _each(worth: float, ratio: float) -> float:
    """Points of one signal, so that all are ``worth`` what they should be where ``ratio`` times as many add up."""
    if ratio == 1:
        return worth
    each = max(1, round(abs(worth) / ratio))
    return float(min(100, each) if worth > 0 else -min(100, each))


def _why(line: Line, outcomes: Sequence[Outcome], basis: Basis) -> Phrase:
    found = compare(*line.sides(outcomes))
    having, lacking = found.having, found.lacking
    if found.says is Says.CANNOT_TELL or having.rate is None or lacking.rate is None:
        return Phrase(ALONG)
    hits, others = (f"{round(100 * rate)} %" for rate in (having.rate, lacking.rate))
    template = WON if basis == "won" else ACCEPTED
    return Phrase(template, having=having.leads, hits=hits, lacking=lacking.leads, others=others)


def drafted(policy: Policy, proposal: Proposal) -> str:
    """The text of the policy with what is proposed, and above it why, for those who will argue about it."""
    numbers = [(change.path, change.after) for change in proposal.changes]
    notes = [
        f"{change.label}, {change.path[-1]}: {change.before:g} -> {change.after:g}. {change.why}"
        for change in proposal.changes
    ]
    return with_numbers(policy.text, numbers, [str(proposal.says), *notes] if notes else [])
