"""The lead list: found, filtered, ordered, kept as a view, decided on several at once, and taken away as a file."""

import base64
import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, SavedView, User
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, an_mql, an_sql, mara, max_, observe, sam, sia, vic

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def asked(client: Client | User, **filters: object) -> Page:
    """The list with these filters."""
    client = browser(client) if isinstance(client, User) else client
    response = client.get(f"/leads/?{urlencode(filters, doseq=True)}")
    assert response.status_code == 200
    return response


def found(**filters: object) -> list[int]:
    """The leads that pass the filters, in the order of the list."""
    return [lead.pk for lead in asked(vic(), **filters).context["page"].rows]


# --- what stands there ---------------------------------------------------------------------------


def test_everybody_is_there_best_first():
    cold, mql = a_lead(title="Planner"), an_mql()
    customer = a_lead_on(Rung.WON, budget=None)
    assert found() == [mql.pk, customer.pk, cold.pk]


def test_a_row_says_who_it_is_and_where_they_stand():
    an_sql(name="Nina North", title="CFO", company="North Ltd", source="Fair")
    page = text(asked(vic()))
    for said in ("Nina North CFO", "North Ltd", "hot SQL A2", "140", "Fair", "Sam", "4 Nov 2026"):
        assert said in page


def test_who_tells_too_little_is_marked():
    a_lead(title=None, employees=None, industry=None, country=None, budget=None)
    assert "data?" in text(asked(vic()))


def test_without_any_lead_it_says_what_to_do():
    assert "Import a file of leads" in text(asked(mara()))
    assert "Marketing brings them in" in text(asked(sam()))


def test_where_nobody_passes_the_filters_they_can_be_cleared():
    a_lead()
    page = asked(vic(), q="nobody", temperature="hot")
    assert "Nobody is like that" in text(page)
    assert '<a class="button" href="/leads/">Clear filters</a>' in page.content.decode()


# --- search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "nina",
        "NORTH",
        "ni nor",
        "north nina",
        "nina@",
        "nina@north.example",
        "north.ex",
        "gmbh",
        "muller",
        "Müller",
        "C-17",
        "c17 nina",
    ],
)
def test_the_beginning_of_each_word_finds(words: str):
    lead = a_lead(name="Nina North", email="nina@north.example", company="Müller & Co. GmbH", lead_id="C-17 c17")
    a_lead(name="Ben Best", email="ben@south.example", company="South")
    assert found(q=words) == [lead.pk]


@pytest.mark.parametrize("words", ["orth", "nina best", "%", "_", "'", '"', "!!", "\\", "a & b:*"])
def test_anything_else_finds_nobody(words: str):
    a_lead(name="Nina North", email="nina@north.example", company="Quine")
    a_lead(name="Ben Best", email="ben@south.example", company="South")
    assert found(q=words) == []


def test_a_search_and_filters_narrow_together():
    hot = an_mql(name="Nina North")
    a_lead(name="Nina Nordmann")
    assert found(q="nina", temperature="hot") == [hot.pk]


# --- filters -------------------------------------------------------------------------------------


def test_both_axes_filter():
    lead, mql, pql, sql = a_lead(), an_mql(), a_lead_on(Rung.PQL), an_sql()
    assert found(temperature="cold") == [lead.pk]
    assert found(rung="mql") == [mql.pk]
    assert set(found(rung="gate")) == {mql.pk, pql.pk}
    assert found(rung="sales") == [sql.pk]
    assert found(rung="gate", temperature="warm") == [pql.pk]


def test_fit_filters_by_band_and_by_cell():
    a2, a4, b4 = an_mql(), a_lead(), a_lead(title="Planner")
    assert {lead.pk: lead.grid for lead in Lead.objects.all()} == {a2.pk: "A2", a4.pk: "A4", b4.pk: "B4"}
    assert found(grid="A") == [a2.pk, a4.pk]
    assert found(grid="B4") == [b4.pk]


def test_insufficient_data_filters():
    silent = a_lead(title=None, employees=None, industry=None, country=None, budget=None)
    known = a_lead()
    assert found(coverage="missing") == [silent.pk]
    assert found(coverage="enough") == [known.pk]


