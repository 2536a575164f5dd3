"""Plays events through the real actions: what came in within an hour together, what people did one by one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from assay.actions.actors import INTAKE, Actor
from assay.actions.capture import capture
from assay.actions.imports import import_leads
from assay.actions.signals import record_signals
from assay.demo.deeds import Scene
from assay.demo.events import Done, Entered, Event, Seen
from assay.demo.month import Month
from assay.domain.rows import LeadRow, SignalRow
from assay.records.models import Identity
from assay.records.people import IdentityKind

HOUR = 3600


class Stage:
    """Holds what has come in and is not recorded yet; :meth:`record` writes it."""

    def __init__(self, month: Month, team: Mapping[str, Actor]) -> None:
        self._month, self._team = month, team
        self._at = month.start
        self._rows: list[LeadRow] = []
        self._files: defaultdict[str, list[LeadRow]] = defaultdict(list)
        self._signals: list[SignalRow] = []

    def play(self, events: Iterable[Event]) -> None:
        """Let them happen; they must be in order of time."""
        for event in events:
            if event.at.timestamp() // HOUR != self._at.timestamp() // HOUR:
                self.record()
            self._at = event.at
            match event:
                case Entered(row=row, file=""):
                    self._rows.append(row)
                case Entered(row=row, file=file):
                    self._files[file].append(row)
                case Seen(row=signal, decisive=decisive):
                    self._signals.append(signal)
                    if decisive:
                        self.record()
                case Done():
                    self.record()
                    self._do(event)
        self.record()

    def record(self) -> None:
        """Write what has come in by now."""
        if self._rows:
            capture(self._rows, INTAKE, self._at)
        for file, rows in self._files.items():
            import_leads(rows, file, {}, self._team["mara"], self._at)
        if self._signals:
            record_signals(self._signals, self._at)
        self._rows, self._signals = [], []
        self._files.clear()

    def _do(self, event: Done) -> None:
        today = event.at.astimezone(self._month.zone).date()
        lead_id = Identity.objects.values_list("person__lead", flat=True).get(
            kind=IdentityKind.EMAIL, value=event.email
        )
        event.deed(Scene(lead_id, event.number, event.at, today, self._team, self._team[event.rep]))
