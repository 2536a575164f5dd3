"""Quiet hours and digests go by the clock of where somebody is, over midnight, on whole days, and as clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.quiet import Quiet, Rhythm, due_digest, quiet_until

PARIS = ZoneInfo("Europe/Paris")
NIGHT = Quiet(time(18), time(8, 30))
WEEKEND = frozenset({5, 6})
MINUTE = timedelta(minutes=1)


def paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (Quiet(), "2026-11-04 23:00", "2026-11-04 23:00"),
        (NIGHT, "2026-11-04 17:59", "2026-11-04 17:59"),
        (NIGHT, "2026-11-04 18:00", "2026-11-05 08:30"),
        (NIGHT, "2026-11-05 03:00", "2026-11-05 08:30"),
        (NIGHT, "2026-11-05 08:30", "2026-11-05 08:30"),
        (Quiet(time(12), time(14)), "2026-11-04 13:00", "2026-11-04 14:00"),
        (Quiet(time(12), time(12)), "2026-11-04 12:00", "2026-11-04 12:00"),
        (Quiet(days=WEEKEND), "2026-11-07 10:00", "2026-11-09 00:00"),
        (Quiet(time(18), time(8), WEEKEND), "2026-11-06 22:00", "2026-11-09 08:00"),
        (Quiet(time(1), time(4), WEEKEND), "2026-03-28 12:00", "2026-03-30 00:00"),
        (Quiet(days=frozenset(range(7))), "2026-11-04 10:00", "2026-11-04 10:00"),
    ],
)
def test_what_comes_while_it_is_quiet_waits_until_it_ends(quiet: Quiet, now: str, until: str):
    assert quiet_until(quiet, PARIS, paris(now)) == paris(until).astimezone(UTC)


def test_an_hour_that_there_is_twice_or_not_at_all_ends_the_quiet_all_the_same():
    quiet = Quiet(time(1), time(2, 30))
    twice, never = paris("2026-10-25 02:15", 1), paris("2026-03-29 01:15")
    assert quiet_until(quiet, PARIS, twice) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert quiet_until(quiet, PARIS, never) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


times = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(times, times, st.frozensets(st.integers(0, 6), max_size=6), st.integers(0, 525_600))
def test_it_ends_at_the_first_minute_that_is_not_quiet(
    start: time | None, end: time | None, days: frozenset[int], minutes: int
):
    quiet, now = Quiet(start, end, days), datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
    until = quiet_until(quiet, PARIS, now)
    assert until >= now
    assert not quiet.holds(until.astimezone(PARIS))
    between = [now + part * (until - now) / 50 for part in range(50)] if until > now else []
    assert all(quiet.holds(at.astimezone(PARIS)) for at in between)


def due(rhythm: Rhythm, now: str) -> tuple[date, datetime] | None:
    found = due_digest(rhythm, 8, PARIS, paris(now))
    return found and (found.day, found.at.astimezone(PARIS))


def test_a_digest_is_due_at_its_hour_and_left_out_when_it_is_very_late():
    wednesday = (date(2026, 11, 4), paris("2026-11-04 08:00"))
    assert due(Rhythm.DAILY, "2026-11-04 08:00") == due(Rhythm.DAILY, "2026-11-04 20:00") == wednesday
    assert due(Rhythm.DAILY, "2026-11-04 20:01") is None
    assert due(Rhythm.DAILY, "2026-11-04 07:59") is None
    assert due(Rhythm.OFF, "2026-11-04 08:00") is None
    assert due(Rhythm.WEEKLY, "2026-11-04 08:00") is None
    assert due(Rhythm.WEEKLY, "2026-11-09 08:00") == (date(2026, 11, 9), paris("2026-11-09 08:00"))
