"""What every test of the API begins with: a working morning, and nothing counted against anybody's limit."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from assay.api.limits import Limits
from tests.people import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def a_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(LATER, tick=False)


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """Limits of this test alone, as the settings have them."""
    mine = Limits(600)
    monkeypatch.setattr("assay.api.caller.limits", mine)
    return mine
