"""The lead page: everything about one lead, and everything that can be done with it by whoever looks."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.actions.drafts import draft
from assay.actions.edits import correct
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.ladder import LADDER, Desk, Rung
from assay.records.models import Answer, Deal, Decision, Edit, Lead, Membership, Touch, User
from tests.desk.reading import Page, browser, queries, text
from tests.people import (
    BANT,
    NOW,
    a_lead,
    a_lead_on,
    a_signal,
    accept_apart_from_qualify,
    ada,
    an_mql,
    an_opportunity,
    an_sql,
    mara,
    max_,
    observe,
    sam,
    sia,
    vic,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=30)
TODAY = f"{NOW:%Y-%m-%d}"
DEAL = {**BANT, "value": "12 000.50", "currency": "eur", "close_date": "2026-12-24"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is half past ten in Paris on a working day."""
    with time_machine.travel(LATER, tick=False):
        yield


def page(who: User, lead: Lead, query: str = "") -> Page:
    """The lead's page."""
    response = browser(who).get(f"/leads/{lead.pk}/{query}")
    assert response.status_code == 200
    return response


def move(who: User, lead: Lead, name: str, **said: Any) -> Page:
    """The page after a move was asked for."""
    return browser(who).post(f"/leads/{lead.pk}/move/{name}/", said, follow=True)


def rung(lead: Lead) -> str:
    """Where the lead stands now."""
    return Lead.objects.get(pk=lead.pk).rung


def offered(response: Page) -> dict[str, list[str]]:
    """The moves on a page, each with what stands in its way."""
    return {offer.move: list(offer.blocked) for offer in response.context["offers"]}


# --- what one sees -------------------------------------------------------------------------------


def test_the_head_says_who_where_and_what_next():
    lead = an_sql(name="Nina North", title="CFO", company="North Ltd", email="nina@north.example", phone="+33142685300")
    work.log_touch(lead.pk, actor(sam()), LATER, kind="call", reached=True)
    head = text(page(vic(), lead)).partition("What now?")[0]
    for said in (
        "Nina North",
        "CFO, North Ltd",
        "hot SQL",
        "prospect",
        "nina@north.example",
        "+33142685300",
        "Next Confirm budget, authority, need and timeline",
        "left",
        "Owner Sam",
    ):
        assert said in head


@pytest.mark.parametrize(
    ("at", "says"),
    [(Rung.LEAD, None), (Rung.MQL, "due in 30 min"), (Rung.SQL, "due in 30 min"), (Rung.WON, None)],
)
def test_the_clock_is_the_one_that_runs_now(at: Rung, says: str | None):
    response = page(vic(), a_lead_on(at))
    if says is None:
        assert response.context["clock"] is None
    else:
        assert says in text(response)


def test_after_a_contact_the_next_one_is_due():
    lead = an_sql()
    work.log_touch(lead.pk, actor(sam()), LATER, kind="call", reached=True)
    assert "8 h left" in text(page(vic(), lead))


def test_a_deal_whose_day_has_passed_is_the_clock_that_counts():
    lead = an_opportunity(at=NOW - timedelta(days=3))
    assert page(vic(), lead).context["clock"].kind == "close_date"


def test_the_score_is_shown_as_it_is_stored():
    lead = observe(a_lead(title="Planner", budget=None), "pricing_view")
    score = lead.score
    score.parts[0]["sentence"] = "As it was stored"
    score.save()
    said = text(page(vic(), lead))
    assert "As it was stored" in said
    assert f"policy version {score.policy_id}, as of 4 Nov 2026, 09:00" in said
    assert "Can decide: Planner is not what we look for" in said
    assert "Nobody knows yet: Budget." in said


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"country": "BR"}, "Under the fit floor of 50"),
        ({"employees": None, "industry": None, "budget": None}, "Too little is known to judge the fit."),
        ({}, "Fits, but shows no pattern of interest yet."),
    ],
)
def test_the_verdict_is_put_in_words(said: dict[str, Any], verdict: str):
    assert verdict in text(page(vic(), a_lead(**said)))


