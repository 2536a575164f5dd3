"""Signals of a file: when, what, who; the same row is the same signal, whatever file it comes in."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.intake.columns import signal_mapping
from assay.intake.rows import Format, Table
from assay.intake.signals import Refusal, SignalRow, read_signals
from assay.intake.tables import read_table

PARIS = ZoneInfo("Europe/Paris")


def signals(table, overrides=(), **options):
    """Every row of a table as a signal or a refusal."""
    return list(read_signals(table, signal_mapping(table.columns, overrides), tz=PARIS, **options))


def a_table(path, header, *rows):
    """A table of rows as they would come from a file."""
    return Table(path, list(header), Format("csv"), lambda: iter(enumerate(rows, start=2)))


@pytest.fixture
def signal(tmp_path):
    """The signal, or refusal, of one row of named cells; Ann's page view of the second of January by default."""

    def read(cells=(), **options):
        cells = {"at": "2026-01-02T03:04:05Z", "kind": "page_view", "email": "ann@acme.com"} | dict(cells)
        (row,) = signals(a_table(tmp_path, cells, list(cells.values())), **options)
        return row

    return read


def test_a_whole_row(write):
    path = write(
        "messageId,timestamp,event,userId,anonymousId,email,context.page.url,bot,Plan,Seats\n"
        "m-1,2026-01-02T03:04:05.678Z,Pricing Viewed,7,v-1,Ann <Ann+x@Acme.com>,https://x.example/pricing,false,Pro,\n"
    )
    assert signals(read_table(path)) == [
        SignalRow(
            message_id="m-1",
            at=datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
            kind="pricing_viewed",
            line=2,
            lead_id="7",
            email_key="ann@acme.com",
            visitor_id="v-1",
            url="https://x.example/pricing",
            bot=False,
            properties={"Plan": "Pro"},
        )
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pricing_view", "pricing_view"),
        ("  Pricing Viewed ", "pricing_viewed"),
        ("Demo - Request", "demo_request"),
        ("email-click", "email_click"),
        ("Webinar\u00a0Attended", "webinar_attended"),
        ("A_SUBMITTED", "a_submitted"),
        (85048.0, "85048"),
    ],
)
def test_a_kind_is_spelled_as_policies_spell_it(signal, text, kind):
    assert signal({"kind": text}).kind == kind


@pytest.mark.parametrize(
    ("cell", "bot"),
    [
        ("true", True),
        ("1", True),
        (True, True),
        ("Yes", True),
        ("false", False),
        (0, False),
        ("", False),
        (None, False),
    ],
)
def test_bots_are_marked(signal, cell, bot):
    assert signal({"bot": cell}).bot is bot


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-07-02 03:04", datetime(2026, 7, 2, 1, 4, tzinfo=UTC)),
        ("1767323045", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (1767323045678, datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)),
        ("25/12/2026 10:00", datetime(2026, 12, 25, 9, 0, tzinfo=UTC)),
    ],
)
def test_the_time_may_be_iso_an_epoch_or_the_column_s_own_order(signal, cell, at):
    assert signal({"at": cell}).at == at


@pytest.mark.parametrize(
    ("who", "ids"),
    [
        ({"lead_id": "7"}, ("7", None, None)),
        ({"email": "Ann@Acme.com"}, (None, "ann@acme.com", None)),
        ({"visitor_id": "v-1"}, (None, None, "v-1")),
    ],
)
def test_one_of_three_says_who(signal, who, ids):
    row = signal({"email": ""} | who)
    assert (row.lead_id, row.email_key, row.visitor_id) == ids


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"at": ""}, "no_time"),
        ({"at": None}, "no_time"),
        ({"at": float("nan")}, "no_time"),
        ({"at": "31/02/2026"}, "bad_date"),
        ({"at": "1767"}, "bad_date"),
        ({"at": "99999999999999"}, "bad_date"),
        ({"kind": "N/A"}, "no_kind"),
        ({"email": ""}, "no_contact"),
        ({"email": "ann@"}, "bad_email"),
        ({"bot": "perhaps"}, "bad_flag"),
        ({"kind": "x" * 101}, "too_long"),
        ({"kind": "İ" * 60}, "too_long"),  # twice as long in lower case
        ({"message_id": "x" * 201}, "too_long"),
        ({"lead_id": "x" * 321}, "too_long"),
        ({"url": "x" * 8_001}, "too_long"),
    ],
)
def test_a_row_is_refused_with_its_reason(signal, cells, code):
    row = signal(cells)
    assert isinstance(row, Refusal)
    assert (row.line, row.code) == (2, code)
    assert row.sentence.endswith(".")
    assert len(row.sentence) < 250


