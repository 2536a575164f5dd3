"""Why somebody is erased, in words that name nobody: what was done stays on record, and must not tell of whom."""

from enum import StrEnum


class Why(StrEnum):
    """A closed list, because a free text would sooner or later hold a name."""

    ASKED = "asked"
    """The person asked for it."""
    WITHDREW = "withdrew"
    """They took back their consent."""
    UNFOUNDED = "unfounded"
    """There was never a basis to keep it."""
    NO_LONGER_NEEDED = "no_longer_needed"
