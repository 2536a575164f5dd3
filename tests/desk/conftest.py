"""What every test of the pages begins with."""

import pytest

from assay.desk import kept


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures kept because the machine was busy are neither another test's, nor this one's second look."""
    kept.forget()
    monkeypatch.setattr(kept, "LONG_SECONDS", float("inf"))
