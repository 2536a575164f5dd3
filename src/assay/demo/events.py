"""What happens in the month, each at its time: a lead enters, a signal is seen, somebody does something."""

from dataclasses import dataclass
from datetime import datetime

from assay.demo.deeds import Deed
from assay.domain.rows import LeadRow, SignalRow


@dataclass(frozen=True, slots=True)
class Entered:
    """A lead came in: by itself, or with others in a file."""

    at: datetime
    row: LeadRow
    file: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal was observed. A ``decisive`` one is recorded at once, so that the promotion carries its minute."""

    at: datetime
    row: SignalRow
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """Somebody of ours did something with a lead; ``number`` as in :class:`~assay.demo.deeds.Scene`."""

    at: datetime
    email: str
    number: int
    rep: str
    deed: Deed


Event = Entered | Seen | Done
