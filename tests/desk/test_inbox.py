"""The inbox: who waits for a decision and why, and deciding with one key each."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from assay.actions import gate
from assay.actions.actors import actor
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, User
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, an_mql, mara, max_, observe, sam, sia, vic

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is half past ten in Paris on a working day."""
    with time_machine.travel(LATER, tick=False):
        yield


def order(response: Page) -> list[int]:
    """The leads of the list, in its order."""
    return [row.lead.pk for row in response.context["rows"]]


# --- what one sees -------------------------------------------------------------------------------


def test_all_that_wait_stand_there_best_first():
    good, best = an_mql(title="Planner"), an_mql()
    product = a_lead_on(Rung.PQL)
    for rung in (Rung.LEAD, Rung.SQL, Rung.WON, Rung.DISQUALIFIED):
        a_lead_on(rung)
    response = browser(sam()).get("/inbox/")
    assert order(response) == [best.pk, good.pk, product.pk]
    assert "3 to decide" in text(response)


def test_a_row_says_who_and_how_long_it_has_waited():
    an_mql(name="Nina North", title="CFO", company="North Ltd", source="Fair")
    page = text(browser(sam()).get("/inbox/"))
    for said in ("Nina North", "CFO · North Ltd", "hot MQL", "A2", "Fair", "30 min"):
        assert said in page


def test_the_panel_says_why_the_best_one_is_here():
    lead = an_mql(email="nina@north.example", budget=None)
    observe(lead, "pricing_view")
    page = text(browser(sam()).get("/inbox/"))
    for said in (
        "Decide now: accept or return",
        "due in 30 min",
        "the agreed threshold is 100",
        "Company size: 120 +25",
        "Asked for a demo once",
        "Viewed pricing",
        "Nobody knows yet: Budget",
        "3 criteria without a match",
        "policy version",
    ):
        assert said in page


def test_the_clock_tells_who_waits_too_long():
    an_mql(at=NOW - timedelta(days=1))
    assert "over" in text(browser(max_()).get("/inbox/"))


def test_interest_that_faded_is_cooling():
    lead = an_mql()
    Lead.objects.filter(pk=lead.pk).update(mql=False)
    page = text(browser(sam()).get("/inbox/"))
    assert "cooling" in page
    assert "since then interest has faded" in page


def test_who_was_sent_against_the_score_says_so():
    gate.promote(a_lead(title="Planner").pk, actor(mara()), NOW, text="Their CFO called me.")
    assert "Mara sent it here against the score: “Their CFO called me.”" in text(browser(sam()).get("/inbox/"))


def test_an_earlier_rejection_is_told():
    lead = an_mql(at=NOW - timedelta(days=40))
    gate.reject(lead.pk, actor(sia()), NOW - timedelta(days=40), reason="other", text="on parental leave")
    observe(lead, "demo_request", at=NOW)
    assert "Sia rejected it on 25 September 2026: Other (say what) (“on parental leave”)" in text(
        browser(sam()).get("/inbox/")
    )


def test_colleagues_who_wait_are_named():
    an_mql(name="Nina North"), an_mql(name="Ben Best")
    an_mql(name="Zoe Zorn", email="zoe@south.example")
    page = text(browser(sam()).get("/inbox/"))
    assert page.partition("Also waiting from")[2].partition("Scored")[0].count("Ben Best") == 1
    assert "Zoe Zorn" not in page.partition("Also waiting from")[2]


def test_an_empty_inbox_says_how_leads_come_here():
    page = text(browser(sam()).get("/inbox/"))
    assert "All decided" in page
    assert "cross the agreed threshold" in page


def test_filters_keep_each_other():
    an_mql(source="Fair")
    warm = a_lead_on(Rung.PQL, source="Fair")
    a_lead_on(Rung.PQL, source="Website")
    client = browser(sam())
    fair = Lead.objects.get(pk=warm.pk).source_id
    response = client.get(f"/inbox/?temperature=warm&source={fair}")
    assert order(response) == [warm.pk]
    page = response.content.decode()
    assert f"temperature=hot&amp;source={fair}" in page or f"source={fair}&amp;temperature=hot" in page
    assert f"/inbox/{warm.pk}/accept/?temperature=warm&amp;source={fair}" in page
    assert "Nothing waits here with these filters" in text(client.get("/inbox/?temperature=cold"))


@pytest.mark.parametrize("query", ["temperature=boiling", "source=x", "source=99999999999999999999", "after=%00"])
def test_an_address_somebody_has_bent_shows_the_inbox(query: str):
    lead = an_mql()
    assert order(browser(sam()).get(f"/inbox/?{query}")) == [lead.pk]


def test_long_names_without_spaces_are_shown():
    an_mql(name="N" * 300, title="T" * 300, company="C" * 300)
    assert browser(sam()).get("/inbox/").status_code == 200


