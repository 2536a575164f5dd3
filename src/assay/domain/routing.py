"""Who a lead goes to: which rule it meets, who of its people is available, and whose turn it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from assay.domain.facts import Facts
from assay.domain.phrase import Phrase, Template, heard
from assay.domain.segments import segment_of


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a lead may be to meet a rule; an empty list asks nothing. Texts compare trimmed, whatever their case."""

    countries: Collection[str] = ()
    sizes: Collection[str] = ()
    industries: Collection[str] = ()
    sources: Collection[str] = ()
    accounts: Collection[str] = ()

    def met_by(self, facts: Facts, source: str) -> bool:
        """Whether a lead with these facts, from this source, meets them all; what is not known meets nothing."""
        segment = segment_of(facts)
        said = (
            (self.countries, segment.country),
            (self.sizes, segment.size),
            (self.industries, facts.get("company.industry")),
            (self.sources, source),
            (self.accounts, facts.get("company.domain")),
        )
        return all(not wanted or _plain(value) in set(map(_plain, wanted)) for wanted, value in said)


def _plain(value: object) -> str:
    return str(value or "").strip().casefold()


@dataclass(frozen=True, slots=True)
class Seller:
    """Somebody who may get leads: until which day they are away, and how many open leads they have of how many."""

    user_id: int
    name: str
    away_until: date | None = None
    leads: int = 0
    capacity: int | None = None

    @property
    def hindrance(self) -> Phrase | None:
        """Why they get none now; None where they do."""
        if self.away_until is not None:
            return Phrase("{who} is away until {day}", who=self.name, day=self.away_until)
        if self.capacity is not None and self.leads >= self.capacity:
            said = Phrase("{count} of at most {limit} open leads", count=self.leads, limit=self.capacity)
            return Phrase("{who} has {load}", who=self.name, load=said)
        return None


class Turn(NamedTuple):
    """Somebody's place in a round robin: a share by weight, and what they are owed."""

    user_id: int
    weight: int
    credit: int


def next_turn(turns: Sequence[Turn]) -> tuple[int, Mapping[int, int]]:
    """Whose turn it is of at least one, and what each is owed after it: smooth weighted round robin, as nginx has it.

    Everybody gains their weight, and whoever is owed most gives up what all gained. So after every full round each has
    had their share, and is never far from it in between. Who is away neither gains nor loses, and so is not flooded on
    the day they are back.
    """
    owed = {turn.user_id: turn.credit + turn.weight for turn in turns}
    chosen = max(owed, key=owed.__getitem__)  # of several the first
    owed[chosen] -= sum(turn.weight for turn in turns)
    return chosen, owed


class Choice(NamedTuple):
    """To whom a lead goes, and why; to nobody, why not. ``hindrances`` say what keeps the others from it."""

    user_id: int | None
    why: Phrase
    hindrances: tuple[Phrase, ...] = ()


OWNS_THE_COMPANY = Template("{who} owns another lead of this company")
IN_TURN = Template("{who} is next in turn by the rule {rule}")
NOBODY_AVAILABLE = Template("Nobody of the rule {rule} is available")
ALL_HAD_IT = Template("Nobody of the rule {rule} is left who has not had it")
NO_RULE = Template("No routing rule is for this lead")
STAYS = Template("{why}, so it stays with whoever accepted it")
WHYS = (OWNS_THE_COMPANY, IN_TURN, NOBODY_AVAILABLE, ALL_HAD_IT, NO_RULE)


def why_of(text: str) -> str:
    """A reason as it was stored, as the phrase it was made of."""
    if stays := heard(STAYS, text):
        return Phrase(STAYS, why=why_of(str(stays.args["why"])))
    return next((said for template in WHYS if (said := heard(template, text))), text)
