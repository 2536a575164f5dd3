"""Companies: who is there, who is missing, who is warm."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assay.records.models import Company, Lead, Membership
from tests import people

pytestmark = pytest.mark.django_db


def two_at_north() -> tuple[Lead, Lead]:
    """An MQL and a quiet colleague at the same company."""
    return people.an_mql(email="nina@north.example"), people.a_lead(email="nils@north.example", name="Nils North")


def test_no_companies_says_how_one_appears(client: Client):
    client.force_login(people.vic())
    assert "No companies yet" in client.get("/companies/").content.decode()


def test_the_list_adds_up_what_people_do(client: Client):
    nina, _ = two_at_north()
    client.force_login(people.vic())
    [line] = client.get("/companies/").context["lines"]
    assert (line.crowd.people, line.crowd.warmest) == (2, "hot")
    assert line.intent.strongest == pytest.approx(nina.intent)
    assert [gap.part for gap in line.missing] == ["Decision maker", "Champion", "User"]


def test_a_search_finds_the_beginning_of_domain_or_name(client: Client):
    two_at_north()
    people.a_lead(email="sven@south.example", company="South")
    client.force_login(people.vic())
    for asked in ("nor", "NORTH", "north.ex"):
        assert [line.company.domain for line in client.get("/companies/", {"q": asked}).context["lines"]] == [
            "north.example"
        ]
    assert "No company begins like that" in client.get("/companies/", {"q": "orth"}).content.decode()


def test_the_page_of_a_company_names_people_parts_and_signals(client: Client):
    nina, nils = two_at_north()
    client.force_login(people.vic())
    page = client.get(f"/companies/{nina.company_id}/").content.decode()
    for text in (nina.person.name, nils.person.name, "Still missing:", "Asked for a demo", "The strongest person"):
        assert text in page


def test_a_part_in_buying_is_set_from_here(client: Client):
    nina, _ = two_at_north()
    client.force_login(people.sam())
    said = {"person": nina.person_id, "role": "decision_maker"}
    page = client.post(f"/companies/{nina.company_id}/role/", said, follow=True)
    assert Membership.objects.get(person=nina.person).role == "decision_maker"
    assert [gap.part for gap in page.context["line"].missing] == ["Champion", "User"]


def test_nonsense_for_a_part_is_told_and_changes_nothing(client: Client):
    nina, _ = two_at_north()
    client.force_login(people.sam())
    for said in ({"person": nina.person_id, "role": "king"}, {"person": "x", "role": "user"}):
        assert "notice-error" in client.post(f"/companies/{nina.company_id}/role/", said, follow=True).content.decode()
    assert set(Membership.objects.values_list("role", flat=True)) == {"unknown"}


def test_a_viewer_changes_nothing(client: Client):
    nina, _ = two_at_north()
    client.force_login(people.vic())
    said = {"person": nina.person_id, "role": "champion"}
    assert client.post(f"/companies/{nina.company_id}/role/", said).status_code == 403


def test_a_company_that_is_none_is_not_found(client: Client):
    client.force_login(people.vic())
    assert client.get("/companies/4711/").status_code == 404


def test_long_names_without_spaces_do_not_break_the_page(client: Client):
    nina, _ = two_at_north()
    Company.objects.update(name="x" * 300)
    client.force_login(people.vic())
    assert client.get(f"/companies/{nina.company_id}/").status_code == 200


@pytest.mark.parametrize("address", ["/companies/", "/companies/{}/"])
def test_queries_do_not_grow_with_the_rows(client: Client, address: str, django_assert_num_queries):
    nina, _ = two_at_north()
    client.force_login(people.vic())
    where = address.format(nina.company_id)
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for number in range(5):
        people.a_lead(email=f"x{number}@north.example")
        people.a_lead(email=f"x@firm{number}.example")
    with django_assert_num_queries(len(few)):
        client.get(where)