def test_the_facts_are_named_and_the_missing_ones_too():
    lead = a_lead(budget=None, employees=1200, source="Fair", attributes={"Product Line": "B"})
    said = text(page(vic(), lead)).partition("What we know")[2]
    for fact in ("Employees 1,200", "Industry Software", "Budget not known", "Product line B", "Source Fair"):
        assert fact in said


def test_the_people_of_the_company_and_the_parts_nobody_plays():
    lead = a_lead(name="Nina North")
    a_lead(name="Ben Best", title="CEO")
    Membership.objects.filter(person__name="Ben Best").update(role="champion")
    said = text(page(vic(), lead)).partition("People at North")[2]
    assert "Ben Best CEO" in said
    assert "Champion" in said
    assert "Still missing: Decision maker, User" in said


def test_deals_of_all_passes_are_kept():
    lead = a_lead_on(Rung.WON)
    work.reopen(lead.pk, actor(mara()), NOW, text="They grow.")
    said = text(page(vic(), lead)).partition("Deals")[2]
    assert "€11,000 pass 1 won on 4 November 2026" in said
    assert "20k set aside" in said


def test_long_facts_without_spaces_are_shown():
    lead = an_sql(name="N" * 300, title=f"CEO {'T' * 296}", company="C" * 300)
    page(sam(), lead)
    page(sam(), lead, "?edit=1")


def test_a_lead_that_is_known_by_nothing_but_a_phone():
    lead = a_lead(email=None, name=None, phone="+33142685300", title=None, company=None, domain=None)
    said = text(page(sam(), lead))
    assert "+33142685300" in said
    assert "People at" not in said


def test_an_unknown_lead_is_not_found():
    assert browser(sam()).get("/leads/404/").status_code == 404


def test_the_number_of_queries_does_not_grow():
    lead = an_opportunity()
    client = browser(sam())
    address = f"/leads/{lead.pk}/"
    client.get(address)  # a session is written down at its first page
    few = queries(client, address)
    for number in range(30):
        observe(lead, "page_view", at=NOW + timedelta(seconds=number))
        work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=False)
        a_lead()
    assert queries(client, address) == few <= 28


# --- history -------------------------------------------------------------------------------------


def a_long_story() -> Lead:
    """A lead to whom everything happened."""
    lead = an_opportunity()
    correct(lead.pk, actor(sam()), LATER, {"person.title": "CEO"})
    return lead


def lines(response: Page) -> list[str]:
    """What happened, newest first."""
    return [str(line.what) for line in response.context["history"].lines]


def test_the_history_tells_everything_newest_first():
    assert lines(page(vic(), a_long_story())) == [
        "Corrected: Title",
        "Deal opened (SQL → opportunity)",
        "Qualified (SAL → SQL)",
        "Accepted by sales (MQL → SAL)",
        "Sent to the gate (lead → MQL)",
        "Entered",
        "Call: reached them",
        "Asked for a demo",
    ]


def test_a_decision_is_told_with_reason_policy_and_score():
    lead = an_mql()
    rejection = gate.reject(lead.pk, actor(sam()), LATER, reason="other", text="a reseller")
    Answer.objects.create(decision=rejection, by=mara(), at=LATER, text="Sorry, list cleaned.")
    said = text(page(vic(), lead, "?kind=decision"))
    assert "Rejected by sales (MQL → lead) Sam Other (say what): a reseller policy version" in said
    assert "fit 100, intent 40" in said
    assert "Answered by Mara: Sorry, list cleaned." in said


def test_what_was_corrected_says_before_and_after():
    assert "Corrected: Title Sam Head of Operations, now CEO" in text(page(vic(), a_long_story(), "?kind=edit"))


def test_robots_are_marked():
    lead = a_lead()
    in_transaction(lambda: record_signals([a_signal("email_click", NOW, lead.person.email, bot=True)], NOW))
    assert "by a robot: weighs nothing" in text(page(vic(), lead))


@pytest.mark.parametrize(
    ("kind", "count"), [("signal", 1), ("touch", 1), ("decision", 5), ("edit", 1), ("gossip", 8), ("", 8)]
)
def test_the_history_is_filtered_by_kind(kind: str, count: int):
    assert len(lines(page(vic(), a_long_story(), f"?kind={kind}"))) == count


