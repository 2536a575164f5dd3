"""Working time, against a walk minute by minute with a look at the clock on the wall, and by cases people can check."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import BadInput
from assay.domain.opening_hours import EPOCH, Moment, OpeningHours
from assay.domain.policy import Policy
from assay.domain.policy_sections import Clocks, Weekday
from assay.domain.working_time import WorkingTime, working_time
from assay.policies import shipped
from tests.domain import documents

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PARIS, BERLIN, LORD_HOWE = (ZoneInfo(name) for name in ("Europe/Paris", "Europe/Berlin", "Australia/Lord_Howe"))
NEW_YORK, HAVANA = ZoneInfo("America/New_York"), ZoneInfo("America/Havana")

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE: dict[Weekday, list[str]] = {day: ["09:00-12:00", "13:00-18:00"] for day in WEEKDAYS[:5]}
ALWAYS: dict[Weekday, list[str]] = {day: ["00:00-24:00"] for day in WEEKDAYS}

NEAR = {
    "Europe/Paris": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Asia/Kolkata": [date(2024, 2, 29), date(2025, 12, 31)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],  # by half an hour
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],  # skips midnight, and has it twice
    "America/St_Johns": [date(2008, 3, 9), date(2008, 11, 2)],  # at one minute past midnight
    "Pacific/Apia": [date(2011, 12, 30)],  # skips the whole day
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],  # for a month
}
"""Zones, each with days on which its clocks change or a month or year does."""


def clocks(hours: dict[Weekday, list[str]] = OFFICE, country: str = "FR", closed: tuple[date, ...] = ()) -> Clocks:
    """Clocks of which only the hours matter."""
    target = {"hot": "1h", "warm": "8h", "cold": "16h"}
    return Clocks.model_validate(
        {"hours": hours, "holidays": country, "closed": closed, "remind_at": 0.5, "attempts": 4}
        | dict.fromkeys(("gate", "first_response", "follow_up"), target)
    )


class Wall:
    """The definition, slowly: what the clock on the wall reads, and whether that is within the hours of the day."""

    def __init__(self, agreed: Clocks, zone: ZoneInfo) -> None:
        country, _, part = agreed.holidays.partition("-")
        self.agreed, self.zone = agreed, zone
        self.public = holidays.country_holidays(country, subdiv=part or None, years=range(2007, 2029))

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        if local.date() in self.agreed.closed or local.date() in self.public:
            return False
        spans = self.agreed.hours.get(WEEKDAYS[local.weekday()], [])
        return any(span[:5] <= f"{local:%H:%M}" < span[6:] for span in spans)

    def between(self, start: datetime, minutes: int, step: int = 1) -> timedelta:
        moments = (start + MINUTE * passed for passed in range(0, minutes, step))
        return MINUTE * step * sum(self.is_open(at) for at in moments)


def spans() -> st.SearchStrategy[list[str]]:
    """Up to three spans of a day, some from or to midnight, some that touch."""
    edges = st.sampled_from([0, 30, 60, 90, 120, 150, 180, 540, 720, 780, 1080, 1380, 1439, 1440])
    marks = st.lists(edges | st.integers(0, 1440), unique=True, max_size=6).map(sorted)
    return marks.map(lambda at: [f"{_time(a)}-{_time(b)}" for a, b in zip(at[::2], at[1::2], strict=False)])


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


class Place(NamedTuple):
    """An agreement somewhere, and a whole minute near a change of clocks."""

    agreed: Clocks
    zone: ZoneInfo
    at: datetime

    @property
    def time(self) -> WorkingTime:
        return WorkingTime(self.agreed, self.zone)

    @property
    def wall(self) -> Wall:
        return Wall(self.agreed, self.zone)


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Agreements of every kind: lunch, nights, Sundays, holidays of a country or a part of it, closing days."""
    zone = draw(st.sampled_from(sorted(NEAR)))
    near = draw(st.sampled_from(NEAR[zone]))
    hours = st.dictionaries(st.sampled_from(WEEKDAYS), spans(), min_size=1) | st.sampled_from([OFFICE, ALWAYS])
    agreed = clocks(
        draw(hours.filter(lambda week: any(week.values()))),
        draw(st.sampled_from(["FR", "US", "DE-BY"])),
        tuple(near + days * DAY for days in draw(st.lists(st.integers(-4, 4), max_size=3))),
    )
    midnight = datetime(near.year, near.month, near.day, tzinfo=UTC)
    return Place(agreed, ZoneInfo(zone), midnight + draw(st.integers(-4000, 2000)) * MINUTE)


