"""Deals: the board and the table by close date, and what is done with one deal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from assay.actions import work
from assay.actions.actors import actor
from assay.actions.deals import change_deal
from assay.actions.policies import rule
from assay.desk.deals.board import Board, board, month_after, spans_of
from assay.desk.paging import page
from assay.domain.errors import MoveRefused
from assay.domain.ladder import Rung
from assay.records.models import Deal, Edit, Lead
from tests import people
from tests.desk.reading import browser, queries
from tests.people import BANT, NOW, a_lead_on, an_opportunity, an_sql

pytestmark = pytest.mark.django_db


def a_deal(value: int = 12_000, currency: str = "EUR", close: date | None = None, **said: object) -> Lead:
    """An open deal of Sam's as of now."""
    now = timezone.now()
    lead = an_sql(at=now, **said)
    work.log_touch(lead.pk, actor(people.sam()), now, kind="call", reached=True)
    day = close or now.date() + timedelta(days=60)
    work.open_deal(
        lead.pk, actor(people.sam()), now, value=Decimal(value), currency=currency, close_date=day, bant=BANT
    )
    return Lead.objects.get(pk=lead.pk)


def a_prospect(**said: object) -> Lead:
    lead = an_sql(at=timezone.now(), **said)
    work.log_touch(lead.pk, actor(people.sam()), timezone.now(), kind="call", reached=True)
    return lead


def deal_of(lead: Lead) -> Deal:
    return Deal.objects.get(lead=lead)


class TestBoard:
    def read(self, owner: int | None = None) -> Board:
        return board(owner, None, rule(NOW).policy, NOW)

    def lanes(self, owner: int | None = None) -> dict[str, list[str]]:
        shown = self.read(owner).lanes
        return {lane.name: [card.lead.person.name for card in lane.cards] for lane in shown}

    def test_the_columns_of_a_day_meet_without_a_gap(self) -> None:
        overdue, this, following, later = spans_of(date(2026, 12, 31))
        assert (overdue.end, this.start, this.end) == (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1))
        assert (following.start, following.end, later.start) == (date(2027, 1, 1), date(2027, 2, 1), date(2027, 2, 1))
        assert month_after(date(2027, 1, 31)) == date(2027, 2, 1)

    def test_deals_stand_by_close_date_and_overdue_only_where_there_are_any(self) -> None:
        for name, day in (("This", 4), ("Next", 5)):
            lead = an_opportunity(name=name)
            Deal.objects.filter(lead=lead).update(close_date=date(2026, 7 + day, 30))
        assert self.lanes() == {"this": ["This"], "next": ["Next"], "later": []}
        Deal.objects.filter(lead__person__name="Next").update(close_date=NOW.date() - timedelta(days=1))
        assert self.lanes() == {"overdue": ["Next"], "this": ["This"], "next": [], "later": []}

    def test_a_column_adds_up_by_currency(self) -> None:
        for value, currency in ((100, "EUR"), (200, "EUR"), (300, "USD")):
            lead = an_opportunity()
            Deal.objects.filter(lead=lead).update(value=value, currency=currency)
        total = self.read().lanes[0].total
        assert (total.count, total.sums) == (3, {"EUR": Decimal(300), "USD": Decimal(300)})

    def test_prospects_are_candidates_with_what_is_confirmed(self) -> None:
        lead = a_prospect(name="Pia")
        an_sql(name="Not reached")
        work.confirm(lead.pk, actor(people.sam()), {"need": "two tools"})
        [card] = self.read().prospects
        assert card.lead.person.name == "Pia"
        assert [(tick.point, tick.note) for tick in card.ticks if tick.note] == [("need", "two tools")]

    def test_what_ended_this_month_is_told(self) -> None:
        a_lead_on(Rung.WON)
        a_lead_on(Rung.LOST)
        ended = self.read().ended
        assert (ended["won"].count, ended["won"].sums, ended["lost"].count) == (1, {"EUR": Decimal(11_000)}, 1)

    def test_the_owner_filters(self) -> None:
        an_opportunity(name="Of Sam")
        assert self.lanes(people.sam().pk)["this"] == ["Of Sam"]
        assert self.read(people.sia().pk).empty

    def test_everybody_may_look_and_who_may_not_change_sees_no_form(self, client: Client) -> None:
        lead = a_deal()
        for user in (people.vic(), people.mara(), people.sia(), people.ada()):
            client.force_login(user)
            page = client.get("/deals/").content.decode()
            assert "€12,000" in page
            assert "data-deal" not in page
            assert f"deals/{lead.pk}/win" not in client.get(f"/deals/{lead.pk}/").content.decode()
        client.force_login(people.max_())
        assert "data-deal" in client.get("/deals/").content.decode()

    def test_an_empty_board_says_what_to_do(self, client: Client) -> None:
        client.force_login(people.sam())
        assert "No deals yet" in client.get("/deals/").content.decode()

    @pytest.mark.parametrize("address", ["/deals/", "/deals/?view=table"])
    def test_it_takes_the_same_number_of_queries(self, address: str) -> None:
        sam = browser(people.sam())
        few = 0
        for _ in range(2):
            a_deal()
            a_prospect()
            few = queries(sam, address)
        for _ in range(5):
            a_deal()
            a_prospect()
        assert queries(sam, address) == few


