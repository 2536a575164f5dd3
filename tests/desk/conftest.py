"""What every test of the pages begins with."""

import pytest

from assay.desk import kept


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """Figures of another test's database, kept because the machine was busy, are nobody's here."""
    kept.forget()
