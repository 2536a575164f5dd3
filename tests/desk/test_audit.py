"""The audit's page: what was found, in order, and the leads behind each finding."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.domain.audit import Mistake
from assay.records.models import Lead
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, an_mql, an_sql, mara, max_, sam, vic

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        yield


def raw(**said: Any) -> Lead:
    """A lead that Sam called though nobody had accepted it."""
    lead = a_lead(**said)
    work.log_touch(lead.pk, actor(sam()), NOW + HOUR, kind="call", reached=True)
    return lead


def opened(address: str = "/audit/") -> Page:
    """The page as Vic, who may only look, sees it."""
    return browser(vic()).get(address)


def listed(address: str) -> list[int]:
    """The leads on a page, in its order."""
    return [row.lead.pk for row in opened(address).context["rows"]]


def test_the_four_findings_stand_in_order_with_figures_cost_and_next_step():
    raw()
    an_sql()
    page = text(opened())
    titles = ["1. Raw leads passed to sales", "2. Slow first response", "3. No fit filter", "4. One-way handoff"]
    assert [page.index(title) for title in titles] == sorted(page.index(title) for title in titles)
    assert "fix this first" in page
    assert "50% of the leads that sales worked or owned (2, few)" in page
    assert "Probably cost 0.2 h of sales' time (0.1 to 0.3)" in page
    assert "Give these leads back to marketing" in page
    assert "Nobody worked a lead that does not fit." in page


def test_every_figure_leads_to_its_leads():
    lead, other = raw(), a_lead()
    work.assign(other.pk, actor(max_()), NOW, sam().pk)
    [first, *_] = opened("/audit/?days=30").context["cards"]
    assert listed(first.href) == [other.pk, lead.pk]
    assert [listed(line.href) for line in first.lines] == [[lead.pk], [other.pk]]
    assert first.href == "/audit/raw_leads/?days=30"


def test_a_lead_says_what_speaks_against_it():
    raw()
    called = text(opened("/audit/raw_leads/"))
    assert "Call by Sam, 4 Nov 2026" in called
    assert "worked by sales before anybody accepted them" in called
    an_mql()
    assert "Waits 2 h of working time, since 4 Nov 2026, 09:00" in text(opened("/audit/slow_response/"))
    tiny = a_lead(employees=2, title="Trainee", budget=100, industry="Mining")
    gate.promote(tiny.pk, actor(mara()), NOW, text="Met the founder")
    promoted = text(opened("/audit/no_fit_filter/"))
    assert "Sent to the gate, Mara, 4 Nov 2026, fit " in promoted
    assert "then: Met the founder" in promoted
    gate.reject(tiny.pk, actor(sam()), NOW, reason="other", text="n/a")
    assert "Other (say what): n/a (Sam, 4 Nov 2026)" in text(opened("/audit/one_way_handoff/"))


def test_the_leads_are_narrowed_by_problem_source_and_owner():
    webinar, owned = raw(source="Webinar"), a_lead()
    work.assign(owned.pk, actor(max_()), NOW, sam().pk)
    assert listed("/audit/raw_leads/?problem=owned_raw") == [owned.pk]
    assert listed(f"/audit/raw_leads/?source={webinar.source_id}") == [webinar.pk]
    assert listed(f"/audit/raw_leads/?owner={sam().pk}") == [owned.pk]
    assert listed("/audit/raw_leads/?owner=none") == [webinar.pk]
    nobody = opened("/audit/raw_leads/?owner=none&problem=owned_raw")
    assert "Nobody is like that" in text(nobody)
    assert 'href="/audit/raw_leads/"' in nobody.content.decode()


def test_the_period_is_days_or_dates():
    lead = raw()
    assert listed("/audit/raw_leads/?days=7") == [lead.pk]
    assert listed("/audit/raw_leads/?since=2026-11-04&until=2026-11-04") == [lead.pk]
    assert listed("/audit/raw_leads/?since=2026-11-05") == []
    assert "since=2026-11-04" in opened("/audit/?since=2026-11-04").context["cards"][0].href


@pytest.mark.parametrize(
    "query",
    [
        "days=8",
        "since=x",
        "since=0001-01-01",
        "until=9999-12-31",
        "since=2026-11-05&until=2026-11-04",
        "problem=laziness",
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(query: str):
    lead = raw()
    page = opened(f"/audit/raw_leads/?{query}")
    assert 'class="field-error"' in page.content.decode()
    assert [row.lead.pk for row in page.context["rows"]] == [lead.pk]


def test_pages_follow_each_other(monkeypatch: pytest.MonkeyPatch):
    everybody = [raw(at=NOW + timedelta(minutes=number)).pk for number in range(5)]
    monkeypatch.setattr("assay.desk.audit.views.SIZE", 2)
    seen: list[int] = []
    here = "/audit/raw_leads/"
    while here:
        context = opened(here).context
        seen += [row.lead.pk for row in context["rows"]]
        here = context["page"].after
    assert seen == everybody[::-1]


def test_nothing_to_fix_says_so():
    assert "Nothing to fix" in text(opened())
    for mistake in Mistake:
        assert "Nobody shows this mistake in the period." in text(opened(f"/audit/{mistake}/"))
    assert opened("/audit/laziness/").status_code == 404


def test_htmx_gets_the_results_alone_and_an_address_to_share():
    raw()
    sent = {"HX-Request": "true", "HX-Target": "results"}
    for address in ("/audit/", "/audit/raw_leads/"):
        page = browser(vic()).get(f"{address}?days=7&since=&until=", headers=sent)
        assert "<html" not in page.content.decode()
        assert page["HX-Push-Url"] == f"{address}?days=7"


def lines(answer: Any) -> list[str]:
    """A file's lines."""
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_both_lists_are_files_too_and_safe_to_open():
    raw(name="=Robot")
    client = browser(sam())
    findings = lines(client.get("/audit/export/"))
    assert findings[1].startswith("raw_leads,Raw leads passed to sales,,,1,1,1.0,0.17,0.08,0.33")
    assert findings[2].startswith("raw_leads,Raw leads passed to sales,worked_raw,")
    leads = lines(client.get("/audit/raw_leads/export/"))
    assert leads[0].endswith("worked_raw,owned_raw")
    assert ",'=Robot," in leads[1]
    assert leads[1].endswith("true,false")
    assert browser(vic()).get("/audit/raw_leads/export/").status_code == 403


@pytest.mark.parametrize("address", ["/audit/", *(f"/audit/{mistake}/" for mistake in Mistake)])
def test_it_asks_the_database_as_often_for_many_as_for_few(address: str):
    def some() -> None:
        raw(employees=2, title="Trainee", budget=100, industry="Mining")
        an_mql()
        gate.reject(an_mql().pk, actor(sam()), NOW, reason="other", text="no")

    some()
    client = browser(vic())
    few = queries(client, address)
    for _ in range(4):
        some()
    assert queries(client, address) == few


def test_long_words_are_all_there():
    raw(name="y" * 300, company="z" * 300)
    page = text(opened("/audit/raw_leads/"))
    assert all(letter * 300 in page for letter in "yz")