class TestTable:
    def order(self, client: Client, query: str) -> list[str]:
        client.force_login(people.sam())
        return [card.lead.person.name for card in client.get(f"/deals/?view=table{query}").context["cards"]]

    def test_it_sorts_by_any_column_both_ways(self, client: Client) -> None:
        today = timezone.now().date()
        a_deal(100, close=today + timedelta(days=9), name="Zoe")
        a_deal(300, close=today + timedelta(days=3), name="Amy")
        assert self.order(client, "") == ["Amy", "Zoe"]
        assert self.order(client, "&sort=-ends") == ["Zoe", "Amy"]
        assert self.order(client, "&sort=worth") == ["Zoe", "Amy"]
        assert self.order(client, "&sort=-worth") == ["Amy", "Zoe"]
        assert self.order(client, "&sort=who") == ["Amy", "Zoe"]
        assert self.order(client, "&sort=nonsense") == ["Amy", "Zoe"]

    def test_the_next_page_goes_on_after_the_last_row(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "assay.desk.deals.views.page", lambda request, rows, order: page_of_one(request, rows, order)
        )
        for number, name in enumerate(("A", "B", "C")):
            a_deal(100 + number, name=name)
        client.force_login(people.sam())
        seen, address = [], "/deals/?view=table&sort=worth"
        while address:
            context = client.get(address).context
            seen += [card.lead.person.name for card in context["cards"]]
            address = context["page"].after
        assert seen == ["A", "B", "C"]

    def test_won_and_lost_deals_have_their_own_list(self, client: Client) -> None:
        a_lead_on(Rung.WON, name="Winner")
        a_lead_on(Rung.LOST, name="Loser")
        assert self.order(client, "&state=won") == ["Winner"]
        assert self.order(client, "&state=lost") == ["Loser"]
        assert self.order(client, "") == []


def page_of_one(request: object, rows: object, order: object) -> object:
    return page(request, rows, order, size=1)  # type: ignore[arg-type]


class TestChange:
    def test_value_and_date_change_and_what_they_said_is_kept(self) -> None:
        lead, by = an_opportunity(), actor(people.sam())
        later = NOW.date() + timedelta(days=40)
        change_deal(lead.pk, by, NOW, value=Decimal(15_000), close_date=later)
        deal = deal_of(lead)
        assert (deal.value, deal.currency, deal.close_date) == (Decimal(15_000), "EUR", later)
        told = {edit.field: (edit.before, edit.after) for edit in Edit.objects.filter(lead=lead)}
        assert told == {"deal.value": ("12000.00", "15000"), "deal.close_date": ("2026-11-04", later.isoformat())}
        assert change_deal(lead.pk, by, NOW, close_date=later) == []

    def test_a_date_in_the_past_and_a_value_of_nothing_are_refused(self) -> None:
        lead, by = an_opportunity(), actor(people.sam())
        for said in ({"close_date": NOW.date() - timedelta(days=1)}, {"value": Decimal(0)}, {"currency": " "}):
            with pytest.raises(MoveRefused, match="not changed"):
                change_deal(lead.pk, by, NOW, **said)
        assert deal_of(lead).value == 12_000
        assert not Edit.objects.exists()

    def test_only_the_owner_or_a_manager_may(self) -> None:
        lead = an_opportunity()
        for user in (people.sia(), people.mara()):
            with pytest.raises(MoveRefused):
                change_deal(lead.pk, actor(user), NOW, value=Decimal(1))
        assert change_deal(lead.pk, actor(people.max_()), NOW, value=Decimal(1))

    def test_without_an_open_deal_there_is_nothing_to_change(self) -> None:
        for lead in (an_sql(), a_lead_on(Rung.WON)):
            with pytest.raises(MoveRefused, match="no open deal"):
                change_deal(lead.pk, actor(people.sam()), NOW, value=Decimal(1))