def test_a_long_history_comes_in_pages_without_gap_or_repeat(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assay.desk.lead.history.SIZE", 3)
    lead, client = a_long_story(), browser(vic())
    whole, older = list[str](), ""
    for _ in range(3):
        response = client.get(f"/leads/{lead.pk}/", {"before": older})
        whole += lines(response)
        older = str(response.context["history"].older)
    assert older == "None"
    assert len(whole) == len(set(whole)) == 8


@pytest.mark.parametrize("before", ["x", "2026-11-04~0~1", "2026-11-04T09:00:00+00:00~0~99999999999999999999", "~~"])
def test_a_place_that_makes_no_sense_starts_with_the_newest(before: str):
    lead = a_long_story()
    response = browser(vic()).get(f"/leads/{lead.pk}/", {"before": before})
    assert lines(response)[0] == "Corrected: Title"


def test_htmx_gets_the_history_alone():
    response = browser(vic()).get(f"/leads/{a_lead().pk}/?kind=signal", headers={"HX-Target": "history"})
    assert response.content.decode().strip().startswith("<section")
    assert "Nothing yet." in text(response)


# --- moves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "desk"), [(mara, Desk.MARKETING), (sam, Desk.SALES), (max_, Desk.SALES), (vic, None), (ada, None)]
)
@pytest.mark.parametrize("at", list(Rung))
def test_everybody_is_offered_the_moves_of_their_desk(at: Rung, who, desk: Desk | None):
    lead = a_lead_on(at)
    theirs = {row.name for row in LADDER if at in row.origins and desk in row.desks}
    assert offered(page(who(), lead)).keys() == theirs


def test_a_guard_that_fails_is_named_where_the_move_would_be():
    lead = an_sql()
    response = page(sam(), lead)
    assert offered(response) == {
        "open_deal": ["No two-way contact was made yet: log the call or meeting that reached them."],
        "recycle": [],
        "disqualify": ["Contact was not made, and 0 of the agreed 4 attempts failed; try again first."],
    }
    assert f"/leads/{lead.pk}/move/open_deal/" not in response.content.decode()
    assert "log the call or meeting that reached them" in text(response)


def test_another_reps_lead_says_whose_it_is():
    lead = an_sql()
    response = page(sia(), lead)
    assert offered(response) == {}
    assert "Sam works this lead; they or a manager decide." in text(response)
    assert "Log a contact" not in text(response)
    assert "it belongs to Sam" in text(move(sia(), lead, "recycle", reason="not_now"))


def test_a_resting_lead_says_until_when():
    lead = an_mql()
    gate.reject(lead.pk, actor(sam()), NOW, reason="too_early")
    [sentence] = offered(page(mara(), lead))["promote"]
    assert "The lead rests until 4 December 2026" in sentence


MOVES: list[tuple[str, Any, Rung, dict[str, str], str]] = [
    ("accept", sam, Rung.MQL, {}, "sql"),
    ("reject", sam, Rung.MQL, {"reason": "wrong_person", "text": "intern"}, "lead"),
    ("withdraw", mara, Rung.PQL, {"text": "a test account"}, "lead"),
    ("promote", mara, Rung.LEAD, {"text": "the CFO called"}, "mql"),
    ("disqualify", mara, Rung.LEAD, {"reason": "wrong_fit"}, "disqualified"),
    ("recycle", sam, Rung.SQL, {"reason": "not_now", "look_again": "2027-03-01"}, "lead"),
    ("win", sam, Rung.OPPORTUNITY, {"value": "11000", "closed_on": TODAY}, "won"),
    ("lose", sam, Rung.OPPORTUNITY, {"reason": "price", "closed_on": TODAY}, "lost"),
    ("recycle", sam, Rung.LOST, {"reason": "no_answer"}, "lead"),
    ("reopen", mara, Rung.DISQUALIFIED, {"text": "new owner"}, "lead"),
    ("reopen", sam, Rung.WON, {"text": "wants more"}, "lead"),
]