def test_htmx_gets_the_panel_alone():
    first, second = an_mql(), an_mql()
    client = browser(sam())
    response = client.get(f"/inbox/{second.pk}/", headers={"HX-Request": "true", "HX-Target": "panel"})
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="queue-title"' not in page
    assert f"/inbox/{second.pk}/accept/" in page
    assert response["HX-Push-Url"] == f"/inbox/{second.pk}/"
    whole = client.get(f"/inbox/{first.pk}/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in whole.content


def test_a_lead_that_was_decided_says_by_whom():
    lead = an_mql()
    gate.reject(lead.pk, actor(sia()), NOW, reason="too_early")
    page = text(browser(sam()).get(f"/inbox/{lead.pk}/"))
    assert "Rejected by sales: Sia" in page
    assert "Accept" not in page.partition("Why is it here?")[0].partition("Rejected by sales")[2]


def test_an_unknown_lead_is_not_found():
    assert browser(sam()).get("/inbox/404/").status_code == 404


@pytest.mark.parametrize("who", [mara, vic])
def test_who_does_not_sell_sees_all_but_decides_nothing(who):
    lead = an_mql()
    sam(), max_()
    client = browser(who())
    response = client.get("/inbox/")
    assert order(response) == [lead.pk]
    assert "Sales decides here : Max, Sam" in text(response).replace("here:", "here :")
    assert "/accept/" not in response.content.decode()
    assert client.post(f"/inbox/{lead.pk}/accept/").status_code == 403
    assert client.post(f"/inbox/{lead.pk}/reject/", {"reason": "too_early"}).status_code == 403
    assert Lead.objects.get(pk=lead.pk).rung == Rung.MQL


def test_the_number_of_queries_does_not_grow():
    client = browser(sam())
    an_mql()
    client.get("/inbox/")  # a session is written down at its first page
    few = queries(client, "/inbox/")
    for _ in range(12):
        an_mql()
    assert queries(client, "/inbox/") == few <= 18


# --- deciding ------------------------------------------------------------------------------------


def test_accepting_takes_the_lead_over_and_goes_on_to_the_next():
    first, second = an_mql(name="Nina North"), an_mql()
    response = browser(sam()).post(f"/inbox/{first.pk}/accept/?temperature=hot", follow=True)
    assert response.redirect_chain == [(f"/inbox/{second.pk}/?temperature=hot", 302)]
    assert "Nina North is yours now." in text(response)
    assert order(response) == [second.pk]
    lead = Lead.objects.get(pk=first.pk)
    assert (lead.rung, lead.owner) == (Rung.SQL, sam())


def test_the_next_one_is_the_one_below_in_the_list():
    top, middle, last = an_mql(), an_mql(title="Planner"), an_mql(title="Planner")
    client = browser(sam())
    assert client.post(f"/inbox/{middle.pk}/accept/").headers["location"] == f"/inbox/{last.pk}/"
    assert client.post(f"/inbox/{last.pk}/accept/").headers["location"] == f"/inbox/{top.pk}/"
    assert client.post(f"/inbox/{top.pk}/accept/").headers["location"] == "/inbox/"


def test_rejecting_asks_for_a_reason_and_returns_the_lead():
    lead = an_mql(name="Nina North")
    client = browser(sam())
    page = text(client.get(f"/inbox/{lead.pk}/reject/"))
    assert "Not enough interest yet" in page
    response = client.post(f"/inbox/{lead.pk}/reject/", {"reason": "too_early", "text": "call in May"}, follow=True)
    assert "Nina North went back to marketing: Not enough interest yet." in text(response)
    decision = Decision.objects.get(move="reject")
    assert (decision.reason, decision.text, decision.by) == ("too_early", "call in May", sam())


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, "Choose a reason."),
        ({"reason": "other"}, 'The reason "other" needs a text that says what.'),
        ({"reason": "boring", "text": "kept"}, "boring is not one of the available choices."),
    ],
)
def test_a_rejection_without_a_usable_reason_says_so_and_loses_nothing(said: dict[str, str], answer: str):
    lead = an_mql()
    response = browser(sam()).post(f"/inbox/{lead.pk}/reject/", said)
    assert response.status_code == 422
    assert answer in text(response)
    assert f'value="{said.get("text", "")}"' in response.content.decode()
    assert Lead.objects.get(pk=lead.pk).rung == Rung.MQL


def test_htmx_gets_back_only_the_form_that_needs_more():
    lead = an_mql()
    headers = {"HX-Request": "true", "HX-Target": "inbox"}
    response = browser(sam()).post(f"/inbox/{lead.pk}/reject/", {"reason": "other"}, headers=headers)
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#reject-form", "outerHTML")
    assert "needs a text that says what" in response.content.decode()


def test_after_a_decision_htmx_gets_list_and_panel_with_the_notice():
    lead, _ = an_mql(name="Nina North"), an_mql()
    headers = {"HX-Request": "true", "HX-Target": "inbox"}
    response = browser(sam()).post(f"/inbox/{lead.pk}/accept/", headers=headers, follow=True)
    page = response.content.decode()
    assert "<html" not in page
    assert 'hx-swap-oob="innerHTML"' in page
    assert "Nina North is yours now." in page
    assert "1 to decide" in page