def some_time() -> st.SearchStrategy[timedelta]:
    """Up to two years either way, to the microsecond."""
    return st.timedeltas(-730 * DAY, 730 * DAY) | st.integers(-50, 50).map(lambda hours: hours * HOUR)


@given(places(), st.integers(0, 6000))
def test_it_is_what_a_walk_by_the_minute_counts(place: Place, minutes: int) -> None:
    counted = place.time.between(place.at, place.at + minutes * MINUTE)
    assert counted == place.wall.between(place.at, minutes)


@given(places())
def test_open_is_what_the_wall_says(place: Place) -> None:
    assert place.time.is_open(place.at) == place.wall.is_open(place.at)


@pytest.mark.parametrize("zone", NEAR)
def test_a_whole_year_is_what_a_walk_by_the_quarter_hour_counts(zone: str) -> None:
    agreed = clocks(OFFICE | {"sun": ["00:00-04:00", "22:15-24:00"]}, "DE-BY", (date(2026, 12, 24),))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    counted = WorkingTime(agreed, ZoneInfo(zone)).between(start, start + 365 * DAY)
    assert counted == Wall(agreed, ZoneInfo(zone)).between(start, 365 * 24 * 60, step=15)


@given(places(), some_time(), some_time())
def test_parts_add_up_in_any_order(place: Place, one: timedelta, other: timedelta) -> None:
    time, a, b, c = place.time, place.at, place.at + one, place.at + other
    assert time.between(a, b) + time.between(b, c) == time.between(a, c)
    assert timedelta(0) <= time.between(min(a, b), max(a, b)) <= abs(b - a)


@given(places(), some_time(), st.timedeltas(timedelta(microseconds=1), 20 * HOUR))
def test_due_is_the_first_moment_when_that_much_has_passed(place: Place, off: timedelta, working: timedelta) -> None:
    time, start = place.time, (place.at + off).astimezone(place.zone)
    due = time.after(start, working)
    assert time.between(start, due) == working
    assert time.between(start, due - timedelta(microseconds=1)) < working


@given(places(), some_time())
def test_nothing_has_passed_at_once(place: Place, off: timedelta) -> None:
    assert place.time.after(place.at + off, timedelta(0)) == place.at + off


# --- Cases people can check; 2026-03-02 is a Monday --------------------------------------------------


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_a_friday_night_is_due_on_monday_morning() -> None:
    time = WorkingTime(clocks(), PARIS)
    assert time.after(paris("2026-03-06 22:00"), HOUR) == paris("2026-03-09 10:00")
    assert time.between(paris("2026-03-06 22:00"), paris("2026-03-09 10:00")) == HOUR


def test_the_last_hour_of_a_day_is_due_as_it_closes_and_not_as_it_opens_again() -> None:
    assert WorkingTime(clocks(), PARIS).after(paris("2026-03-06 17:00"), HOUR) == paris("2026-03-06 18:00")


def test_the_last_hour_of_a_year_is_due_in_it() -> None:
    assert WorkingTime(clocks(), PARIS).after(paris("2026-12-31 17:00"), HOUR) == paris("2026-12-31 18:00")


def test_lunch_does_not_count() -> None:
    time = WorkingTime(clocks(), PARIS)
    assert time.between(paris("2026-03-02 11:30"), paris("2026-03-02 13:30")) == HOUR
    assert time.after(paris("2026-03-02 11:30"), HOUR) == paris("2026-03-02 13:30")
    assert time.after(paris("2026-03-02 12:20"), HOUR) == paris("2026-03-02 14:00")


