"""A part of all leads, as a page or a command picks it: from one source, of one size, and the like."""

from dataclasses import asdict, dataclass
from typing import Literal

from django.db.models import Q

Dimension = Literal["source", "campaign", "owner", "size", "country", "policy", "temperature", "month"]
"""What leads are told apart by; ``month`` is that of their capture."""

OF_A_PASS = frozenset({"owner", "policy", "temperature"})
"""What belongs to one trip up the ladder; the rest is the same on every pass of a lead."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The passes to look at; None is no limit, and "" is what is not known.

    ``source``, ``campaign``, ``owner`` and ``policy`` are ids. ``size`` is a band of employees (domain.segments),
    ``country`` ISO 3166 alpha-2; ``policy`` and ``temperature`` are those when the pass was first promoted.
    """

    source: int | None = None
    campaign: int | None = None
    owner: int | None = None
    size: str | None = None
    country: str | None = None
    policy: int | None = None
    temperature: str | None = None

    def passes(self) -> Q:
        """Which rows of Pass are in it."""
        return Q(**self._chosen())

    def visits(self) -> Q | None:
        """Which rows of VisitCount are in it; None where visitors cannot be told apart by it."""
        chosen = self._chosen()
        return Q(**chosen) if chosen.keys() <= {"source", "campaign"} else None

    @property
    def of_a_pass(self) -> bool:
        """Whether it tells the passes of one lead apart."""
        return not OF_A_PASS.isdisjoint(self._chosen())

    def _chosen(self) -> dict[str, int | str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


EVERYTHING = Slice()
