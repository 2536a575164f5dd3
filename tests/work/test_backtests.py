"""A backtest that was asked for is done by a command of its own, once, and kept."""

from datetime import timedelta

import pytest

from assay.actions import backtests
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.domain.errors import MoveRefused, NotFound
from assay.records.backtests import BacktestState
from assay.records.models import Backtest
from assay.work.backtests import backtest_next
from tests.people import NOW, an_mql, mara, sam, vic

LATER = NOW + timedelta(minutes=1)


def asked() -> Backtest:
    return backtests.ask(rule(NOW).version, actor(mara()), NOW)


def state() -> str:
    return Backtest.objects.get().state


def test_it_is_done_by_a_command(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("ASSAY_DATABASE", database_url)
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "assay.settings")
    an_mql(NOW - timedelta(days=3))
    row = asked()
    assert backtest_next(LATER) == row
    row.refresh_from_db()
    assert (row.state, row.as_of, row.error) == ("done", LATER, "")
    assert row.result is not None
    assert (row.result["both"], row.result["last"], row.result["moved"]["up"]) == (1, "2026-11-03", 0)
    assert backtest_next(LATER) is None

    asked()
    assert backtest_next(LATER, wanted=lambda: False) == row
    assert (state(), Backtest.objects.get().result) == ("waiting", row.result), "what was known stays"
    monkeypatch.setenv("ASSAY_DATABASE", "sqlite:////nowhere/at/all.sqlite3")
    backtest_next(LATER)
    row.refresh_from_db()
    assert row.state == "failed"
    assert row.error.startswith("ASSAY_DATABASE cannot be used")


@pytest.mark.django_db
def test_one_that_waits_is_taken_once_and_one_that_died_again():
    row = asked()
    assert asked() == row
    assert backtests.claim(NOW) == row
    first = asked()
    assert first.state == BacktestState.RUNNING
    assert backtests.claim(LATER) is None
    second = backtests.claim(NOW + backtests.LONGEST + timedelta(seconds=1))
    assert second == row
    backtests.keep(first, {"by": "first"})
    assert Backtest.objects.get().result is None, "only the later one counts"
    backtests.keep(second, {"by": "second"})
    assert (state(), Backtest.objects.get().result) == ("done", {"by": "second"})


@pytest.mark.django_db
def test_who_sits_at_no_desk_asks_for_none():
    with pytest.raises(MoveRefused):
        backtests.ask(rule(NOW).version, actor(vic()), NOW)
    with pytest.raises(NotFound):
        backtests.ask(rule(NOW).version + 1, actor(sam()), NOW)