@pytest.mark.parametrize(("name", "who", "at", "said", "to"), MOVES, ids=lambda value: str(value)[:12])
def test_a_move_is_made_and_says_what_is_next(name: str, who, at: Rung, said: dict[str, str], to: str):
    lead = a_lead_on(at)
    response = move(who(), lead, name, **said)
    assert rung(lead) == to
    assert "Next:" in text(response)
    last = Decision.objects.filter(move=name).latest("pk")
    assert (last.by, last.reason, last.text) == (who(), said.get("reason", ""), said.get("text", ""))


def test_qualifying_takes_two_notes():
    lead = a_lead_on(Rung.SAL)
    assert "This field is required." in text(move(sam(), lead, "qualify", fit_note="their trade"))
    move(sam(), lead, "qualify", fit_note="their trade", intent_note="asked twice")
    assert Decision.objects.latest("pk").details["intent_note"] == "asked twice"


def test_a_manager_accepts_for_somebody():
    lead = an_mql()
    move(max_(), lead, "accept", owner=sia().pk)
    assert Lead.objects.get(pk=lead.pk).owner == sia()
    assert "owner" not in page(sam(), an_mql()).context["offers"][0].form.fields


def test_a_deal_is_opened_with_four_notes_a_value_and_a_day():
    lead = an_sql()
    work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    response = move(sam(), lead, "open_deal", **DEAL)
    assert "Deal opened. Next: Move the deal: agree the next date." in text(response)
    deal = Deal.objects.get(lead=lead)
    assert (deal.value, deal.currency, deal.close_date.isoformat() if deal.close_date else "") == (
        Decimal("12000.50"),
        "EUR",
        "2026-12-24",
    )
    assert deal.bant == BANT


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": "much"}, '"much" is not an amount above zero.'),
        ({"value": "-5"}, "is not an amount above zero"),
        ({"currency": "XXL"}, '"XXL" is not a currency code.'),
        ({"close_date": "soon"}, "Enter a valid date."),
        ({"close_date": "2026-11-03"}, "a close date that is not in the past"),
        ({"need": ""}, "Not confirmed with a note: Need."),
        ({"need": "x" * 2001}, "Ensure this value has at most 2000 characters"),
    ],
)
def test_a_deal_that_lacks_something_says_what_and_keeps_the_rest(change: dict[str, str], says: str):
    lead = an_sql()
    work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    response = move(sam(), lead, "open_deal", **{**DEAL, **change})
    assert response.status_code == 422
    assert says in text(response)
    assert BANT["authority"] in response.content.decode()
    assert rung(lead) == Rung.SQL


def test_notes_are_kept_before_the_deal_is_opened_and_after():
    lead, client = an_sql(), browser(sam())
    work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    client.post(f"/leads/{lead.pk}/notes/", {"need": "two tools", "value": ""})
    assert Deal.objects.get(lead=lead).need == "two tools"
    assert "two tools" in client.get(f"/leads/{lead.pk}/").content.decode()
    client.post(f"/leads/{lead.pk}/move/open_deal/", DEAL)
    client.post(f"/leads/{lead.pk}/notes/", {**BANT, "budget": "30k now"})
    assert Deal.objects.get(lead=lead).budget == "30k now"
    response = client.post(f"/leads/{lead.pk}/notes/", {**BANT, "budget": ""})
    assert response.status_code == 422
    assert "An open deal needs a note on Budget." in text(response)


def test_a_win_cannot_be_dated_in_the_future():
    lead = an_opportunity()
    response = move(sam(), lead, "win", value="11000", closed_on="2026-11-05")
    assert "A win cannot be dated in the future." in text(response)
    assert "A deal cannot be lost in the future." in text(
        move(sam(), lead, "lose", reason="price", closed_on="2026-11-05")
    )
    assert rung(lead) == Rung.OPPORTUNITY


def test_a_look_again_in_the_past_says_so():
    response = move(sam(), an_sql(), "recycle", reason="not_now", look_again="2026-01-01")
    assert "1 January 2026 is not in the future." in text(response)


def test_the_reason_other_needs_its_text():
    lead = an_mql()
    assert 'The reason "other" needs a text that says what.' in text(move(sam(), lead, "reject", reason="other"))
    assert rung(lead) == Rung.MQL


def test_what_somebody_else_decided_first_is_told():
    lead = an_mql()
    gate.accept(lead.pk, actor(sia()), LATER)
    response = move(sam(), lead, "accept")
    assert "was already decided by Sia" in text(response)
    assert Lead.objects.get(pk=lead.pk).owner == sia()