@pytest.mark.parametrize("way", ["accept", "reject"])
def test_what_somebody_else_decided_a_moment_ago_is_told_and_kept(way: str):
    lead, other = an_mql(name="Nina North"), an_mql()
    gate.accept(lead.pk, actor(sia()), LATER)
    response = browser(sam()).post(f"/inbox/{lead.pk}/{way}/", {"reason": "too_early"}, follow=True)
    said = "Nina North was decided before you: Accepted by sales, Sia at 09:30. Nothing was changed."
    assert said in text(response)
    assert order(response) == [other.pk]
    assert Lead.objects.get(pk=lead.pk).owner == sia()


def test_times_are_those_of_the_reader():
    lead = an_mql()
    gate.accept(lead.pk, actor(sia()), LATER)
    reader = sam()
    User.objects.filter(pk=reader.pk).update(timezone="Europe/Paris")
    response = browser(reader).post(f"/inbox/{lead.pk}/accept/", follow=True)
    assert "Sia at 10:30" in text(response)


def test_a_lead_that_was_never_here_cannot_be_accepted():
    lead = a_lead()
    response = browser(sam()).post(f"/inbox/{lead.pk}/accept/", follow=True)
    assert "A lead on rung lead cannot accept." in text(response)
    assert Lead.objects.get(pk=lead.pk).rung == Rung.LEAD


def test_several_are_rejected_for_one_reason():
    one, two, other = an_mql(), an_mql(), an_mql()
    client = browser(sam())
    page = client.get(f"/inbox/reject/?temperature=hot&lead={one.pk}&lead={two.pk}")
    assert "Reject 2 leads" in text(page)
    ticked = {"lead": [one.pk, two.pk], "reason": "wrong_market"}
    response = client.post("/inbox/reject/?temperature=hot", ticked, follow=True)
    assert response.redirect_chain == [("/inbox/?temperature=hot", 302)]
    assert "2 leads went back to marketing: Outside the market we agreed." in text(response)
    assert order(response) == [other.pk]


def test_of_several_those_decided_meanwhile_are_left_alone():
    one, two = an_mql(), an_mql()
    client = browser(sam())
    gate.accept(one.pk, actor(sia()), NOW)
    client.post("/inbox/reject/", {"lead": [one.pk, two.pk], "reason": "too_early"})
    assert [lead.rung for lead in Lead.objects.order_by("pk")] == [Rung.SQL, Rung.LEAD]


@pytest.mark.parametrize("ticked", [[], ["0"], ["x"], ["9" * 30]])
def test_without_a_tick_nothing_is_rejected(ticked: list[str]):
    an_mql()
    response = browser(sam()).post("/inbox/reject/", {"lead": ticked, "reason": "too_early"}, follow=True)
    assert "Tick the leads to reject first" in text(response)
    assert not Decision.objects.filter(move="reject").exists()


def test_of_several_other_needs_its_text_too():
    lead = an_mql()
    client = browser(sam())
    response = client.post("/inbox/reject/", {"lead": [lead.pk], "reason": "other"})
    assert response.status_code == 422
    assert "needs a text that says what" in text(response)


def test_accepting_is_no_link():
    assert browser(sam()).get(f"/inbox/{an_mql().pk}/accept/").status_code == 405


def test_the_counter_stops_at_a_hundred(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assay.desk.inbox.queue.MOST", 2)
    monkeypatch.setattr("assay.desk.inbox.queue.SIZE", 2)
    for _ in range(3):
        an_mql()
    assert "2+ to decide" in text(browser(sam()).get("/inbox/"))


# --- what comes while one looks ------------------------------------------------------------------


def watching(seen: int, shown: int = 0, gone: int = 0) -> str:
    """What the page is told when it asks; "" where nothing is new."""
    response = browser(sam()).get(f"/inbox/newer/?seen={seen}&shown={shown}&gone={gone}")
    return text(response) if response.status_code == 200 else ""


def test_a_lead_that_comes_meanwhile_is_told_once():
    an_mql()
    seen = browser(sam()).get("/inbox/").context["seen"]
    assert watching(seen) == ""
    an_mql(email="two@south.example")
    assert "1 lead came since" in watching(seen)
    assert watching(seen, shown=1) == ""
    an_mql(email="three@west.example")
    assert "2 leads came since" in watching(seen, shown=1)


def test_one_that_was_decided_on_meanwhile_is_not_told():
    seen = browser(sam()).get("/inbox/").context["seen"]
    lead = an_mql()
    gate.accept(lead.pk, actor(sam()), LATER)
    assert watching(seen) == ""


def test_one_that_somebody_else_decides_meanwhile_is_told_once():
    lead = an_mql()
    an_mql(email="two@south.example")
    seen = browser(sam()).get("/inbox/").context["seen"]
    gate.accept(lead.pk, actor(sia()), LATER)
    assert "1 lead was decided elsewhere since" in watching(seen)
    assert watching(seen, gone=1) == ""


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_nonsense_in_its_address_breaks_nothing(seen: str):
    assert browser(sam()).get(f"/inbox/newer/?seen={seen}").status_code == 204