class TestOneDeal:
    def post(self, client: Client, lead: Lead, name: str, **said: object) -> str:
        return client.post(f"/deals/{lead.pk}/{name}/", said, follow=True).content.decode()

    def test_a_prospect_is_confirmed_opened_moved_and_won(self, client: Client) -> None:
        lead, today = a_prospect(name="Nina"), timezone.now().date()
        client.force_login(people.sam())
        assert "Notes kept." in self.post(client, lead, "confirm", budget="20k", authority="signs", need="two tools")
        shown = client.get(f"/deals/{lead.pk}/").content.decode()
        assert "not confirmed" in shown
        assert 'id="open-timeline"' in shown
        assert 'id="open-budget"' not in shown
        close = today + timedelta(days=30)
        said = {"value": "12000", "currency": "eur", "close_date": close.isoformat(), "timeline": "June"}
        assert "The deal is open." in self.post(client, lead, "open", **said)
        moved = close + timedelta(days=30)
        assert "The deal is changed." in self.post(client, lead, "change", close_date=moved.isoformat())
        assert deal_of(lead).close_date == moved
        assert "The deal is won." in self.post(client, lead, "win", value="11500", closed_on=today.isoformat())
        assert deal_of(lead).actual_value == 11_500
        assert "This deal is decided." in client.get(f"/deals/{lead.pk}/").content.decode()

    def test_a_deal_is_lost_with_a_reason_of_the_rule(self, client: Client) -> None:
        lead = a_deal()
        client.force_login(people.sam())
        assert "Choose a reason." in self.post(client, lead, "lose")
        future = (timezone.now() + timedelta(days=3)).date().isoformat()
        assert "cannot be lost in the future" in self.post(client, lead, "lose", reason="price", closed_on=future)
        assert "The deal is lost" in self.post(client, lead, "lose", reason="price")
        assert (deal_of(lead).outcome, deal_of(lead).reason) == ("lost", "price")

    def test_what_the_guards_say_stands_on_the_page_and_nothing_changes(self, client: Client) -> None:
        lead = a_prospect()
        client.force_login(people.sam())
        said = {"value": "12000", "currency": "EUR", "close_date": "2099-01-01"}
        page = client.post(f"/deals/{lead.pk}/open/", said)
        assert page.status_code == 422
        assert "Not confirmed with a note" in page.content.decode()
        assert "is not an amount" in self.post(client, lead, "open", **said | {"value": "lots"})
        assert not Deal.objects.filter(opened_at__isnull=False).exists()

    def test_dropping_a_card_on_a_month_changes_the_close_date(self, client: Client) -> None:
        lead = a_deal()
        client.force_login(people.sam())
        said = {"from": "board", "close_date": "2099-01-31"}
        headers = {"HX-Request": "true", "HX-Target": "board"}
        part = client.post(f"/deals/{lead.pk}/change/", said, headers=headers).content.decode()
        assert 'id="board"' in part
        assert "<html" not in part
        assert "The deal is changed." in part
        assert deal_of(lead).close_date == date(2099, 1, 31)
        past = client.post(f"/deals/{lead.pk}/change/", said | {"close_date": "2020-01-31"}, follow=True)
        assert "not in the past" in past.content.decode()
        assert deal_of(lead).close_date == date(2099, 1, 31)

    def test_a_colleague_may_not(self, client: Client) -> None:
        lead = a_deal()
        client.force_login(people.sia())
        assert "it belongs to Sam" in self.post(client, lead, "change", value="1")
        assert "it belongs to Sam" in self.post(client, lead, "win", value="1", closed_on=timezone.now().date())
        assert deal_of(lead).outcome == ""

    def test_a_second_click_on_won_is_told_and_changes_nothing(self, client: Client) -> None:
        lead, today = a_deal(), timezone.now().date().isoformat()
        client.force_login(people.sam())
        self.post(client, lead, "win", value="11500", closed_on=today)
        assert "already decided by Sam" in self.post(client, lead, "lose", reason="price")
        assert deal_of(lead).outcome == "won"

    def test_there_is_no_deal_of_a_lead_that_sales_never_had(self, client: Client) -> None:
        client.force_login(people.sam())
        assert client.get(f"/deals/{a_lead_on(Rung.MQL).pk}/").status_code == 404
        assert client.post(f"/deals/{an_sql().pk}/nonsense/").status_code == 404