def test_a_move_of_the_other_desk_is_refused():
    lead = an_mql()
    response = move(mara(), lead, "accept")
    assert "accept from rung MQL is decided by sales." in text(response)
    assert rung(lead) == Rung.MQL


@pytest.mark.parametrize("name", ["capture", "promote_product", "teleport"])
def test_what_nobody_decides_by_hand_is_no_address(name: str):
    assert move(sam(), a_lead(), name).status_code == 404


@pytest.mark.parametrize("who", [vic, ada])
@pytest.mark.parametrize("address", ["move/accept/", "touch/", "notes/", "owner/", "facts/", "role/"])
def test_whoever_may_only_look_changes_nothing(who, address: str):
    lead = an_mql()
    assert browser(who()).post(f"/leads/{lead.pk}/{address}", {"text": "x"}).status_code == 403
    assert rung(lead) == Rung.MQL


# --- contacts and owners -------------------------------------------------------------------------


def test_a_call_is_logged_in_one_short_form():
    lead = an_sql()
    client = browser(sam())
    said = {"kind": "call", "reached": "yes", "note": "Demo on Friday"}
    response = client.post(f"/leads/{lead.pk}/touch/", said, follow=True)
    touch = Touch.objects.get(lead=lead)
    assert (touch.kind, touch.reached, touch.note, touch.at) == ("call", True, "Demo on Friday", LATER)
    assert "Logged. Next: Confirm budget, authority, need and timeline." in text(response)


def test_a_contact_may_be_written_down_later_but_not_before_it_happened():
    lead = an_sql()
    reader = sam()
    User.objects.filter(pk=reader.pk).update(timezone="Europe/Paris")
    client = browser(reader)
    said = {"kind": "meeting", "reached": "no"}
    client.post(f"/leads/{lead.pk}/touch/", {**said, "at": "2026-11-04T10:15"})
    assert Touch.objects.get(lead=lead).at == NOW + timedelta(minutes=15)
    response = client.post(f"/leads/{lead.pk}/touch/", {**said, "at": "2026-11-04T11:15"})
    assert "This is in the future" in text(response)


def test_a_contact_says_whether_it_reached_them():
    response = browser(sam()).post(f"/leads/{an_sql().pk}/touch/", {"kind": "call", "note": "kept"})
    assert "Say whether you reached them." in text(response)
    assert "kept" in response.content.decode()


def test_a_lead_is_handed_over_by_its_owner_or_a_manager():
    lead, other = an_sql(), sia()
    assert other in page(sam(), lead).context["owners"]
    assert not page(other, lead).context["owners"]
    response = browser(sam()).post(f"/leads/{lead.pk}/owner/", {"owner": other.pk}, follow=True)
    assert "The lead is Sia's now." in text(response)
    refused = browser(sam()).post(f"/leads/{lead.pk}/owner/", {"owner": sam().pk}, follow=True)
    assert "it belongs to Sia" in text(refused)
    nobody = browser(max_()).post(f"/leads/{lead.pk}/owner/", {"owner": "x"}, follow=True)
    assert "There is no user 0." in text(nobody)


# --- correcting ----------------------------------------------------------------------------------


