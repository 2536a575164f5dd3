"""From accepted to won or lost, from a shell."""

from decimal import Decimal

import pytest

from assay.domain.ladder import Rung
from assay.records.models import Deal, Lead, Touch
from tests.cli.conftest import Assay
from tests.people import a_lead_on, an_opportunity, an_sql, mara, max_, sam, sia

pytestmark = pytest.mark.django_db

NOTES = ("--budget", "20k", "--authority", "CFO", "--need", "audit", "--timeline", "May")


def by_sam() -> tuple[str, str]:
    return "--as", sam().email


def test_a_touch_that_reached_them_makes_contact(assay: Assay) -> None:
    lead = an_sql()
    done = assay("touch", lead.pk, "--kind", "call", "--reached", "--note", "Wants an offer", *by_sam())
    assert done.out.startswith(f"Logged: call, reached: Nina North · North (lead {lead.pk}).\n")
    assert "Confirm budget, authority, need and timeline" in done.out
    told = assay("touch", lead.pk, "--kind", "email", *by_sam(), "--json").json
    assert (told["touch"]["kind"], told["touch"]["reached"], told["lead"]["id"]) == ("email", False, lead.pk)
    assert Touch.objects.count() == 2
    assert "Use one of call, email, meeting, other." in assay("touch", lead.pk, "--kind", "fax", *by_sam()).err


def test_points_are_confirmed_one_by_one(assay: Assay) -> None:
    lead = an_sql()
    first = assay("confirm", lead.pk, "--budget", "20k", *by_sam())
    assert "Confirmed: budget; still open: authority, need, timeline" in first.out
    assert "all four are confirmed" in assay("confirm", lead.pk, *NOTES, *by_sam()).out


def test_a_deal_is_opened_and_won(assay: Assay) -> None:
    lead = an_sql()
    deal = ("open-deal", lead.pk, "--value", "12000.50", "--close", "2026-12-24", *by_sam())
    refused = assay(*deal)
    assert (refused.code, refused.out) == (1, "")
    assert "No two-way contact was made yet" in refused.err
    assay("touch", lead.pk, "--reached", *by_sam())
    assert "Not confirmed with a note: budget, authority, need, timeline." in assay(*deal).err
    assay("confirm", lead.pk, *NOTES, *by_sam())
    assert "Deal opened: Nina North" in assay(*deal).out
    opened = Deal.objects.get()
    assert (opened.value, opened.currency) == (Decimal("12000.50"), "EUR")
    told = assay("win", lead.pk, *by_sam(), "--json").json
    assert (told["move"], told["to"], told["details"]["value"]) == ("win", "won", "12000.50")
    won = Deal.objects.get()
    assert (won.actual_value, str(won.closed_on)) == (Decimal("12000.50"), "2026-11-04")


def test_points_can_come_with_the_deal_and_in_another_currency(assay: Assay) -> None:
    lead = an_sql()
    assay("touch", lead.pk, "--reached", *by_sam())
    done = assay(
        "open-deal", lead.pk, "--value", "9000", "--currency", "usd", "--close", "2026-12-24", *NOTES, *by_sam()
    )
    assert (done.code, Deal.objects.get().currency) == (0, "USD")


def test_a_won_deal_may_bring_another_value_on_another_day(assay: Assay) -> None:
    lead = an_opportunity()
    assert assay("win", lead.pk, "--value", "11500", "--on", "2026-11-03", *by_sam()).code == 0
    deal = Deal.objects.get()
    assert (deal.actual_value, str(deal.closed_on)) == (Decimal(11500), "2026-11-03")


def test_nothing_is_won_without_a_deal(assay: Assay) -> None:
    lead = an_sql()
    done = assay("win", lead.pk, *by_sam())
    assert (done.code, done.err) == (1, "A lead on rung sql cannot win.\n  win starts from opportunity.\n")


def test_a_deal_is_lost_with_a_reason_and_recycled(assay: Assay) -> None:
    lead = an_opportunity()
    assert "choose of: price" in assay("lose", lead.pk, *by_sam()).err
    assert "Lost: Nina North" in assay("lose", lead.pk, "--reason", "price", *by_sam()).out
    done = assay("recycle", lead.pk, "--reason", "not_now", "--look-again", "2027-03-01", *by_sam())
    assert done.out.endswith("  Next: Nurture until 2027-03-01.\n")
    assert (
        "is not in the future"
        in assay("recycle", an_sql().pk, "--reason", "not_now", "--look-again", "2026-11-04", *by_sam()).err
    )


def test_a_lead_is_disqualified_and_reopened(assay: Assay) -> None:
    lead = a_lead_on(Rung.LEAD)
    by = ("--as", mara().email)
    assert "Disqualified: " in assay("disqualify", lead.pk, "--reason", "wrong_fit", *by).out
    assert "A reason is needed" in assay("reopen", lead.pk, *by).err
    assert ", now cold lead." in assay("reopen", lead.pk, "--reason", "New director", *by).out
    assert Lead.objects.get().pass_no == 2


def test_a_manager_gives_a_lead_to_another(assay: Assay) -> None:
    lead = an_sql()
    done = assay("assign", lead.pk, "--to", sia().email, "--as", max_().email)
    assert done.out.startswith("Assigned to Sia: Nina North")
    assert assay("assign", lead.pk, "--to", sia().email, "--as", max_().email, "--json").json["owner"] == sia().email
    assert Lead.objects.get().owner == sia()