def test_a_span_is_open_from_its_first_moment_until_before_its_last() -> None:
    time = WorkingTime(clocks(), PARIS)
    assert time.is_open(paris("2026-03-02 09:00"))
    assert not time.is_open(paris("2026-03-02 12:00"))
    assert not time.is_open(paris("2026-03-02 08:59:59.999999"))


def test_a_public_holiday_does_not_count() -> None:
    time = WorkingTime(clocks(), PARIS)
    assert time.between(paris("2026-05-01 00:00"), paris("2026-05-02 00:00")) == timedelta(0)
    assert time.after(paris("2026-04-30 17:30"), HOUR) == paris("2026-05-04 09:30")


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    epiphany = datetime(2026, 1, 6, 12, tzinfo=UTC)
    assert not WorkingTime(clocks(ALWAYS, "DE-BY"), BERLIN).is_open(epiphany)
    assert WorkingTime(clocks(ALWAYS, "DE-BE"), BERLIN).is_open(epiphany)


def test_a_holiday_moved_into_the_year_before_counts_there() -> None:
    """New Year of 2022 was a Saturday, so Friday, 31 December 2021, was the day off."""
    assert not WorkingTime(clocks(ALWAYS, "US"), NEW_YORK).is_open(datetime(2021, 12, 31, 17, tzinfo=UTC))


def test_a_calendar_that_knows_only_some_years_is_quiet_about_the_others() -> None:
    """Republic Day is on a fixed date; of 2090 the Indian calendar knows little else, and warns."""
    time = WorkingTime(clocks(ALWAYS, "IN"), ZoneInfo("Asia/Kolkata"))
    assert not time.is_open(datetime(2090, 1, 26, 12, tzinfo=UTC))
    assert time.is_open(datetime(2090, 2, 1, 12, tzinfo=UTC))


def test_closing_days_do_not_count() -> None:
    time = WorkingTime(clocks(closed=(date(2026, 3, 3), date(2026, 3, 4))), PARIS)
    assert time.after(paris("2026-03-02 17:30"), HOUR) == paris("2026-03-05 09:30")


def test_a_year_of_closing_days_is_waited_for() -> None:
    closed = tuple(date(2026, 1, 1) + days * DAY for days in range(365))
    time = WorkingTime(clocks(closed=closed), PARIS)
    assert time.between(paris("2026-01-01 00:00"), paris("2027-01-01 00:00")) == timedelta(0)
    assert time.after(paris("2026-02-01 10:00"), HOUR) == paris("2027-01-04 10:00")


def test_midnight_joins_two_days() -> None:
    hours: dict[Weekday, list[str]] = {"mon": ["22:00-24:00"], "tue": ["00:00-02:00"]}
    time = WorkingTime(clocks(hours), PARIS)
    assert time.between(paris("2026-03-02 12:00"), paris("2026-03-03 12:00")) == 4 * HOUR
    assert time.is_open(paris("2026-03-03 00:00"))
    assert time.after(paris("2026-03-02 23:00"), 2 * HOUR) == paris("2026-03-03 01:00")


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (PARIS, date(2026, 3, 29), 23 * HOUR),
        (PARIS, date(2026, 10, 25), 25 * HOUR),
        (LORD_HOWE, date(2026, 10, 4), 23 * HOUR + 30 * MINUTE),
        (LORD_HOWE, date(2026, 4, 5), 24 * HOUR + 30 * MINUTE),
        (HAVANA, date(2026, 3, 8), 23 * HOUR),
        (HAVANA, date(2025, 11, 2), 25 * HOUR),
        (ZoneInfo("Pacific/Apia"), date(2011, 12, 30), timedelta(0)),
    ],
    ids=str,
)
def test_a_day_on_which_clocks_change_has_its_real_length(zone: ZoneInfo, day: date, length: timedelta) -> None:
    hours: dict[Weekday, list[str]] = {WEEKDAYS[day.weekday()]: ["00:00-24:00"]}
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert WorkingTime(clocks(hours), zone).between(noon - 3 * DAY, noon + 3 * DAY) == length