# --- The row is its own identity -----------------------------------------------------------------

HEADER = ["at", "kind", "lead_id", "url", "bot", "Seats", "Plan"]
ROW = ["2026-01-02T03:04:05+00:00", "Pricing View", "7", "https://x.example/", "false", "5", "Pro"]


def message_id(table):
    (row,) = signals(table)
    return row.message_id


def test_without_an_id_the_content_is_the_identity(tmp_path):
    first, again, other = signals(a_table(tmp_path, HEADER, ROW, ROW, [*ROW[:-1], "Basic"]))
    assert first.message_id == again.message_id != other.message_id
    assert first.message_id.startswith("row:")
    assert len(first.message_id) == len("row:") + 32


def test_each_part_of_the_content_counts(tmp_path):
    changed = ["2026-01-02T03:04:06+00:00", "page view", "8", "https://x.example/a", "true", "6", "Basic"]
    rows = [ROW, *([*ROW[:place], new, *ROW[place + 1 :]] for place, new in enumerate(changed))]
    assert len({row.message_id for row in signals(a_table(tmp_path, HEADER, *rows))}) == 8


def test_what_one_column_says_is_not_taken_for_another(tmp_path):
    rows = [["2026-01-02", "x", "7", None, None, "a", None], ["2026-01-02", "x", "7", None, None, None, "a"]]
    assert len({row.message_id for row in signals(a_table(tmp_path, HEADER, *rows))}) == 2


def test_the_same_row_is_the_same_signal_from_any_kind_of_file(tmp_path, write, parquet):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append([datetime.fromisoformat("2026-01-02T04:04:05"), *ROW[1:4], False, 5, "Pro"])  # in Paris
    book.save(tmp_path / "signals.xlsx")
    columnar = parquet(
        "SELECT TIMESTAMPTZ '2026-01-02 03:04:05+00' AS at, 'pricing_view' AS kind, 7 AS lead_id, "
        "'https://x.example/' AS url, false AS bot, 5.0::DOUBLE AS Seats, 'Pro' AS Plan"
    )
    files = [
        write(f"{','.join(HEADER)}\n{','.join(ROW)}\n"),
        write(f"{';'.join(reversed(HEADER))}\n{';'.join(reversed(ROW))}\n", "turned.csv", "utf-16"),
        write(
            '{"timestamp":1767323045,"event":"pricing-view","userId":7,"url":"https://x.example/","Seats":5,"Plan":"Pro"}\n',
            "s.jsonl",
        ),
        tmp_path / "signals.xlsx",
        columnar,
    ]
    # Spelled out, because an id that changes with a version of ours would bring every old row in again.
    assert {message_id(read_table(path)) for path in files} == {"row:575bd01f297cff043145ce96c8173943"}


properties = st.dictionaries(
    st.sampled_from("ABCDEF"), st.none() | st.booleans() | st.integers() | st.text(), max_size=6
)


@given(properties, st.randoms(use_true_random=False))
def test_neither_the_order_of_columns_nor_space_changes_the_identity(tmp_path_factory, extra, shuffle: random.Random):
    cells = list((dict(zip(HEADER, ROW, strict=True)) | extra).items())
    turned = [(name, f" {cell}\n" if isinstance(cell, str) else cell) for name, cell in cells]
    shuffle.shuffle(turned)
    path = tmp_path_factory.getbasetemp()
    one, other = (signals(a_table(path, dict(row), list(dict(row).values()))) for row in (cells, turned))
    assert [getattr(row, "message_id", None) for row in one] == [getattr(row, "message_id", None) for row in other]
