"""What sources and campaigns cost: each day once, corrected by the same days, taken back whole."""

from datetime import date
from decimal import Decimal

import pytest

from assay.actions.actors import actor
from assay.actions.imports import import_costs
from assay.actions.spend import enter_cost, remove_cost
from assay.actions.undo import undo_import
from assay.domain.errors import AssayError
from assay.domain.rows import CostRow, Refusal
from assay.records.models import Campaign, Import, Quarantine, Source, Spend
from tests.people import NOW, a_lead, mara, sam

pytestmark = pytest.mark.django_db


def cost(amount: int = 100, first: int = 1, last: int = 31, campaign: str | None = "Brand", source: str = "Google Ads"):
    """A cost of some days of October."""
    return CostRow(source, campaign, date(2026, 10, first), date(2026, 10, last), Decimal(amount), "EUR", line=2)


def bring(*rows: CostRow | Refusal) -> Import:
    """Mara imports costs."""
    return import_costs(rows, "costs.csv", {"cost": "Cost"}, actor(mara()), NOW)


def on_record() -> list[tuple[int, int, str, Decimal]]:
    rows = Spend.objects.order_by("source__name", "campaign__name", "first")
    return [(row.first.day, row.last.day, str(row.campaign or ""), row.amount) for row in rows]


def test_the_same_days_again_correct_the_cost_and_other_days_that_share_some_are_refused() -> None:
    assert bring(cost(100), cost(30, campaign=None), cost(5, source="Fair")).counts["new"] == 3
    assert bring(cost(100)).counts == {"rows": 1, "known": 1}
    again = bring(
        cost(120), cost(9, first=31, last=31), cost(8, campaign="Other"), cost(1, first=1, last=2, source="F")
    )
    assert again.counts == {"rows": 4, "new": 2, "changed": 1, "quarantined": 1}
    assert [row.code for row in Quarantine.objects.all()] == ["overlapping_cost"]
    assert (1, 31, "Brand", Decimal(120)) in on_record()
    assert Spend.objects.count() == 5


def test_days_of_one_file_may_not_overlap_either() -> None:
    done = bring(cost(1, 1, 7), cost(2, 8, 14), cost(3, 7, 8), cost(4, 15, 15), cost(5, 14, 15))
    assert done.counts == {"rows": 5, "new": 3, "quarantined": 2}
    assert [row[:2] for row in on_record()] == [(1, 7), (8, 14), (15, 15)]


def test_undoing_puts_corrected_costs_back_and_takes_new_ones_with_their_names() -> None:
    lead = a_lead(source="Google Ads", campaign="Brand")
    bring(cost(100))
    done = bring(cost(120), cost(50, source="Fair", campaign="Booth"))
    counts = undo_import(done.pk, actor(mara()), NOW)
    assert (counts["costs"], counts["put_back"], counts["leads"]) == (1, 1, 0)
    assert on_record() == [(1, 31, "Brand", Decimal(100))]
    assert not Source.objects.filter(name="Fair").exists()
    assert Campaign.objects.get() == lead.campaign


def test_by_hand_by_marketing_alone() -> None:
    enter_cost(cost(), actor(mara()))
    for row, by, code in (
        (cost(), actor(sam()), "wrong_desk"),
        (cost(5, 3, 9), actor(mara()), "overlapping_cost"),
        (cost(5, 9, 3), actor(mara()), "bad_period"),
        (cost(source=" "), actor(mara()), "no_source"),
    ):
        with pytest.raises(AssayError) as why:
            enter_cost(row, by)
        assert why.value.code == code
    spend = Spend.objects.get()
    with pytest.raises(AssayError):
        remove_cost(spend.pk, actor(sam()))
    remove_cost(spend.pk, actor(mara()))
    with pytest.raises(AssayError) as why:
        remove_cost(spend.pk, actor(mara()))
    assert why.value.code == "unknown_cost"