def test_source_campaign_and_owner_filter():
    fair, web, sold = a_lead(source="Fair", campaign="May"), a_lead(source="Web"), an_sql(source="Web")
    fair.refresh_from_db()
    assert found(source=fair.source_id) == [fair.pk]
    assert found(campaign=fair.campaign_id) == [fair.pk]
    assert found(owner=sam().pk) == [sold.pk]
    assert set(found(owner="none")) == {fair.pk, web.pk}


def test_the_day_of_capture_filters_in_the_readers_zone():
    first, second = a_lead(at=NOW - timedelta(days=2)), a_lead(at=NOW - timedelta(hours=9))
    assert found(since="2026-11-03") == [second.pk]
    assert found(until="2026-11-02") == [first.pk]
    assert found(since="2026-11-04", until="2026-11-04") == [second.pk]
    reader = vic()
    reader.timezone = "America/New_York"
    reader.save()
    assert found(since="2026-11-04") == []


@pytest.mark.parametrize("values", [["x", 1], [1, "x"], [{}, []], [1e400, 1], [1, 10**30], [None, None], [True, 2]])
def test_an_address_that_somebody_has_bent_starts_over(values: list[object]):
    lead = a_lead()
    bent = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    for way in ("after", "before"):
        assert [row.pk for row in asked(vic(), **{way: bent}).context["page"].rows] in ([lead.pk], [])


def test_nonsense_in_an_address_is_told_and_narrows_nothing():
    lead = a_lead()
    page = asked(vic(), temperature="purple", since="yesterday", sort="luck", columns="hair", after="bent", owner="7")
    assert [row.pk for row in page.context["page"].rows] == [lead.pk]
    assert text(page).count("Select a valid choice") == 3
    assert "Enter a valid date" in text(page)


def test_each_filter_can_be_taken_off_alone():
    a_lead(name="Nina North")
    page = asked(vic(), q="nina", temperature="cold").content.decode()
    assert 'href="/leads/?temperature=cold"' in page
    assert 'href="/leads/?q=nina"' in page


# --- order, pages and columns --------------------------------------------------------------------


def test_the_order_is_by_total_capture_or_intent_and_turns_round():
    unfit = a_lead(at=NOW - timedelta(days=3), budget=None, title="Planner", employees=5, industry="Mining")
    keen = observe(unfit, "demo_request", at=NOW - timedelta(days=3))
    fits = observe(a_lead(at=NOW - timedelta(days=2)), "page_view")
    newest = a_lead(at=NOW - timedelta(days=1), title="Planner")
    assert found() == [fits.pk, newest.pk, keen.pk]
    assert found(sort="captured") == [newest.pk, fits.pk, keen.pk]
    assert found(sort="intent") == [keen.pk, fits.pk, newest.pk]
    for order in ("total", "captured", "intent"):
        assert found(sort=f"-{order}") == found(sort=order)[::-1]


def test_a_heading_says_how_the_list_is_ordered_and_turns_it():
    a_lead()
    page = asked(vic()).content.decode()
    assert 'aria-sort="descending"><a class="sorts" href="/leads/?sort=-total">Total</a>' in page
    page = asked(vic(), sort="captured").content.decode()
    assert 'aria-sort="descending"><a class="sorts" href="/leads/?sort=-captured">Captured</a>' in page


