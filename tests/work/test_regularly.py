"""What comes round is done at once and then each in its own time, and a fault of one keeps no other."""

import pytest

from assay.work import regularly as coming_round


def test_each_comes_round_in_its_own_time_and_a_fault_keeps_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now, done = [0.0], list[tuple[str, float]]()
    monkeypatch.setattr(coming_round, "close_old_connections", lambda: None)
    monkeypatch.setattr("assay.work.regularly.time.monotonic", lambda: now[0])
    monkeypatch.setattr("assay.work.regularly.time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    def often() -> None:
        done.append(("often", now[0]))
        raise ZeroDivisionError("a fault")

    def seldom() -> None:
        done.append(("seldom", now[0]))

    coming_round.regularly({often: 2, seldom: 5}, lambda: now[0] < 8, pause=1, first=1)
    assert [at for name, at in done if name == "often"] == [1, 3, 5, 7]
    assert [at for name, at in done if name == "seldom"] == [1, 6]
    assert caplog.text.count("often failed; it is tried again") == 4
