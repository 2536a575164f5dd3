"""A persona: how many leads of one kind there are, where they come from, what they do and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from assay.demo.deeds import Deed
from assay.demo.month import When
from assay.demo.profiles import Profile
from assay.domain.audit import Mistake

Step = tuple[float, "Deed | str"]
"""Working hours after what came before, and a deed of ours, or a kind of signal from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Leads of one kind.

    ``visit`` are the kinds of signals of the visit that ends at ``when``, after some ``pages`` (least, most). Who was
    ``known`` for some working hours by then had entered earlier, with the signals of ``before``. ``later`` kinds come
    at any time after the visit, ``scans`` are links that a mail scanner clicked. ``ending`` is what happens then.
    ``plants`` are the mistakes that an audit should find.
    """

    name: str
    profile: Profile
    sources: Mapping[str, int]
    when: When
    visit: tuple[str, ...] = ()
    pages: tuple[int, int] = (0, 4)
    known: float = 0
    before: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    scans: int = 0
    ending: tuple[Step, ...] = ()
    plants: tuple[Mistake, ...] = ()

    @property
    def count(self) -> int:
        """How many there are in a month of scale 1."""
        return sum(self.sources.values())