def test_pages_follow_each_other_whatever_the_order(monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        a_lead(at=NOW - timedelta(days=number), title="Planner" if number % 2 else "CFO")
    monkeypatch.setattr("assay.desk.paging.page.__defaults__", (2,))
    client = browser(vic())
    for order in ("total", "captured", "-intent"):
        everybody, here = [], f"/leads/?sort={order}"
        while here:
            page = client.get(here).context["page"]
            assert len(page.rows) <= 2
            everybody += [lead.pk for lead in page.rows]
            here = page.after
        back = client.get(page.before).context["page"]
        assert [lead.pk for lead in back.rows] == everybody[2:4]
        assert len(set(everybody)) == 5


def test_the_reader_chooses_the_columns():
    a_lead(name="Nina North", email="nina@north.example", source="Fair")
    usual, chosen = text(asked(vic())), asked(vic(), columns=["email", "labels"])
    assert "nina@north.example" not in usual
    assert [heading.column.key for heading in chosen.context["headings"]] == ["labels", "email"]
    assert "nina@north.example" in text(chosen)


def test_long_names_do_not_break_a_row():
    a_lead(name="N" * 300, company="C" * 300, title="T" * 300)
    assert "N" * 300 in text(asked(vic()))


def test_htmx_gets_the_rows_alone_and_the_address_to_show():
    a_lead()
    response = browser(vic()).get("/leads/?q=nina&temperature=", headers={"HX-Request": "true", "HX-Target": "results"})
    assert response.content.decode().lstrip().startswith("<section id=")
    assert response["HX-Push-Url"] == "/leads/?q=nina"


def test_the_number_of_queries_does_not_grow():
    client = browser(mara())
    a_lead()
    few = queries(client, "/leads/")
    for number in range(6):
        an_sql(email=f"x{number}@firm{number}.example", source=f"Source {number}", campaign="May")
        a_lead(email=f"y{number}@south.example", company=f"South {number}")
    assert queries(client, "/leads/") == few
    assert (
        queries(client, "/leads/?q=nina&temperature=hot&rung=sales&grid=A&coverage=enough&since=2026-01-01") == few + 1
    )  # the words first


# --- views ---------------------------------------------------------------------------------------


def test_filters_are_kept_as_a_view_and_come_back_as_a_tab():
    a_lead(name="Nina North")
    client = browser(mara())
    said = {"name": " Cold  ones ", "query": "temperature=cold&rung=&sort=captured&after=xyz"}
    page = client.post("/leads/views/", said, follow=True)
    assert page.redirect_chain == [("/leads/?temperature=cold&sort=captured", 302)]
    assert '<a href="/leads/?temperature=cold&amp;sort=captured" aria-current="page">Cold ones</a>' in (
        page.content.decode()
    )


def test_the_same_name_again_replaces_the_view():
    client = browser(mara())
    for query in ("q=nina", "q=ben"):
        client.post("/leads/views/", {"name": "Mine", "query": query})
    assert [view.query for view in SavedView.objects.all()] == ["q=ben"]


@pytest.mark.parametrize(("name", "why"), [("  ", "needs a name"), ("x" * 101, "has 101 characters")])
def test_a_view_without_a_fitting_name_is_not_kept(name: str, why: str):
    page = browser(mara()).post("/leads/views/", {"name": name, "query": "q=nina"}, follow=True)
    assert why in text(page)
    assert not SavedView.objects.exists()


def test_the_name_can_be_asked_for_on_a_page_of_its_own():
    assert "Filters, order and columns" in text(browser(mara()).get("/leads/views/?q=nina&after=x"))


def test_a_view_is_ones_own_and_can_be_deleted():
    client = browser(mara())
    client.post("/leads/views/", {"name": "Mine", "query": "q=nina"})
    view = SavedView.objects.get()
    assert "Mine" not in text(asked(sam()))
    assert "not there any more" in text(browser(sam()).post(f"/leads/views/{view.pk}/delete/", follow=True))
    assert "gone from your views" in text(client.post(f"/leads/views/{view.pk}/delete/", follow=True))
    assert not SavedView.objects.exists()


# --- several at once -----------------------------------------------------------------------------


def test_marketing_promotes_several_and_is_told_what_was_refused():
    ready, other, sold = a_lead(name="Nina North"), a_lead(), an_sql(name="Sol Sold")
    client = browser(mara())
    ticked: dict[str, Any] = {"lead": [ready.pk, other.pk, sold.pk], "back": "q=person"}
    assert "Nina North" in text(client.get("/leads/promote/", ticked))
    page = client.post("/leads/promote/", ticked | {"text": "Met them at the fair"}, follow=True)
    assert page.redirect_chain == [("/leads/?q=person", 302)]
    assert "2 leads done, 1 refused." in text(page)
    assert "Sol Sold: A lead on rung SQL cannot promote." in text(page)
    assert set(Decision.objects.filter(move="promote", by=mara()).values_list("lead", "text")) == {
        (ready.pk, "Met them at the fair"),
        (other.pk, "Met them at the fair"),
    }


def test_what_all_are_refused_for_is_told_beside_the_form_and_nothing_typed_is_lost():
    resting = an_mql()
    gate.reject(resting.pk, actor(sam()), NOW, reason="too_early")
    said = {"lead": [resting.pk], "back": "", "text": "But they called again"}
    page = browser(mara()).post("/leads/promote/", said)
    assert page.status_code == 422
    assert "rests until" in text(page)
    assert "But they called again" in text(page)


def test_a_reason_has_to_be_given():
    lead = a_lead()
    for address, why in (("promote", "Say why."), ("disqualify", "Choose a reason.")):
        page = browser(mara()).post(f"/leads/{address}/", {"lead": [lead.pk]})
        assert page.status_code == 422
        assert why in text(page)
    assert set(Decision.objects.values_list("move", flat=True)) == {"capture"}


def test_marketing_disqualifies_several_for_a_reason_of_the_policy():
    leads = [a_lead(), a_lead()]
    said = {"lead": [lead.pk for lead in leads], "reason": "wrong_fit", "text": "Students"}
    assert "2 leads done." in text(browser(mara()).post("/leads/disqualify/", said, follow=True))
    assert set(Lead.objects.values_list("rung", flat=True)) == {"disqualified"}


def test_a_manager_gives_leads_to_somebody_else():
    lead = an_sql()
    said = {"lead": [lead.pk], "owner": sia().pk}
    assert "1 lead done." in text(browser(max_()).post("/leads/assign/", said, follow=True))
    assert Lead.objects.get().owner == sia()


def test_one_refusal_does_not_hold_up_the_rest_and_each_is_a_decision_of_its_own():
    first, gone, last = a_lead(), a_lead(), a_lead()
    work.disqualify(gone.pk, actor(mara()), NOW, reason="no_need")
    said = {"lead": [first.pk, gone.pk, last.pk], "reason": "no_need"}
    assert "2 leads done, 1 refused." in text(browser(mara()).post("/leads/disqualify/", said, follow=True))
    assert Decision.objects.filter(move="disqualify").count() == 3


def test_without_a_tick_nothing_happens():
    for said in ({}, {"lead": ["x", "-1", "999999999999999999999"]}, {"lead": ["4711"]}):
        assert "Tick some leads first" in text(browser(mara()).post("/leads/promote/", said, follow=True))


@pytest.mark.parametrize(
    ("who", "offered"), [(mara, {"promote", "disqualify"}), (max_, {"assign"}), (sam, set()), (vic, set())]
)
def test_a_reader_is_offered_what_they_may_do(who, offered: set[str]):
    lead = a_lead()
    client = browser(who())
    page = asked(client).content.decode()
    assert {name for name in ("promote", "disqualify", "assign") if f'formaction="/leads/{name}/"' in page} == offered
    for name in {"promote", "disqualify", "assign"} - offered:
        client.post(f"/leads/{name}/", {"lead": [lead.pk], "text": "x", "reason": "no_need", "owner": sam().pk})
    assert Lead.objects.get().rung == "lead"
    assert set(Decision.objects.values_list("move", flat=True)) == {"capture"}


# --- export --------------------------------------------------------------------------------------


def exported(client: Client, address: str) -> list[dict[str, str]]:
    """The rows of the file."""
    response = client.get(address)
    assert response["Content-Disposition"] == 'attachment; filename="leads-2026-11-04.csv"'
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_the_file_holds_the_leads_that_pass_the_filters_in_order():
    an_mql(name="Nina North", email="nina@north.example", company="North", campaign="May", lead_id="C-17")
    a_lead(name="Ben Best", title="Planner")
    rows = exported(browser(mara()), "/leads/export/")
    assert [row["name"] for row in rows] == ["Nina North", "Ben Best"]
    nina = rows[0]
    for column, said in {
        "lead_id": "C-17", "email": "nina@north.example", "company": "North", "country": "FR", "campaign": "May",
        "rung": "mql", "temperature": "hot", "grid": "A2", "fit": "100.0", "captured_at": NOW.isoformat(),
    }.items():  # fmt: skip
        assert nina[column] == said
    assert [row["name"] for row in exported(browser(mara()), "/leads/export/?q=ben")] == ["Ben Best"]


def test_a_cell_that_a_spreadsheet_would_run_is_made_safe():
    a_lead(name="=HYPERLINK(1)", company="\t=1+1")
    [row] = exported(browser(sam()), "/leads/export/")
    assert row["name"] == "'=HYPERLINK(1)"
    assert row["company"].startswith("'")


def test_only_who_works_with_leads_takes_them_away():
    a_lead()
    assert browser(vic()).get("/leads/export/").status_code == 403
    assert "Export CSV" not in text(asked(vic()))