def test_the_skipped_hour_is_never_open() -> None:
    time = WorkingTime(clocks({"sun": ["02:00-03:00"]}), PARIS)
    assert time.between(paris("2026-03-28 12:00"), paris("2026-03-29 12:00")) == timedelta(0)


def test_the_repeated_hour_is_open_twice() -> None:
    """From 00:00 to 02:30, and again from 02:00 to 02:30."""
    time = WorkingTime(clocks({"sun": ["00:00-02:30"]}), PARIS)
    assert time.between(paris("2026-10-24 12:00"), paris("2026-10-25 12:00")) == 3 * HOUR
    assert time.after(paris("2026-10-24 12:00"), 2.75 * HOUR) == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)


def test_moments_of_one_zone_are_told_apart_in_the_repeated_hour() -> None:
    first = paris("2026-10-25 02:45")
    second = paris("2026-10-25 02:15").replace(fold=1)
    assert WorkingTime(clocks(ALWAYS), PARIS).between(first, second) == 30 * MINUTE


def test_the_end_comes_first() -> None:
    time = WorkingTime(clocks(), PARIS)
    assert time.between(paris("2026-03-02 11:00"), paris("2026-03-02 10:00")) == -HOUR


def test_dates_that_mean_never_count_as_the_ends_of_the_calendar() -> None:
    time = WorkingTime(clocks(), NEW_YORK)
    never, ever = datetime.max.replace(tzinfo=NEW_YORK), datetime.min.replace(tzinfo=PARIS)
    first, last = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    assert time.between(ever, never) == time.between(first, last) > 100 * 200 * 8 * HOUR
    assert time.after(ever, HOUR) == time.after(first, HOUR)


@pytest.mark.parametrize("start", ["2026-03-02 10:00", "2099-12-31 10:00", "9999-12-31 10:00"])
def test_hours_that_never_add_up_say_so(start: str) -> None:
    with pytest.raises(BadInput, match=r"no 90 h of working time before 2100.* shorter target"):
        WorkingTime(clocks({"mon": ["09:00-09:01"]}), PARIS).after(paris(start), 90 * HOUR)


# --- One for each policy ------------------------------------------------------------------------------


def test_policies_with_the_same_hours_share_what_was_counted() -> None:
    renamed = Policy.parse(documents.as_toml(documents.edited(("name",), "Another")))
    assert working_time(renamed) is working_time(Policy.parse(documents.TEXT))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("clocks", "hours", "mon"), ["09:00-16:00"]),
        (("clocks", "holidays"), "DE"),
        (("clocks", "closed"), ["2026-03-02"]),
        (("timezone",), "Asia/Kolkata"),
    ],
)
def test_policies_with_other_hours_do_not(key: documents.Path, value: object) -> None:
    other = Policy.parse(documents.as_toml(documents.edited(key, value)))
    assert working_time(other) is not working_time(Policy.parse(documents.TEXT))


@pytest.mark.parametrize("name", ["b2b-services", "saas"])
def test_a_shipped_policy_has_working_time(name: str) -> None:
    policy = shipped(name)
    noon = datetime(2026, 3, 3, 12, tzinfo=policy.zone)
    assert working_time(policy).is_open(noon)
    assert not working_time(policy).is_open(noon + 10 * HOUR)


def test_ten_years_take_a_look_up_a_year_and_none_is_counted_twice(monkeypatch: pytest.MonkeyPatch):
    """Not a walk: the years are counted when first asked for, and from then on each is one number."""
    counted = list[int]()
    spans = OpeningHours.spans

    def counting(self: OpeningHours, start: Moment, end: Moment) -> Iterator[tuple[Moment, Moment]]:
        counted.append((EPOCH + start).year)
        return spans(self, start, end)

    monkeypatch.setattr(OpeningHours, "spans", counting)
    time, start, end = WorkingTime(clocks(), PARIS), paris("2021-03-29 08:00"), paris("2031-03-28 18:00")
    ten_years = time.between(start, end)
    assert counted == [*range(2021, 2032)]
    assert time.after(start, ten_years) == end
    assert time.between(start, end - DAY) < ten_years
    assert counted == [*range(2021, 2032)]
