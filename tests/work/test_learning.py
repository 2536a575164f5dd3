"""Learning goes on by itself, in a process of its own, and gets out of the way when nobody wants it any more."""

import os
import sys
import time

import pytest

from assay.records.models import LearnedModel
from assay.work import learning
from tests.ended import ended_leads
from tests.people import NOW

pytestmark = pytest.mark.django_db


def look(monkeypatch: pytest.MonkeyPatch, least: int) -> list[str]:
    """One look of the job; what it had learned apart."""
    apart, looks = list[str](), iter((True, False))
    monkeypatch.setattr(learning, "START_SECONDS", -1.0)
    monkeypatch.setattr(learning, "LEAST", least)
    monkeypatch.setattr("assay.work.regularly.close_old_connections", lambda: None)
    monkeypatch.setattr(learning, "learn_apart", lambda wanted: apart.append("apart"))
    learning.learn_while(lambda: next(looks), pause=0)
    return apart


def test_it_learns_where_something_has_ended_and_apart_where_that_takes_time(monkeypatch: pytest.MonkeyPatch):
    assert look(monkeypatch, least=200) == []
    assert not LearnedModel.objects.exists()
    ended_leads(12, until=NOW)
    assert look(monkeypatch, least=10) == ["apart"]
    assert look(monkeypatch, least=200) == []
    assert LearnedModel.objects.get().outcomes == 12
    assert look(monkeypatch, least=10) == [], "a week has to pass"


def test_a_process_that_nobody_wants_any_more_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learning, "APART", (sys.executable, "-c", "import time; time.sleep(600)"))
    started = time.monotonic()
    learning.learn_apart(lambda: time.monotonic() < started + 0.5)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
