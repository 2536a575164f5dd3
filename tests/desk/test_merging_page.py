"""Two leads are said to be one person on the lead's page, and parted again."""

from datetime import timedelta
from typing import Any

import pytest

from assay.actions.actors import actor
from assay.actions.merging import BY_HAND, merge_leads
from assay.desk.words import WHY_MERGED
from assay.domain.ladder import Rung
from assay.records.models import Lead, Merge, Quarantine
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, ada, an_mql, an_sql, mara, max_, observe, sam, vic

pytestmark = pytest.mark.django_db


def nina() -> Lead:
    return a_lead(name="Nina North", email="nina@north.example")


def her_again() -> Lead:
    return a_lead(name="Nina North", email="nina.north@free.example", phone="+33142685300")


def together(one: Lead, other: Lead) -> Quarantine:
    """An event named ids of both."""
    ids = [f"email:{lead.person.email}" for lead in (one, other)]
    return Quarantine.objects.create(code="two_people", sentence="Two.", raw={"ids": ids}, received_at=NOW, line=0)


def page(lead: Lead, who: Any = mara) -> Page:
    return browser(who()).get(f"/leads/{lead.pk}/")


def test_the_lead_page_leads_to_others_of_the_same_name():
    lead, other = nina(), her_again()
    client = browser(mara())
    assert f"/leads/{lead.pk}/same/" in client.get(f"/leads/{lead.pk}/").content.decode()
    content = client.get(f"/leads/{lead.pk}/same/").content.decode()
    assert f"/leads/{lead.pk}/same/{other.pk}/" in content
    assert f"/leads/{lead.pk}/same/{lead.pk}/" not in content


def test_the_other_can_be_searched():
    lead, other = nina(), a_lead(name="Olaf Osten", email="olaf@osten.example")
    client = browser(max_())
    found = client.get(f"/leads/{lead.pk}/same/?q=olaf", headers={"HX-Target": "found"})
    assert f"/leads/{lead.pk}/same/{other.pk}/" in found.content.decode()
    assert "<html" not in found.content.decode()
    assert "No other lead is found by that." in text(client.get(f"/leads/{lead.pk}/same/?q=nobody"))
    assert "Type a name" in text(client.get(f"/leads/{lead.pk}/same/?q="))


def test_both_stand_side_by_side_with_the_one_that_stays_first():
    lead, other = her_again(), an_sql(name="Nina North", email="nina@north.example")
    response = browser(mara()).get(f"/leads/{lead.pk}/same/{other.pk}/")
    assert (response.context["kept"].lead, response.context["merged"].lead) == (other, lead)
    said = text(response)
    assert said.index("nina@north.example") < said.index("nina.north@free.example")
    assert "+33142685300" in said


def test_they_become_one_and_both_pages_say_so():
    lead, other = nina(), her_again()
    client = browser(mara())
    address = f"/leads/{other.pk}/same/{lead.pk}/"
    response = client.post(address, {"why": "same voice"}, follow=True)
    assert response.redirect_chain == [(f"/leads/{lead.pk}/", 302)]
    assert "They are one person now" in text(response)
    assert "Merged from Nina North" in text(page(lead))
    assert "same voice" in text(page(lead))
    assert "Merged into Nina North" in text(page(other))
    assert "is part of lead" in text(client.post(address, {}, follow=True))
    assert Merge.objects.count() == 1


def test_they_part_again():
    lead, other = nina(), her_again()
    merge = merge_leads(lead.pk, other.pk, actor(mara()), NOW)
    client = browser(mara())
    address = f"/leads/{lead.pk}/apart/{merge.pk}/"
    assert "is a lead of their own again" in text(client.post(address, follow=True))
    assert "Merged" not in text(page(lead))
    assert "This was parted before." in text(client.post(address, follow=True))


@pytest.mark.parametrize("why", [BY_HAND, "their ids came together"])
def test_what_the_program_says_of_a_merge_is_told_in_the_readers_language(why: str):
    assert why in WHY_MERGED


def test_two_that_sales_works_on_are_not_merged():
    one, other = an_sql(), a_lead_on(Rung.OPPORTUNITY)
    client = browser(mara())
    address = f"/leads/{one.pk}/same/{other.pk}/"
    response = client.get(address)
    assert "Sales works on both." in text(response)
    assert "They are one person" not in text(response)
    assert "Sales works on both lead" in text(client.post(address))
    assert not Merge.objects.exists()


def test_who_is_part_of_somebody_is_told():
    one, other, third = nina(), her_again(), a_lead()
    merge_leads(one.pk, other.pk, actor(mara()), NOW)
    assert "is part of Nina North already" in text(browser(mara()).get(f"/leads/{third.pk}/same/{other.pk}/"))


def test_nobody_is_compared_with_nobody():
    lead = nina()
    client = browser(mara())
    for address in (f"/leads/{lead.pk}/same/0/", f"/leads/{lead.pk}/same/{lead.pk}/", "/leads/0/same/"):
        assert client.get(address).status_code == 404


def test_possible_duplicates_are_compared_or_left_apart():
    one, other = nina(), her_again()
    together(one, other)
    together(other, one)
    client = browser(max_())
    response = client.get("/leads/duplicates/")
    assert f"/leads/{one.pk}/same/{other.pk}/" in response.content.decode()
    assert "Together in 2 events" in text(response)
    response = client.post("/leads/duplicates/", {"pair": f"{one.pk}-{other.pk}"}, follow=True)
    assert "They stay two people." in text(response)
    assert "Nobody seems to be here twice" in text(response)


def test_the_intake_page_leads_to_possible_duplicates():
    together(nina(), her_again())
    assert "/leads/duplicates/" in browser(mara()).get("/intake/").content.decode()
    assert "/leads/duplicates/" not in browser(ada()).get("/intake/").content.decode()


def test_the_pages_take_as_many_queries_however_much_there_is():
    client = browser(mara())
    one, other = nina(), her_again()
    together(one, other)
    addresses = (
        f"/leads/{one.pk}/",
        f"/leads/{one.pk}/same/?q=north",
        f"/leads/{one.pk}/same/{other.pk}/",
        "/leads/duplicates/",
    )
    merge_leads(one.pk, a_lead().pk, actor(mara()), NOW)
    few = [queries(client, address) for address in addresses]
    for number in range(12):
        more = a_lead(name=f"Nina North {number}")
        together(one, more)
        observe(one, "page_view", at=NOW - timedelta(hours=number))
        merge_leads(one.pk, a_lead().pk, actor(mara()), NOW)
    assert [queries(client, address) for address in addresses] == few


@pytest.mark.parametrize("who", [sam, ada, vic])
def test_it_is_for_marketing_and_managers(who: Any):
    lead, other = an_mql(), her_again()
    client = browser(who())
    assert "Same person as" not in text(client.get(f"/leads/{lead.pk}/"))
    for address in (f"/leads/{lead.pk}/same/", f"/leads/{lead.pk}/same/{other.pk}/", "/leads/duplicates/"):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert not Merge.objects.exists()
