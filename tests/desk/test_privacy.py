"""On the lead page an admin hands out what is on record about somebody, or erases it after typing the address."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from assay.actions.landing import Landing, land
from assay.actions.receive import Tally
from assay.actions.signals import record_signals
from assay.records.models import Erasure, Landed, Lead
from tests.actions.arrivals import arrived
from tests.desk.reading import browser, text
from tests.people import NOW, a_lead, a_signal, ada, an_opportunity, mara, max_, observe, sam, vic

pytestmark = pytest.mark.django_db

EMAIL = "nina@north.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        yield


def test_the_page_offers_it_to_an_admin_and_nobody_else(client: Client):
    lead = a_lead(email=EMAIL)
    assert "Personal data" in text(browser(ada()).get(f"/leads/{lead.pk}/"))
    for who in (mara(), sam(), max_(), vic()):
        page = browser(who)
        assert "Personal data" not in text(page.get(f"/leads/{lead.pk}/"))
        for address in ("data.json", "erase/"):
            assert page.get(f"/leads/{lead.pk}/{address}").status_code == 403
            assert page.post(f"/leads/{lead.pk}/{address}").status_code == 403


def test_everything_is_a_file(client: Client):
    lead = observe(a_lead(email=EMAIL), "page_view")
    land(Landing([arrived("pricing_view", email=EMAIL)]), Tally(), NOW)  # a moment ago
    response = browser(ada()).get(f"/leads/{lead.pk}/data.json")
    assert response.headers["Content-Disposition"] == f'attachment; filename="person-{lead.pk}.json"'
    assert response.headers["Cache-Control"] == "no-store"
    told = json.loads(response.content)
    assert (told["Person"][0]["email"], len(told["Signal"])) == (EMAIL, 2)


def test_it_says_what_will_be_lost_and_asks_for_the_address():
    lead = an_opportunity(email=EMAIL)
    page = text(browser(ada()).get(f"/leads/{lead.pk}/erase/"))
    for said in ("Erase Nina North", "go for good", "Type nina@north.example to go on", "Contacts 1", "Deals 1"):
        assert said in page
    wrong = browser(ada()).post(f"/leads/{lead.pk}/erase/", {"why": "asked", "confirm": "nina@north"})
    assert wrong.status_code == 422
    assert "Nothing was erased" in text(wrong)
    assert not Erasure.objects.exists()


def test_with_the_address_they_are_erased():
    lead = an_opportunity(email=EMAIL)
    land(Landing([arrived("pricing_view", email=EMAIL)]), Tally(), NOW)
    said = {"why": "withdrew", "confirm": " Nina@North.example"}
    page = text(browser(ada()).post(f"/leads/{lead.pk}/erase/", said, follow=True))
    assert f"Erased, as number {Erasure.objects.get().pk}." in page
    assert "Nina" not in page
    assert (Lead.objects.get().rung, Erasure.objects.get().why) == ("lost", "withdrew")
    assert not Landed.objects.exists()


def test_who_has_no_address_is_named_by_the_name():
    lead = a_lead(email=None, name="Nina North", phone="+33142685300", company=None)
    page = browser(ada())
    assert "Type Nina North to go on" in text(page.get(f"/leads/{lead.pk}/erase/"))
    page.post(f"/leads/{lead.pk}/erase/", {"why": "asked", "confirm": "Nina North"})
    assert Erasure.objects.count() == 1
    assert f"Type Person {lead.person_id} to go on" in text(page.get(f"/leads/{lead.pk}/erase/"))


def test_a_scanner_s_click_is_told_as_such():
    lead = a_lead(email=EMAIL)
    said = {"mail_id": "m", "link": "a", "delivered_at": NOW.isoformat()}
    record_signals(
        [a_signal("email_click", NOW + timedelta(seconds=4), EMAIL, properties=said)], NOW + timedelta(minutes=1)
    )
    page = text(browser(vic()).get(f"/leads/{lead.pk}/"))
    assert "by a mail scanner, within seconds of the delivery: weighs nothing" in page
