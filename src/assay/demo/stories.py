"""From a character to the events of its month, in an order that holds whenever the month ends."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, count

from assay.demo.campaigns import FAIR, FAIR_FILE
from assay.demo.cast import Character
from assay.demo.chance import chance_of
from assay.demo.events import Done, Entered, Event, Seen
from assay.demo.habits import ENOUGH, PAGES
from assay.demo.month import Month
from assay.domain.rows import SignalRow

Moments = list[tuple[datetime, str]]
"""Times with a kind of signal."""

JITTER = (0.8, 1.2)
"""How much shorter or longer than its script a step takes."""


class Story:
    """Tells what one character does, and what is done with it."""

    def __init__(self, character: Character, month: Month) -> None:
        self._character, self._persona, self._month = character, character.persona, month
        self._chance = chance_of(f"{self._persona.name} {character.number}")
        self._numbers = count(1)

    def events(self) -> Iterator[Event]:
        """Everything, not yet in order of time."""
        peak = self._persona.when(self._month, self._character.place)
        visit = self._visit(peak)
        entered = self._entered(visit[0][0] if visit else peak)
        row, listed = self._character.row, self._character.row.source == FAIR
        yield Entered(entered, replace(row, captured_at=entered), FAIR_FILE if listed else "")
        for at, kind in (*self._moments(entered, self._persona.before), *visit, *self._later(peak)):
            yield self._seen(at, kind, decisive=at == peak and self._persona.visit in ENOUGH)
        yield from self._scans(entered)
        yield from self._ending(peak)

    def _entered(self, visit: datetime) -> datetime:
        if self._character.row.source == FAIR:
            return self._month.fair
        return self._month.work.before(visit, self._persona.known) if self._persona.known else visit

    def _visit(self, end: datetime) -> Moments:
        """The decisive visit: some pages first, and its last signal at ``end``."""
        pages = ("page_view",) * self._chance.randint(*self._persona.pages)
        moments = self._moments(end, (*pages, *self._persona.visit))
        late = moments[-1][0] - end if moments else timedelta()
        # Everybody attends a webinar at the same time.
        return [(self._month.webinar if kind == "webinar_attended" else at - late, kind) for at, kind in moments]

    def _moments(self, start: datetime, kinds: Sequence[str]) -> Moments:
        """One visit: signals a minute or a few apart."""
        gaps = [timedelta(seconds=self._chance.randint(25, 240)) for _ in kinds[1:]]
        after = accumulate(gaps, initial=timedelta())
        return [(start + passed, kind) for passed, kind in zip(after, kinds, strict=False)]

    def _later(self, peak: datetime) -> Moments:
        """Single signals, when people browse."""
        web = self._month.web
        done = web.share(peak)
        return [(web.at(self._chance.uniform(done, 1)), kind) for kind in self._persona.later]

    def _scans(self, entered: datetime) -> Iterator[Event]:
        """A mail scanner opens every link of a mail within seconds."""
        if self._persona.scans:
            mail = self._month.web.at(self._chance.uniform(self._month.web.share(entered), 1))
            for number in range(self._persona.scans):
                yield self._seen(mail - timedelta(milliseconds=400 * number), "email_click", bot=True)

    def _ending(self, at: datetime) -> Iterator[Event]:
        for hours, deed in self._persona.ending:
            at = self._month.work.after(at, hours * self._chance.uniform(*JITTER))
            if isinstance(deed, str):
                yield self._seen(at, deed)
            else:
                yield Done(at, self._character.row.email_key or "", self._character.number, self._character.rep, deed)

    def _seen(self, at: datetime, kind: str, *, decisive: bool = False, bot: bool = False) -> Seen:
        email = self._character.row.email_key
        url = self._chance.choice(PAGES.get(kind, ("",)))
        row = SignalRow(f"demo {email} {next(self._numbers)}", at, kind, email_key=email, url=url or None, bot=bot)
        return Seen(at, row, decisive)
