"""scikit-learn, loaded when something is learned: the pages, the library and most commands do without it."""

from importlib import import_module
from types import ModuleType

from assay.domain.errors import AssayError
from assay.domain.phrase import Phrase


class NotInstalled(AssayError):
    """An extra that is needed is not there."""

    exit_code = 2


def needed(module: str) -> ModuleType:
    """A module of scikit-learn. Raises NotInstalled."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("sklearn", "threadpoolctl"):
            raise
        raise NotInstalled(
            "learn_not_installed",
            Phrase("Learning from outcomes needs scikit-learn, which is not installed."),
            Phrase("Install Assay with its extra: pip install 'assay[learn]'"),
        ) from None
