"""Moments: ISO first, day or month first as the column proves, epochs, and only years that make sense."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import BadInput
from assay.intake.date_order import settle_order
from assay.intake.moments import Moments
from assay.intake.refusals import Unusable

PARIS = ZoneInfo("Europe/Paris")


def read(cell, order=None):
    return Moments("captured_at", PARIS, order)(cell)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05"),
        ("2026-01-02T03:04:05.678+02:00", "2026-01-02T01:04:05.678"),
        ("2026-01-02 03:04:05.678 +0200", "2026-01-02T01:04:05.678"),
        ("2026-01-02 03:04:05 UTC", "2026-01-02T03:04:05"),
        ("2026-01-02", "2026-01-01T23:00"),
        ("20260102", "2026-01-01T23:00"),
        ("2026/1/2 3:04", "2026-01-02T02:04"),
        ("2026-07-02 03:04", "2026-07-02T01:04"),
        ("2 Jan 2026", "2026-01-01T23:00"),
        ("2-Jan-26 3:04 pm", "2026-01-02T14:04"),
        ("Jan 2nd, 2026 12:30 a.m.", "2026-01-01T23:30"),
        ("Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05"),
        ("January 2, 2026 at 3:04 PM", "2026-01-02T14:04"),
        ("13/01/2026 03:04", "2026-01-13T02:04"),
        ("01/13/2026 3:04 PM", "2026-01-13T14:04"),
        ("13.1.26", "2026-01-12T23:00"),
        ("3.4.2026", "2026-04-02T22:00"),
        ("5/5/2026", "2026-05-04T22:00"),
        ("13/01/99", "1999-01-12T23:00"),
        ("1767323045", "2026-01-02T03:04:05"),
        ("1767323045678", "2026-01-02T03:04:05.678"),
        ("1767323045678901", "2026-01-02T03:04:05.678901"),
        ("1767323045.5", "2026-01-02T03:04:05.5"),
        (1767323045, "2026-01-02T03:04:05"),
        (1767323045.0, "2026-01-02T03:04:05"),
        (1767323045678, "2026-01-02T03:04:05.678"),
        (datetime.fromisoformat("2026-01-02T03:04"), "2026-01-02T02:04"),
        (datetime.fromisoformat("2026-01-02T03:04+05:00"), "2026-01-01T22:04"),
    ],
)
def test_a_moment_is_read_and_comes_out_in_utc(cell, moment):
    assert read(cell) == utc(moment)
    assert read(cell).tzinfo is UTC


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31/02/2026", "no day and time of the calendar"),
        ("2026-02-30", "no day and time of the calendar"),
        ("31.04.2026", "no day and time of the calendar"),
        ("13/13/2026", "no day and time of the calendar"),
        ("12/12/2026 25:00", "no day and time of the calendar"),
        ("12/12/2026 13:00 pm", "no day and time of the calendar"),
        ("31 Feb 2026", "no day and time of the calendar"),
        ("03/04/2026", "two ways"),
        ("yesterday", "not a date"),
        ("Q3 2026", "not a date"),
        ("45000", "not a date"),
        (45000.5, "not a date"),
        (float("inf"), "not a date"),
        ("1969-12-31", "outside the years 1970 to 2100"),
        ("2101-01-01", "outside the years 1970 to 2100"),
        ("0202-05-01", "outside the years 1970 to 2100"),
        (datetime.fromisoformat("1899-12-31"), "outside the years 1970 to 2100"),
    ],
)
def test_what_is_no_moment_is_refused_and_named(cell, why):
    with pytest.raises(Unusable, match=why) as caught:
        read(cell)
    assert caught.value.reason == "bad_date"
    assert str(cell).split(".")[0] in caught.value.sentence


@pytest.mark.parametrize(
    ("cell", "order", "moment"),
    [
        ("03/04/2026", "dmy", "2026-04-02T22:00"),
        ("03/04/2026", "mdy", "2026-03-03T23:00"),
        ("03/04/26", "ymd", "2003-04-25T22:00"),
        ("26/04/03", "ymd", "2026-04-02T22:00"),
        ("2026/04/03", "mdy", "2026-04-02T22:00"),
        ("13/04/2026", "ymd", "2026-04-12T22:00"),
    ],
)
def test_the_order_settles_what_could_be_read_two_ways(cell, order, moment):
    assert read(cell, order) == utc(moment)


@given(st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2100-12-30")))
def test_every_form_of_a_moment_is_the_same_moment(moment):
    moment = moment.replace(microsecond=0)
    aware = moment.replace(tzinfo=UTC)
    seconds = str(int(aware.timestamp()))
    forms = [
        aware.isoformat(),
        f"{moment:%d/%m/%Y %H:%M:%S}Z",
        f"{moment:%d %b %Y %I:%M:%S %p} UTC",
        f"{moment:%Y/%m/%d %H:%M:%S} GMT",
    ]
    forms += [f"{seconds}000"] * (len(seconds) > 8)
    assert {form: read(form, "dmy") for form in forms} == dict.fromkeys(forms, aware)


# --- Day or month first? -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "asked", "order"),
    [
        (["03/04/2026", "25/04/2026"], "auto", "dmy"),
        (["03/04/2026", "04/25/2026 10:00"], "auto", "mdy"),
        (["03/04/2026", "4.3.2026"], "auto", "dmy"),
        (["03/04/2026", "04/25/2026"], "dmy", "mdy"),  # what the column proves is stronger
        (["03/04/2026"], "dmy", "dmy"),
        (["03/04/2026"], "mdy", "mdy"),
        (["25/04/2026", "04/25/2026"], "mdy", "mdy"),
        (["26/04/03"], "ymd", "ymd"),
        (["2026-04-03", None, 5, "5/5/2026", "soon"], "auto", None),
        ([], "auto", None),
        (["03/04/2026"] * 20_000 + ["25/04/2026"], "auto", "dmy"),
    ],
)
def test_a_column_says_which_comes_first(cells, asked, order):
    assert settle_order("Created", cells, asked) == order


@pytest.mark.parametrize("cells", [["03/04/2026"], ["25/04/2026", "04/25/2026"], ["03/04/2026"] * 20_000])
def test_what_the_column_leaves_open_has_to_be_asked(cells):
    with pytest.raises(BadInput, match="Created") as caught:
        settle_order("Created", cells, "auto")
    assert caught.value.code == "ambiguous_dates"
    assert "--date-order" in caught.value.hint
