"""Chance that falls the same way every time."""

from random import Random


def chance_of(what: str) -> Random:
    """A source of chance for one purpose: what others draw does not change what this one gives. Not for secrets."""
    return Random(what)  # nosec B311
