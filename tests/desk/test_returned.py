"""What came back: counted by reason, source, criterion and signal, and answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from assay.actions import answers, gate
from assay.actions.actors import actor
from assay.records.models import Answer, Decision
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_rule, an_mql, mara, sam, vic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


def rejected(reason: str = "too_early", said: str = "", at: datetime = NOW, **row: Any) -> Decision:
    """A lead that sales returned."""
    return gate.reject(an_mql(at=at, **row).pk, actor(sam()), at, reason=reason, text=said)


def opened(address: str = "/returned/") -> Page:
    """The page as Mara sees it."""
    return browser(mara()).get(address)


def listed(address: str) -> list[int]:
    """The rejections on a page, in its order."""
    return [line.decision.pk for line in opened(address).context["lines"]]


# --- what is counted -----------------------------------------------------------------------------


def test_rejections_are_counted_by_reason_source_criterion_and_signal():
    rejected(source="Trade fair")
    rejected(source="Trade fair")
    rejected("wrong_person", source="Website")
    context = opened().context
    assert [(line.tally.name, line.tally.leads) for line in context["reasons"]] == [
        ("Not enough interest yet", 2),
        ("Cannot influence the decision", 1),
    ]
    assert [(line.tally.name, line.tally.leads, line.tally.unanswered) for line in context["sources"]] == [
        ("Trade fair", 2, 2),
        ("Website", 1, 1),
    ]
    assert ("Company size", 3, 0, 0) in [tuple(line) for line in context["had"]]
    assert ("Asked for a demo", 3) in [(line.tally.name, line.tally.leads) for line in context["kinds"]]


def test_the_top_says_how_many_are_answered_how_soon_and_how_long_the_oldest_waits():
    answers.answer(rejected(at=NOW - timedelta(days=3)).pk, actor(mara()), NOW - timedelta(days=1), "Heard")
    rejected(at=NOW - timedelta(days=5))
    rejected()
    page = text(opened())
    assert "Answered 1 of 3 Half of them within 2 days, nights and weekends included" in page
    assert "Not answered 2 The oldest has waited 5 days, 1 hour" in page


def test_a_policy_that_cites_a_rejection_is_shown_as_its_answer():
    decision = rejected()
    version = a_rule(('name = "', f'# After rejection #{decision.pk}.\nname = "'), at=NOW + timedelta(minutes=30))
    page = text(opened())
    assert f"Cited by policy version {version.pk}" in page
    assert "Answered 1 of 1" in page


def test_long_words_are_all_there():
    rejected("other", "x" * 300, name="y" * 300, company="z" * 300)
    page = text(opened())
    assert all(letter * 300 in page for letter in "xyz")


# --- what is shown -------------------------------------------------------------------------------


def test_filters_stand_in_the_address():
    early, wrong = rejected(source="Trade fair"), rejected("wrong_person")
    old = rejected(at=NOW - timedelta(days=100))
    answers.answer(early.pk, actor(mara()), NOW, "Heard")
    assert listed("/returned/") == [wrong.pk, early.pk]
    assert listed("/returned/?days=365") == [wrong.pk, early.pk, old.pk]
    assert listed("/returned/?reason=wrong_person") == [wrong.pk]
    assert listed(f"/returned/?source={early.lead.source_id}") == [early.pk]
    assert listed("/returned/?answer=answered") == [early.pk]
    assert listed("/returned/?answer=open&days=365") == [old.pk, wrong.pk], "the oldest first"


def test_a_tally_leads_to_what_it_counts():
    early = rejected(source="Trade fair")
    rejected("wrong_person")
    context = opened("/returned/?days=30").context
    [by_reason, _], [by_source, _] = context["reasons"], sorted(context["sources"], key=lambda line: line.tally.name)
    assert listed(f"/returned/?{by_reason.query}") == [early.pk] or by_reason.tally.key == "wrong_person"
    assert listed(f"/returned/?{by_source.query}") == [early.pk]
    assert by_source.query == f"days=30&source={early.lead.source_id}"


@pytest.mark.parametrize("query", ["days=7", "source=x", "source=999999", "answer=maybe", "days=%00"])
def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(query: str):
    decision = rejected()
    page = opened(f"/returned/?{query}")
    assert 'class="field-error"' in page.content.decode()
    assert [line.decision.pk for line in page.context["lines"]] == [decision.pk]


@pytest.mark.parametrize("query", ["", "?answer=open"])
def test_pages_follow_each_other(query: str, monkeypatch: pytest.MonkeyPatch):
    everybody = {rejected(at=NOW + timedelta(minutes=number // 2)).pk for number in range(5)}
    monkeypatch.setattr("assay.desk.returned.views.SIZE", 2)
    seen: list[int] = []
    here = f"/returned/{query}"
    while here:
        context = opened(here).context
        seen += [line.decision.pk for line in context["lines"]]
        here = context["page"].after
    assert len(seen) == 5
    assert set(seen) == everybody


def test_nothing_returned_says_what_that_may_mean():
    assert "Nothing was returned" in text(opened())


def test_nothing_with_these_filters_can_be_cleared():
    rejected()
    page = opened("/returned/?reason=wrong_person")
    assert "Nothing like that was returned" in text(page)
    assert '<a class="button" href="/returned/">Clear filters</a>' in page.content.decode()


def test_when_all_is_answered_it_says_so():
    answers.answer(rejected().pk, actor(mara()), NOW, "Heard")
    page = opened("/returned/?answer=open")
    assert "<h2>Everything is answered.</h2>" in page.content.decode()


def test_a_page_after_the_last_leads_back():
    rejected()
    after = opened("/returned/?after=WyIyMDAwLTAxLTAxIDAwOjAwOjAwKzAwOjAwIiwgMV0=")
    assert "That was all" in text(after)


def test_a_reason_the_policy_no_longer_lists_is_still_found():
    decision = rejected()
    a_rule(("too_early", "much_too_early"), at=NOW + timedelta(minutes=30))
    assert listed("/returned/?reason=too_early") == [decision.pk]


def test_htmx_gets_the_results_alone_and_an_address_to_share():
    rejected()
    sent = {"HX-Request": "true", "HX-Target": "returned"}
    page = browser(mara()).get("/returned/?days=90&reason=too_early&source=&answer=", headers=sent)
    assert page.content.decode().lstrip().startswith('<div id="returned"')
    assert page["HX-Push-Url"] == "/returned/?reason=too_early"


@pytest.mark.parametrize("address", ["/returned/", "/returned/?answer=open"])
def test_the_page_asks_the_database_as_often_for_many_as_for_few(address: str):
    rejected()
    client = browser(mara())
    few = queries(client, address)
    for _ in range(6):
        decision = rejected(said="Asked their intern")
        rejected()
        answers.answer(decision.pk, actor(mara()), NOW, "Heard")
    assert queries(client, address) == few


# --- answering -----------------------------------------------------------------------------------


def test_marketing_answers_and_goes_on_where_it_was():
    decision = rejected()
    said = {"text": "We will call first", "state": "days=30&answer=answered"}
    page = browser(mara()).post(f"/returned/{decision.pk}/answer/", said, follow=True)
    assert page.redirect_chain == [("/returned/?days=30&answer=answered", 302)]
    assert "We will call first" in text(page)


def test_the_form_carries_filters_and_page(monkeypatch: pytest.MonkeyPatch):
    for _ in range(3):
        rejected()
    monkeypatch.setattr("assay.desk.returned.views.SIZE", 2)
    second = opened("/returned/?days=30").context["page"].after
    assert f'value="{second.partition("?")[2].replace("&", "&amp;")}"' in opened(second).content.decode()


def test_a_key_leads_to_the_first_open_one():
    rejected()
    newest = rejected()
    answers.answer(newest.pk, actor(mara()), NOW, "Heard")
    keys = [line.key for line in opened().context["lines"]]
    assert keys == ["", "a"]


def test_a_second_answer_is_refused_and_not_lost():
    decision = rejected()
    answers.answer(decision.pk, actor(mara()), NOW, "Heard")
    page = browser(mara()).post(f"/returned/{decision.pk}/answer/", {"text": "Me too"}, follow=True)
    assert "Mara answered this at" in text(page)
    assert "You wrote: Me too" in text(page)
    assert Answer.objects.get().text == "Heard"


def test_an_address_somebody_has_bent_harms_nothing():
    said = {"text": "Heard", "state": "days=30\r\nSet-Cookie: x=1"}
    page = browser(mara()).post(f"/returned/{rejected().pk}/answer/", said)
    assert page.status_code == 302
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("user", [sam, vic])
def test_others_see_it_and_cannot_answer(user: Any):
    decision = rejected()
    client = browser(user())
    assert "not answered" in text(client.get("/returned/"))
    assert "What you do about it" not in client.get("/returned/").content.decode()
    assert client.post(f"/returned/{decision.pk}/answer/", {"text": "no"}).status_code == 403
