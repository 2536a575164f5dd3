"""Companies: who is there, who is missing, who is warm."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from assay.actions.actors import actor
from assay.actions.roles import set_role
from assay.domain.ladder import Rung
from assay.records.models import Company, Lead, Membership
from tests.desk.reading import browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, a_rule, an_mql, an_opportunity, observe, sam, vic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


def two_at_north() -> tuple[Lead, Lead]:
    """An MQL and a quiet colleague at the same company."""
    nina, nils = an_mql(email="nina@north.example"), a_lead(email="nils@north.example", name="Nils Noll")
    return nina, nils


def listed(**asked: str) -> list[str]:
    """The domains of the companies that are found, in the order of the list."""
    return [line.company.domain for line in browser(vic()).get("/companies/", asked).context["lines"]]


def missing(lead: Lead) -> list[str]:
    """What the buying group of a lead's company lacks, as the page says it."""
    page = browser(vic()).get(f"/companies/{lead.company_id}/")
    return [f"{seat.part} {seat.lacking}" for seat in page.context["seats"] if seat.lacking]


# --- the list ------------------------------------------------------------------------------------


def test_no_companies_says_how_one_appears():
    a_lead(email="nina@gmail.com")
    assert "No companies yet" in text(browser(vic()).get("/companies/"))


def test_a_line_adds_up_what_people_do():
    nina, nils = two_at_north()
    observe(nils, "content_download", "pricing_view")
    page = browser(vic()).get("/companies/")
    [line] = page.context["lines"]
    nina.refresh_from_db()
    nils.refresh_from_db()
    assert (line.first, line.crowd.people, line.crowd.warmest) == (nina, 2, "hot")
    assert line.intent.total == pytest.approx(nina.intent + 0.3 * nils.intent)
    assert "Decision maker, Champion, User" in text(page)


def test_the_company_of_the_strongest_person_comes_first():
    for name, kinds in {"cold": (), "warm": ("pricing_view",), "hot": ("demo_request",)}.items():
        a_lead(email=f"quiet@{name}.example")
        observe(a_lead(email=f"loud@{name}.example"), *kinds)
    assert listed() == ["hot.example", "warm.example", "cold.example"]


