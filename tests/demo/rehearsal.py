"""What the rule makes of the demo's script, without a database: so fast that many months can be tried."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from assay.demo.cast import Casting, Character
from assay.demo.events import Done, Entered, Seen
from assay.demo.load import script
from assay.demo.month import Month
from assay.demo.personas import PERSONAS
from assay.demo.personas.accepted import ACCEPTED
from assay.demo.personas.returned import RETURNED
from assay.demo.personas.undecided import UNDECIDED
from assay.domain.intent import KindState, Signal
from assay.domain.score import Score, Scorer
from assay.policies import shipped

SCORER = Scorer(shipped())
AT_THE_GATE = {persona.name for persona in (*ACCEPTED, *RETURNED, *UNDECIDED)}


@dataclass
class Part:
    """What one character does, in order of time."""

    character: Character
    entered: Entered
    seen: list[Seen] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.character.persona.name

    @property
    def peak(self) -> datetime:
        """When the visit ends that should take it over the threshold."""
        return next(seen.at for seen in self.seen if seen.decisive)

    def scores(self) -> Iterator[tuple[datetime, Score]]:
        """The score after each signal."""
        states: dict[str, KindState] = {}
        facts = self.character.row.facts()
        for seen in self.seen:
            signal = Signal(seen.row.message_id, seen.row.kind, seen.at, seen.row.bot)
            SCORER.intent.fold([signal], seen.at, into=states)
            yield seen.at, SCORER.score(facts, states, seen.at)

    def score_at(self, now: datetime) -> Score:
        """The score as of a time after the last signal."""
        signals = [Signal(seen.row.message_id, seen.row.kind, seen.at, seen.row.bot) for seen in self.seen]
        return SCORER.score(self.character.row.facts(), SCORER.intent.fold(signals, now), now)


@cache
def rehearse(now: datetime) -> list[Part]:
    """Every character's part in the month that ends at ``now``."""
    month, cast = Month(now, shipped()), Casting().cast(PERSONAS, 1)
    entered: dict[str, Entered] = {}
    seen: dict[str | None, list[Seen]] = defaultdict(list)
    done: dict[str | None, list[Done]] = defaultdict(list)
    for event in script(cast, month, 1):
        match event:
            case Entered(row=row):
                entered[row.email_key or ""] = event
            case Seen(row=signal):
                seen[signal.email_key].append(event)
            case Done(email=email):
                done[email].append(event)
    keys = [character.row.email_key or "" for character in cast]
    return [Part(who, entered[key], seen[key], done[key]) for who, key in zip(cast, keys, strict=True)]
