"""Who plays: the people behind the leads, with names, employers and what they told us."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, cycle, islice, repeat

from assay.demo.campaigns import campaign_for
from assay.demo.chance import chance_of
from assay.demo.firms import Firm, Trades, firm
from assay.demo.names import culture, name
from assay.demo.persona import Persona
from assay.demo.profiles import IDEAL, Profile
from assay.demo.team import REPS
from assay.domain.contact import email_identity, email_kind
from assay.domain.rows import LeadRow

GROUPS = 25
"""Companies of which several people come, in a month of scale 1."""
GROUP_SIZES = (2, 3, 4, 2, 3)
# Numbers that the telephone authorities keep free for films and books.
PHONES = {"FR": "+3319900####", "DE": "+493023125###", "GB": "+442079460###", "US": "+120255501##"}
CALLABLE = 0.5
"""The share of people who leave a number, where there are such numbers."""


@dataclass(frozen=True, slots=True)
class Character:
    """One lead-to-be: the ``number``-th of a persona, at ``place`` (0 to below 1) among its like.

    ``rep`` is who in sales deals with it.
    """

    persona: Persona
    number: int
    place: float
    row: LeadRow
    rep: str


class Casting:
    """Gives out names and companies, each once."""

    def __init__(self) -> None:
        self._people: Counter[str] = Counter()
        self._firms: Counter[Trades] = Counter()
        self._chance = chance_of("casting")

    def cast(self, personas: Iterable[Persona], scale: int) -> list[Character]:
        """``scale`` times the characters of the personas."""
        parts = [(persona, i, source) for persona in personas for i, source in enumerate(_sources(persona, scale))]
        colleagues = self._colleagues(sum(persona.profile.shared for persona, *_ in parts), scale)
        by_source: Counter[str] = Counter()
        characters: list[Character] = []
        for persona, number, source in parts:
            employer = next(colleagues) if persona.profile.shared else self._firm(persona.profile)
            place = (number + self._chance.random()) / (persona.count * scale)
            row = self._row(persona.profile, employer, source, campaign_for(source, by_source[source]))
            by_source[source] += 1
            characters.append(Character(persona, number, place, row, REPS[len(characters) % len(REPS)]))
        return characters

    def _colleagues(self, people: int, scale: int) -> Iterator[Firm]:
        """An employer for each of so many people; some have the same one, and are spread over the personas."""
        sizes = chain(islice(cycle(GROUP_SIZES), GROUPS * scale), repeat(1))
        employers = chain.from_iterable(repeat(self._firm(IDEAL), size) for size in sizes)
        chosen = list(islice(employers, people))
        self._chance.shuffle(chosen)
        return iter(chosen)

    def _firm(self, profile: Profile) -> Firm:
        number = self._firms[profile.trades]
        self._firms[profile.trades] += 1
        budget = profile.budget or (0, 0)
        return firm(number, self._chance, profile.trades, profile.countries, profile.employees, budget)

    def _row(self, profile: Profile, employer: Firm, source: str, campaign: str) -> LeadRow:
        number = self._people[culture(employer.country)]
        self._people[culture(employer.country)] += 1
        first, last, mailbox = name(employer.country, number)
        email = f"{mailbox}@{employer.domain}" if profile.mailbox == "work" else _private(mailbox)
        key = email_identity(email) or email
        known = not profile.silent
        return LeadRow(
            email=email,
            email_key=key,
            email_kind=email_kind(key),
            first_name=first,
            last_name=last,
            title=self._chance.choice(profile.titles) or None,
            phone=self._phone(employer.country) if known else None,
            company=employer.name if known else None,
            domain=employer.domain if profile.mailbox == "work" else None,
            employees=employer.employees if known else None,
            industry=employer.industry if known else None,
            country=employer.country if known else None,
            revenue=employer.revenue if known and profile.budget else None,
            budget=employer.budget if known and profile.budget else None,
            source=source,
            campaign=campaign,
        )

    def _phone(self, country: str) -> str | None:
        pattern = PHONES.get(country)
        if pattern is None or self._chance.random() > CALLABLE:
            return None
        return "".join(str(self._chance.randrange(10)) if sign == "#" else sign for sign in pattern)


def _private(mailbox: str) -> str:
    """A private address that is nobody's: Google gives out none with a hyphen."""
    return f"{mailbox.replace('.', '-')}@gmail.com"


def _sources(persona: Persona, scale: int) -> list[str]:
    """The source of each of a persona's leads, evenly mixed."""
    counts = {source: count * scale for source, count in persona.sources.items()}
    mixed = sorted(((i + 0.5) / count, source) for source, count in counts.items() for i in range(count))
    return [source for _, source in mixed]