def test_pages_follow_each_other_though_many_are_equal(monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        a_lead(email=f"x@firm{number}.example")
        a_lead(email=f"y@firm{number}.example")
    monkeypatch.setattr("assay.desk.paging.page.__defaults__", (2,))
    client, everybody, here = browser(vic()), [], "/companies/"
    while here:
        context = client.get(here).context
        everybody += [line.company.domain for line in context["lines"]]
        here = context["page"].after
    assert everybody == [f"firm{number}.example" for number in range(5)]


@pytest.mark.parametrize("words", ["nor", "NORTH", "north.ex", "win tra", "traders", "nina"])
def test_a_search_finds_the_beginning_of_words(words: str):
    an_mql(name="Nina Nolan", email="nina@north.example", company="Winter & Traders")
    a_lead(name="Nils Noll", email="nils@north.example", company="Winter & Traders")
    a_lead(name="Sven Sand", email="sven@south.example", company="South")
    assert listed(q=words) == ["north.example"]


@pytest.mark.parametrize("words", ["orth", "%", "'", "nobody\0"])
def test_a_search_that_finds_nothing_can_be_cleared(words: str):
    two_at_north()
    page = browser(vic()).get("/companies/", {"q": words})
    assert "No company is found by that" in text(page)
    assert '<a class="button" href="/companies/">Show all</a>' in page.content.decode()


def test_htmx_gets_the_rows_alone():
    two_at_north()
    page = browser(vic()).get("/companies/", headers={"HX-Request": "true", "HX-Target": "companies"})
    assert page.content.decode().lstrip().startswith("<section id=")


# --- the page of one -----------------------------------------------------------------------------


def test_the_page_names_people_deals_facts_and_what_they_did():
    nina, _ = two_at_north()
    observe(nina, "pricing_view", at=NOW - timedelta(days=40))
    an_opportunity(email="olga@north.example", name="Olga Open")
    page = text(browser(vic()).get(f"/companies/{nina.company_id}/"))
    for said in ("Nina North", "Nils Noll", "hot MQL", "Asked for a demo", "Sam", "€12,000 open", "Software", "120"):
        assert said in page
    assert "Viewed pricing" not in page


def test_it_shows_how_the_intent_adds_up_and_where_it_is_capped():
    nina, _ = two_at_north()
    for number in range(3):
        an_mql(email=f"more{number}@north.example")
    page = browser(vic()).get(f"/companies/{nina.company_id}/")
    intent = page.context["line"].intent
    assert intent.strongest == pytest.approx(40, abs=0.2)
    assert (intent.capped, intent.share) == (True, 30)
    assert "30% of the others' 120, at most 30 +30 Together 70" in text(page)


def test_the_buying_group_says_who_is_there_and_how_many_are_missing():
    a_rule(("roles = { decision_maker = 1, champion = 1, user = 1 }", "roles = { decision_maker = 1, user = 3 }"))
    nina, nils = two_at_north()
    assert missing(nina) == ["Decision maker 1", "User 3"]
    set_role(nina.person_id, nina.company_id or 0, actor(sam()), "decision_maker")
    set_role(nils.person_id, nils.company_id or 0, actor(sam()), "user")
    assert missing(nina) == ["User 2"]
    assert "2 missing" in text(browser(vic()).get(f"/companies/{nina.company_id}/"))


def test_a_part_in_buying_is_set_from_here():
    nina, _ = two_at_north()
    said = {"person": nina.person_id, "role": "decision_maker"}
    page = browser(sam()).post(f"/companies/{nina.company_id}/role/", said, follow=True)
    assert "Decision maker: kept." in text(page)
    assert Membership.objects.get(person=nina.person).role == "decision_maker"
    assert missing(nina) == ["Champion 1", "User 1"]


def test_htmx_gets_the_page_anew_with_what_was_said():
    nina, _ = two_at_north()
    said = {"person": nina.person_id, "role": "champion"}
    sent = {"HX-Request": "true", "HX-Target": "company"}
    page = browser(sam()).post(f"/companies/{nina.company_id}/role/", said, headers=sent)
    assert page.content.decode().lstrip().startswith('<div id="company"')
    assert "Champion: kept." in text(page)


def test_nonsense_for_a_part_is_told_and_changes_nothing():
    nina, _ = two_at_north()
    stranger = a_lead(email="s@south.example")
    for person, role in ((nina.person_id, "king"), ("x", "user"), (stranger.person_id, "user"), ("9" * 30, "user")):
        said = {"person": person, "role": role}
        page = browser(sam()).post(f"/companies/{nina.company_id}/role/", said, follow=True)
        assert "notice-error" in page.content.decode()
    assert set(Membership.objects.values_list("role", flat=True)) == {"unknown"}


def test_a_viewer_sees_parts_and_changes_none():
    nina, _ = two_at_north()
    client = browser(vic())
    assert "<select" not in client.get(f"/companies/{nina.company_id}/").content.decode()
    said = {"person": nina.person_id, "role": "champion"}
    assert client.post(f"/companies/{nina.company_id}/role/", said).status_code == 403


def test_a_company_that_is_none_is_not_found():
    assert browser(vic()).get("/companies/4711/").status_code == 404


def test_a_company_whose_people_are_gone_still_has_a_page():
    company = Company.objects.create(domain="empty.example", created_at=NOW)
    page = text(browser(vic()).get(f"/companies/{company.pk}/"))
    for said in ("Nobody of this company is a lead now", "No deal yet", "Nobody was seen", "not known"):
        assert said in page


def test_long_names_without_spaces_are_all_there():
    nina, _ = two_at_north()
    Company.objects.update(name="x" * 300, industry="y" * 300)
    for address in ("/companies/", f"/companies/{nina.company_id}/"):
        assert "x" * 300 in text(browser(vic()).get(address))


@pytest.mark.parametrize("address", ["/companies/", "/companies/?q=north", "/companies/{}/"])
def test_the_number_of_queries_does_not_grow(address: str):
    nina, _ = two_at_north()
    an_opportunity(email="o@north.example")
    client, where = browser(sam()), address.format(nina.company_id)
    few = queries(client, where)
    for number in range(5):
        lead = a_lead_on(Rung.WON, email=f"x{number}@north.example")
        set_role(lead.person_id, lead.company_id or 0, actor(sam()), "user")
        an_mql(email=f"x@north{number}.example", company=f"North {number}")
    assert queries(client, where) == few
