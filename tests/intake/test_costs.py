"""Files of costs: as people write them, and as advertising platforms export them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assay.domain.errors import BadInput
from assay.domain.rows import CostRow, Refusal
from assay.intake.costs import Unsaid
from assay.intake.files import Reading, open_costs

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def read(folder: Path, text: str, source: str = "Ads") -> list[CostRow | Refusal]:
    path = folder / "costs.csv"
    path.write_text(text, encoding="utf-8")
    return list(open_costs(path, Reading(), Unsaid(source, "EUR")).rows)


def cost(row: CostRow | Refusal) -> tuple[str, str | None, date, date, Decimal, str]:
    assert isinstance(row, CostRow), row
    return row.source, row.campaign, row.first, row.last, row.amount, row.currency


@pytest.mark.parametrize("month", ["2026-10", "10/2026", "October 2026", "Oct-2026", "2026-10-01", "202610"])
def test_a_month_is_all_its_days(tmp_path: Path, month: str) -> None:
    [row] = read(tmp_path, f"month,source,campaign,cost,currency\n{month},Fair,Booth,9800,CHF\n")
    assert cost(row) == ("Fair", "Booth", *OCTOBER, Decimal(9800), "CHF")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # Google Ads
            'Day,Campaign,Currency code,Cost\n2026-10-05,Brand,EUR,"1,200.50"\n2026-10-05,Brand,EUR,0.505\n',
            ("Ads", "Brand", date(2026, 10, 5), date(2026, 10, 5), Decimal("1201.00"), "EUR"),
        ),
        (  # LinkedIn
            "Start Date (in UTC);Account Name;Currency;Campaign Group Name;Campaign Name;Total Spent\n"
            "10/31/2026;LinkedIn;USD;Autumn;Managers;55.25\n",
            ("LinkedIn", "Managers", date(2026, 10, 31), date(2026, 10, 31), Decimal("55.25"), "USD"),
        ),
        (  # Meta
            "Campaign name,Reporting starts,Reporting ends,Amount spent (GBP)\nAlike,2026-10-01,2026-10-31,812.4\n",
            ("Ads", "Alike", *OCTOBER, Decimal("812.40"), "GBP"),
        ),
    ],
)
def test_exports_of_platforms_are_recognised_and_rows_of_one_day_added_up(
    tmp_path: Path, text: str, expected: object
) -> None:
    [row] = read(tmp_path, text)
    assert cost(row) == expected


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",2026-10-01,,Brand,5,EUR", "no_source"),
        ("Fair,,,,5,EUR", "no_time"),
        ("Fair,2026-10-09,2026-10-01,,5,EUR", "bad_date"),
        ("Fair,soon,,,5,EUR", "bad_date"),
        ("Fair,2026-10-01,,,,EUR", "bad_amount"),
        ("Fair,2026-10-01,,,1.234,EUR", "bad_amount"),
        ("Fair,2026-10-01,,,-5,EUR", "bad_amount"),
        ("Fair,2026-10-01,,,5,Euros", "bad_currency"),
        (f"Fair,2026-10-01,,{'x' * 201},5,EUR", "too_long"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_its_reason(tmp_path: Path, line: str, code: str) -> None:
    good = "Fair,2026-10-01,,,5,EUR"
    rows = read(tmp_path, f"source,from,to,campaign,cost,currency\n{line}\n{good}\n", source="")
    assert [row.code for row in rows if isinstance(row, Refusal)] == [code]
    assert [cost(row)[0] for row in rows if isinstance(row, CostRow)] == ["Fair"]


def test_a_file_without_amounts_or_days_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="missing: cost, month or from"):
        read(tmp_path, "source,campaign\nFair,Booth\n")
