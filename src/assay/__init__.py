"""Assay sorts sales leads: a written rule scores them, sales accepts or returns them with a reason.

As a library: ``from assay import Policy, score``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.domain.policy import Policy
    from assay.engine.library import score

__all__ = ["Policy", "score"]

_HOMES = {"Policy": "assay.domain.policy", "score": "assay.engine.library"}


def __getattr__(name: str) -> object:
    """Imported when it is asked for, so that nobody waits for what they do not use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
