"""My work: what a salesperson owes whom next, by clock, and logging in one click that it was done."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.desk.work.queue import Queue, queue
from assay.records.models import Lead, Touch, User
from tests import people
from tests.desk.reading import browser, queries
from tests.people import BANT, NOW, a_lead, an_mql, an_opportunity, an_sql, observe

pytestmark = pytest.mark.django_db


def names(found: Queue) -> dict[str, list[str]]:
    """The people of each group, in order."""
    return {group.name: [row.lead.person.name for row in group.rows] for group in found.groups}


def read(now: datetime, owner: User | None = None) -> Queue:
    return queue((owner or people.sam()).pk, rule(now).policy, now)


def only(found: Queue) -> tuple[str, str, str]:
    """Group, what is owed and clock state of the one row."""
    [group] = found.groups
    [row] = group.rows
    return group.name, str(row.owed), row.clock.state


class TestClocks:
    def test_a_hot_lead_just_accepted_is_due_today_and_soon_now(self) -> None:
        an_sql()
        assert only(read(NOW)) == ("today", "first response", "running")
        assert only(read(NOW + timedelta(minutes=40))) == ("now", "first response", "due_soon")
        assert only(read(NOW + timedelta(hours=2))) == ("now", "first response", "breached")

    def test_the_first_response_counts_from_the_hand_raise_not_from_acceptance(self) -> None:
        lead = an_mql()
        gate.accept(lead.pk, actor(people.sam()), NOW + timedelta(minutes=50))
        assert only(read(NOW + timedelta(minutes=55))) == ("now", "first response", "due_soon")

    def test_a_touch_answers_and_the_next_one_is_owed(self) -> None:
        lead = an_sql()
        work.log_touch(lead.pk, actor(people.sam()), NOW + timedelta(minutes=5), kind="call", reached=False)
        assert only(read(NOW + timedelta(hours=2)))[1:] == ("follow-up", "running")

    def test_an_automatic_email_answers_nothing(self) -> None:
        lead = an_sql()
        work.log_touch(lead.pk, actor(people.sam()), NOW, kind="email", reached=False, automatic=True)
        assert only(read(NOW + timedelta(hours=2))) == ("now", "first response", "breached")

    def test_somebody_who_asks_again_waits_for_a_first_response_again(self) -> None:
        lead = an_sql()
        work.log_touch(lead.pk, actor(people.sam()), NOW, kind="call", reached=True)
        observe(lead, "pricing_inquiry", at=NOW + timedelta(hours=1))
        found = read(NOW + timedelta(hours=3))
        assert only(found) == ("now", "first response", "breached")
        assert found.groups[0].rows[0].step == "Answer: they asked for us again"

    def test_a_close_date_that_passed_comes_before_everything(self) -> None:
        an_opportunity(name="Over")
        an_sql(at=NOW + timedelta(days=6), name="Fresh")
        found = read(NOW + timedelta(days=6))
        assert names(found) == {"now": ["Over"], "today": ["Fresh"]}
        row = found.groups[0].rows[0]
        assert (str(row.owed), row.step) == ("close date passed", "Win it, lose it, or agree a new date")

    def test_the_longest_over_comes_first_and_what_is_due_another_day_later(self) -> None:
        an_sql(name="Second", at=NOW + timedelta(hours=1))
        an_sql(name="First")
        at = NOW + timedelta(hours=7)
        lead = an_sql(name="Third", at=at)
        work.log_touch(lead.pk, actor(people.sam()), at, kind="call", reached=True)
        assert names(read(at)) == {"now": ["First", "Second"], "later": ["Third"]}


class TestPage:
    def test_it_shows_own_leads_with_labels_stage_value_and_next_step(self, client: Client) -> None:
        now, by = timezone.now(), actor(people.sam())
        lead = an_sql(at=now, name="Olga")
        work.log_touch(lead.pk, by, now, kind="call", reached=True)
        day = now.date() + timedelta(days=30)
        work.open_deal(lead.pk, by, now, value=Decimal(12_000), currency="EUR", close_date=day, bant=BANT)
        client.force_login(people.sam())
        page = client.get("/work/").content.decode()
        for text in ("Olga", "hot opportunity", "Move the deal: agree the next date", "€12,000", "follow-up"):
            assert text in page

    def test_a_rep_sees_nobody_elses_whatever_the_address_says(self, client: Client) -> None:
        an_sql(name="Of Sam")
        client.force_login(people.sia())
        assert "Of Sam" not in client.get("/work/?owner=all").content.decode()
        assert "Nothing is owed to anybody" in client.get(f"/work/?owner={people.sam().pk}").content.decode()

    def test_a_manager_switches_to_a_person_and_to_everybody(self, client: Client) -> None:
        an_sql(name="Of Sam")
        client.force_login(people.max_())
        assert "Of Sam" not in client.get("/work/").content.decode()
        assert "Of Sam" in client.get(f"/work/?owner={people.sam().pk}").content.decode()
        assert "Of Sam" in client.get("/work/?owner=all").content.decode()
        assert "Of Sam" not in client.get(f"/work/?owner={people.sia().pk}").content.decode()

    def test_others_than_sales_are_refused(self, client: Client) -> None:
        client.force_login(people.mara())
        assert client.get("/work/").status_code == 403

    def test_names_without_a_space_and_three_hundred_letters_long_are_shown(self, client: Client) -> None:
        an_sql(name="x" * 300)
        client.force_login(people.sam())
        assert "x" * 300 in client.get("/work/").content.decode()

    def test_it_takes_the_same_number_of_queries_whatever_is_owed(self) -> None:
        sam = browser(people.sam())
        an_opportunity()
        queries(sam, "/work/")
        few = queries(sam, "/work/")
        for _ in range(6):
            an_opportunity()
        assert queries(sam, "/work/") == few


class TestLogging:
    def log(self, client: Client, lead: Lead, **said: str) -> str:
        said = {"kind": "call", "reached": "yes"} | said
        return client.post(f"/work/{lead.pk}/touch/?owner=all", said, follow=True).content.decode()

    def test_one_click_logs_a_call_and_moves_the_clock_on(self, client: Client) -> None:
        lead = an_sql(at=datetime.now(UTC) - timedelta(days=3), name="Nina")
        client.force_login(people.sam())
        said = self.log(client, lead)
        assert "Call with Nina logged: reached. First response: met " in said
        assert "First response" not in self.log(client, lead, reached="no")
        touch = Touch.objects.filter(lead=lead).earliest("pk")
        assert (touch.kind, touch.reached, touch.by_name) == ("call", True, "Sam")

    def test_htmx_gets_the_list_with_the_notice(self, client: Client) -> None:
        lead = an_sql(at=timezone.now(), name="Nina")
        client.force_login(people.sam())
        headers = {"HX-Request": "true", "HX-Target": "work"}
        page = client.post(f"/work/{lead.pk}/touch/", {"kind": "email", "reached": "no"}, headers=headers)
        text = page.content.decode()
        assert "<html" not in text
        assert "Email to Nina logged: not reached." in text
        assert 'id="work"' in text

    def test_what_was_not_said_is_asked_for(self, client: Client) -> None:
        client.force_login(people.sam())
        assert "Choose what it was" in self.log(client, an_sql(), kind="pigeon")
        assert not Touch.objects.exists()

    def test_a_colleagues_lead_is_not_ours_to_log(self, client: Client) -> None:
        client.force_login(people.sia())
        assert "it belongs to Sam" in self.log(client, an_sql())
        assert not Touch.objects.exists()

    def test_a_lead_that_is_gone_changes_nothing(self, client: Client) -> None:
        client.force_login(people.sam())
        a_lead()
        page = client.post("/work/999999/touch/", {"kind": "call", "reached": "yes"}, follow=True)
        assert "There is no lead 999999." in page.content.decode()
