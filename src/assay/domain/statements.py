"""What an identify, group or alias call says: which identities are one, and what is known of the person or company."""

from dataclasses import dataclass

from assay.domain.identity import Key
from assay.domain.rows import LeadRow


@dataclass(frozen=True, slots=True)
class Statement:
    """``strong`` identities are one person's own; a browser may be shared. ``row`` is what is known of them.

    ``previous`` is what they were called before, where an alias call says so: an id, as each kind it may be.
    ``signal`` is the id of the signal that said it.
    """

    row: LeadRow
    strong: tuple[Key, ...]
    browser: Key | None = None
    previous: tuple[Key, ...] = ()
    signal: int = 0

    @property
    def keys(self) -> list[Key]:
        """Every identity it names."""
        return [*self.strong, *([self.browser] if self.browser else []), *self.previous]
