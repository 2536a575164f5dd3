"""The calendar of due work: what stands in it, whose it is, and that its address can be taken back."""

import re
from datetime import datetime

import pytest
from django.test import Client
from icalendar import Calendar, Event

from assay.actions.actors import actor
from assay.actions.tokens import calendar_token
from assay.domain.ladder import Rung
from assay.records.models import User
from tests import people
from tests.api.programs import program_of
from tests.people import NOW

pytestmark = pytest.mark.django_db


def address_of(user: User) -> str:
    """The address that somebody makes on the page of their tokens."""
    client = Client()
    client.force_login(user)
    page = client.post("/account/tokens/calendar/").content.decode()
    found = re.search(r'id="address">http://testserver(\S+)</code>', page)
    assert found, page
    return found[1]


def events(address: str) -> dict[str, Event]:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.content).events}


def test_it_shows_what_is_due_of_ones_own_leads():
    people.an_sql(name="Ann Answer")
    deal = people.an_opportunity(name="Otto Open")
    people.a_lead_on(Rung.WON)
    people.an_mql()
    found = events(address_of(people.sam()))
    assert set(found) == {
        "First response due: Ann Answer · North",
        "Follow-up due: Otto Open · North",
        "Deal closes: Otto Open · North",
    }
    first = found["First response due: Ann Answer · North"]
    assert isinstance(first.start, datetime)
    assert first.start > NOW
    closes = found["Deal closes: Otto Open · North"]
    assert (closes.start, str(closes["DESCRIPTION"])) == (NOW.date(), "12,000.00 EUR")
    assert str(closes["URL"]) == f"http://testserver/leads/{deal.pk}/"
    assert not events(address_of(people.sia()))


def test_its_titles_are_in_the_language_of_its_owner():
    people.an_opportunity(name="Otto Open")
    User.objects.filter(pk=people.sam().pk).update(language="de")
    assert "Abschluss: Otto Open · North" in events(address_of(people.sam()))


def test_an_event_keeps_its_name_so_that_calendars_move_it_instead_of_adding_another():
    people.an_opportunity()
    address = address_of(people.sam())
    names = [sorted(str(event["UID"]) for event in events(address).values()) for _ in range(2)]
    assert names[0] == names[1]
    assert len(set(names[0])) == 2


def test_a_new_address_or_revoking_it_ends_the_one_before():
    sam = people.sam()
    first = address_of(sam)
    second = address_of(sam)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    sam.is_active = False
    sam.save()
    assert Client().get(second).status_code == 404


def test_no_other_token_opens_it_and_its_own_opens_nothing_else():
    sam = people.sam()
    other = program_of(sam, "leads:read")
    assert Client().get(f"/api/calendar/{other.secret}.ics").status_code == 404
    _, secret = calendar_token(sam, actor(sam), NOW)
    answer = Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/leads")
    assert answer.status_code == 403
    assert answer.json()["code"] == "missing_scope"
