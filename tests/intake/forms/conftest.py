"""Every test starts with nobody having tried, and with a proof of work that takes no time."""

import pytest
from django.core.cache import caches

from assay.intake.forms import proof


@pytest.fixture(autouse=True)
def nobody_has_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    caches["memory"].clear()
    monkeypatch.setattr(proof, "COST", 1)