def facts(client: Client, lead: Lead, **changes: str) -> Page:
    """The page after the form of facts was sent as the browser would, with changes."""
    form = client.get(f"/leads/{lead.pk}/?edit=1").context["facts_form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {f"initial-{name}": value for name, value in sent.items()}
    said = {name.replace("__", "."): value for name, value in changes.items()}
    return client.post(f"/leads/{lead.pk}/facts/", sent | said, follow=True)


def test_facts_are_corrected_in_place_and_the_score_follows():
    lead = a_lead(title="Planner", employees=None)
    response = facts(browser(mara()), lead, person__title="CFO", company__employees="1,200")
    assert "Corrected: Title, Employees. Fit was 50 and is 75." in text(response)
    assert [(edit.field, edit.after) for edit in Edit.objects.order_by("pk")] == [
        ("person.title", "CFO"),
        ("company.employees", 1200),
    ]


def test_who_crosses_by_a_correction_is_told_so():
    lead = observe(a_lead(employees=None, industry=None, budget=None), "demo_request")
    response = facts(browser(mara()), lead, company__employees="120", company__industry="Software")
    assert "It is a hot MQL now." in text(response)


def test_only_what_this_person_changed_is_written():
    lead, client = a_lead(title="Planner"), browser(mara())
    form = client.get(f"/leads/{lead.pk}/?edit=1").context["facts_form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {f"initial-{name}": value for name, value in sent.items()}
    correct(lead.pk, actor(sam()), LATER, {"company.industry": "Logistics"})  # somebody else, meanwhile
    client.post(f"/leads/{lead.pk}/facts/", sent | {"person.title": "CFO"})
    lead.refresh_from_db()
    assert lead.company
    assert (lead.company.industry, lead.person.title) == ("Logistics", "CFO")


def test_nothing_different_is_no_correction():
    response = facts(browser(mara()), a_lead())
    assert "Nothing was different" in text(response)
    assert not Edit.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"company__employees": "1.200.00"}, "cannot be read as one number"),
        ({"company__budget": "1.200"}, "cannot be read as one number"),
        ({"person__email": "nobody"}, '"nobody" is not an email address.'),
        ({"company__country": "Atlantis"}, '"Atlantis" is not a country.'),
    ],
)
def test_a_fact_that_makes_no_sense_says_so_and_keeps_the_rest(change: dict[str, str], says: str):
    lead = a_lead(title="Planner")
    response = facts(browser(mara()), lead, person__title="CFO", **change)
    assert response.status_code == 422
    assert says in text(response)
    assert 'value="CFO"' in response.content.decode()
    assert not Edit.objects.exists()


def test_correcting_is_for_those_who_work():
    lead = a_lead()
    assert page(vic(), lead, "?edit=1").context["facts_form"] is None
    assert page(mara(), lead, "?edit=1").context["facts_form"] is not None


def test_a_part_in_buying_is_set():
    lead, client = a_lead(), browser(sam())
    client.post(f"/leads/{lead.pk}/role/", {"person": lead.person_id, "role": "decision_maker"})
    assert Membership.objects.get(person=lead.person_id).role == "decision_maker"
    response = client.post(f"/leads/{lead.pk}/role/", {"person": "x", "role": "boss"}, follow=True)
    assert '"boss" is no part in buying.' in text(response)


def test_accepting_apart_from_qualifying_offers_both_in_turn():
    accept_apart_from_qualify()
    lead = an_mql()
    move(sam(), lead, "accept")
    assert rung(lead) == Rung.SAL
    assert "qualify" in offered(page(sam(), lead))


# --- what a program drafted ----------------------------------------------------------------------


def test_a_draft_is_shown_confirmed_and_stands_in_the_history():
    lead = an_mql()
    row = draft(lead.pk, actor(sam()), NOW, move="reject", why="A student", said={"reason": "wrong_person"})
    page = browser(sam()).get(f"/leads/{lead.pk}/")
    assert "Drafted for you" in text(page)
    assert "Confirm: Reject" in page.content.decode()
    assert "Confirm: Reject" not in browser(mara()).get(f"/leads/{lead.pk}/").content.decode()
    assert "A student" in text(browser(vic()).get(f"/leads/{lead.pk}/"))
    assert browser(sia()).post(f"/leads/{lead.pk}/drafts/{row.pk}/confirm/").status_code == 302
    after = text(browser(sam()).get(f"/leads/{lead.pk}/"))
    assert "Drafted for you" not in after
    assert "drafted by Sam" in after


def test_a_draft_is_dismissed_and_nothing_was_decided():
    lead = an_mql()
    row = draft(lead.pk, actor(sam()), NOW, move="reject", why="A student", said={"reason": "wrong_person"})
    answer = browser(mara()).post(f"/leads/{lead.pk}/drafts/{row.pk}/dismiss/", follow=True)
    assert "The draft is dismissed" in text(answer)
    assert Lead.objects.get(pk=lead.pk).rung == "mql"
    again = browser(sam()).post(f"/leads/{lead.pk}/drafts/{row.pk}/confirm/", follow=True)
    assert "Somebody was quicker" in text(again)
