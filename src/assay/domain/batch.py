"""Leads and signals scored without any record of them: who is who, what each did, and the list best first."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assay.domain.facts import Value
from assay.domain.identity import IdentityKind, Key, filled, identities_of, names_of
from assay.domain.intent import Signal
from assay.domain.policy import Policy
from assay.domain.rows import LeadRow, Refusal, SignalRow
from assay.domain.score import Score, Scorer, best_first

COMPANY = {
    "company.name": "company",
    "company.employees": "employees",
    "company.industry": "industry",
    "company.country": "country",
    "company.revenue": "revenue",
    "company.budget": "budget",
}
"""What colleagues share, and the field of a row that says it."""
NUMBERS = frozenset(("employees", "revenue", "budget"))


@dataclass(slots=True)
class Known:
    """A lead and its signals, kept as numbers because there may be millions: kind and seconds since 1970."""

    row: LeadRow
    kinds: "array[int]" = field(default_factory=lambda: array("H"))
    times: "array[float]" = field(default_factory=lambda: array("d"))


class Batch:
    """Scores leads by their signals at ``now``. Add every lead before the first signal."""

    def __init__(self, policy: Policy, now: datetime) -> None:
        self._scorer, self._now = Scorer(policy), now
        self._kinds = {kind: number for number, kind in enumerate(policy.intent.signals)}
        self._names = list(self._kinds)
        self._people: dict[Key, Known] = {}
        self._companies: dict[str, Known] = {}
        self._seen = set[int]()
        self.leads: list[Known] = []

    def add_lead(self, row: LeadRow, visitor_id: str | None = None) -> Refusal | None:
        """Take in a lead. A row about somebody known fills their blanks; one about two people is refused."""
        keys = identities_of(row)
        people = {id(self._people[key]): self._people[key] for key in keys if key in self._people}
        if len(people) > 1:
            sentence = f'"{row.lead_id}" is one person and {row.email} another: correct the id or the address.'
            return Refusal(row.line, "two_people", sentence, row.facts())
        if people:
            _, known = people.popitem()
            known.row = filled(known.row, row)
        else:
            known = Known(row)
            self.leads.append(known)
        self._people |= dict.fromkeys(keys, known)
        if visitor_id:
            self._people.setdefault((IdentityKind.VISITOR, visitor_id), known)
        if row.domain:
            self._companies.setdefault(row.domain, known)
        return None

    def add_signal(self, row: SignalRow) -> bool:
        """Take in a signal; a message id seen before is the same one. Returns whether it is about one of the leads."""
        known = next((self._people[key] for key in names_of(row) if key in self._people), None)
        identity = hash(row.message_id)  # 64 bits: the ids themselves would be most of the memory
        if known is not None and identity not in self._seen:
            self._seen.add(identity)
            if row.kind in self._kinds and not row.bot:
                known.kinds.append(self._kinds[row.kind])
                known.times.append(row.at.timestamp())
        return known is not None

    def score(self, known: Known) -> Score:
        """The score of one lead."""
        signals = (
            Signal(str(number), self._names[kind], datetime.fromtimestamp(at, UTC))
            for number, (kind, at) in enumerate(zip(known.kinds, known.times, strict=True))
        )
        states = self._scorer.intent.fold(signals, self._now)
        return self._scorer.score(self._facts(known.row), states, self._now)

    def _facts(self, row: LeadRow) -> dict[str, Value]:
        """What the row says, and what is known of its company from the first of its rows."""
        facts = row.facts()
        company = self._companies[row.domain].row if row.domain else row
        for key, name in COMPANY.items():
            if key not in facts and company is not row:
                said = getattr(company, name)
                # Text where a number belongs stays with the row that said it.
                if said is not None and not (name in NUMBERS and isinstance(said, str)):
                    facts[key] = said
        return facts

    def best_first(self) -> list[Known]:
        """Every lead, in the order of every list of leads."""
        # A score with its parts is large, so it is not kept but computed again for whoever is shown.
        keys = {id(known): best_first(self.score(known), known.row.email or "") for known in self.leads}
        return sorted(self.leads, key=lambda known: keys[id(known)])

    def __iter__(self) -> Iterator[tuple[Known, Score]]:
        return ((known, self.score(known)) for known in self.best_first())
