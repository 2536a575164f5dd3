"""A salesperson's whole way, from the sign-in to a won deal, and back through what was written down on it."""

from collections.abc import Mapping
from datetime import date
from time import sleep
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from assay.demo import PASSWORD
from tests.e2e.browser import PHONE, People
from tests.e2e.hands import Hands, Keyboard, Pointer

WAYS: Mapping[str, tuple[Hands, Mapping[str, Any]]] = {
    "by keyboard": (Keyboard(), {}),
    "without JavaScript": (Pointer(), {"java_script_enabled": False}),
}
CONFIRMED = {
    "Budget": "20k set aside",
    "Authority": "She signs herself",
    "Need": "Two tools to replace",
    "Timeline": "Before June",
}
CLOSES = date(2099, 12, 12)


@pytest.mark.parametrize("way", WAYS)
def test_from_the_sign_in_to_a_won_deal(way: str, people: People):
    hands, options = WAYS[way]
    page = people.page(**options)
    arrive(page, hands)
    accepted = accept(page, hands)
    rejected, reason = reject(page, hands)

    open_from_my_work(page, hands, accepted)
    log_a_call_that_reached(page, hands)
    confirm_bant(page, hands)
    open_a_deal(page, hands)
    win(page, hands)

    happened = read_history(page)
    assert positions(happened, "Deal won", "Deal opened", "Call", "Accepted by sales", "Sent to the gate")
    assert "Sam Okafor" in happened
    assert "She answered at once" in happened
    for note in CONFIRMED.values():
        expect(page.get_by_role("main")).to_contain_text(note)

    page.goto(f"/leads/{rejected}/")
    happened = read_history(page)
    assert positions(happened, "Rejected by sales", "Sent to the gate")
    assert reason in happened


def arrive(page: Page, hands: Hands) -> None:
    page.goto("/")
    hands.write(page.get_by_label("Email"), "sam@assay.example")
    hands.write(page.get_by_label("Password"), PASSWORD)
    hands.press(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def accept(page: Page, hands: Hands) -> str:
    who = chosen(page)
    hands.press(page.get_by_role("button", name="Accept"), key="a")
    expect(notice(page)).to_contain_text(f"{who} is yours now.")
    expect(page.locator("#panel-title")).not_to_have_text(who)
    return who


def reject(page: Page, hands: Hands) -> tuple[int, str]:
    """The id of the lead, and why it was rejected."""
    who, lead = chosen(page), int(str(page.locator("#panel-title a").get_attribute("href")).split("/")[2])
    hands.press(page.get_by_role("link", name="Reject"), key="r")
    first = page.get_by_role("radio").first
    hands.choose(first, key="1")
    reason = page.locator(".choice").first.locator(".grow").inner_text()
    hands.press(page.get_by_role("main").get_by_role("button", name="Reject"), key="Enter")
    expect(notice(page)).to_contain_text(f"{who} went back to marketing: {reason}.")
    return lead, reason


def open_from_my_work(page: Page, hands: Hands, who: str) -> None:
    hands.press(page.get_by_role("link", name="My work"))
    hands.press(page.get_by_role("link", name=who))
    expect(page.get_by_role("heading", name=who, level=1)).to_be_visible()


def log_a_call_that_reached(page: Page, hands: Hands) -> None:
    hands.choose(page.get_by_role("radio", name="Call"), key="l")
    hands.choose(page.get_by_role("radio", name="Yes, they answered"))
    hands.write(page.locator("#log").get_by_label("Note"), "She answered at once")
    hands.press(page.get_by_role("button", name="Log it"))
    expect(notice(page)).to_contain_text("Logged")


def confirm_bant(page: Page, hands: Hands) -> None:
    deal = unfold(page, hands, "Open a deal")
    for point, note in CONFIRMED.items():
        hands.write(deal.get_by_label(point), note)
    hands.press(deal.get_by_role("button", name="Keep the notes only"))
    expect(notice(page)).to_contain_text("Notes kept")


def open_a_deal(page: Page, hands: Hands) -> None:
    deal = unfold(page, hands, "Open a deal")
    hands.write(deal.get_by_label("Value"), "12000")
    hands.write_day(deal.get_by_label("Closes on"), CLOSES)
    hands.press(deal.get_by_role("button", name="Open a deal"))
    expect(notice(page)).to_contain_text("Deal opened")


def win(page: Page, hands: Hands) -> None:
    won = unfold(page, hands, "Won")
    hands.write(won.get_by_label("Actual value"), "11500")
    hands.press(won.get_by_role("button", name="Won"))
    expect(notice(page)).to_contain_text("Deal won")
    expect(page.locator(".label", has_text="won").first).to_be_visible()


def test_accepting_on_a_phone(people: People):
    page, hands = people.page("sam", viewport=PHONE, has_touch=True, is_mobile=True), Pointer()
    page.goto("/inbox/")
    first, second = (page.locator("[data-walk] .item").nth(row) for row in (0, 1))
    expect(page.locator("#panel")).to_be_hidden()
    who, following = (row.locator(".who").inner_text() for row in (first, second))
    first.tap()
    expect(page.locator("#panel-title")).to_have_text(who)
    expect(page.locator("[data-walk]")).to_be_hidden()
    assert accept(page, hands) == who
    expect(page.locator("#panel-title")).to_have_text(following)
    expect(notice(page)).to_be_in_viewport()
    page.get_by_role("link", name="All that wait").tap()
    expect(page.locator("[data-walk]")).to_be_visible()
    expect(page.locator("[data-walk]")).not_to_contain_text(who)


@pytest.mark.parametrize("way", WAYS)
def test_two_people_decide_on_one_lead_and_the_second_is_told(way: str, people: People):
    hands, options = WAYS[way]
    [lead, *_] = people.server.leads_on("mql")
    sam, sia = people.page("sam", **options), people.page("sia", **options)
    for page in (sam, sia):
        page.goto(f"/inbox/{lead}/")
    who = accept(sam, hands)
    hands.press(sia.get_by_role("button", name="Accept"), key="a")
    expect(notice(sia)).to_contain_text(f"{who} was decided before you: Accepted by sales, Sam Okafor at")
    sia.goto(f"/leads/{lead}/")
    expect(sia.get_by_role("main")).to_contain_text("Owner Sam Okafor")


def test_twenty_leads_by_keyboard_alone(people: People):
    page = people.page("sam")
    page.goto("/inbox/")
    waiting = page.locator("[data-walk] .item")
    expect(page.locator("#panel-title")).to_be_visible()
    number = waiting.count()
    assert number > 20
    for turn in range(20):
        who = chosen(page)
        if turn % 2:
            page.keyboard.press("r")
            page.keyboard.press("2")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("a")
        expect(notice(page)).to_contain_text(who)
        expect(waiting).to_have_count(number - turn - 1)
    assert chosen(page)


def test_quick_fingers_never_decide_on_a_lead_that_is_not_the_selected_one(people: People):
    page = people.page("sam")
    page.route("**/inbox/*/", slowly)
    page.goto("/inbox/")
    names = page.locator("[data-walk] .who").all_inner_texts()
    for key in "jjjjjka":
        page.keyboard.press(key)
    expect(page.locator("#panel-title")).to_have_text(names[4])
    # It may be there from the way down, with the answer to the way back up still to come.
    expect(page.locator("#panel[aria-busy]")).to_have_count(0)
    assert chosen(page) == names[4]
    assert accept(page, Keyboard()) == names[4]


def slowly(route: Route) -> None:
    """Answer as from far away."""
    sleep(0.2)
    route.continue_()


def test_walking_through_the_inbox(people: People):
    page = people.page("sam")
    page.goto("/inbox/")
    names = page.locator("[data-walk] .who").all_inner_texts()
    for key, row in (("k", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(page.locator("#panel-title")).to_have_text(names[row])
        assert chosen(page) == names[row]
    page.keyboard.press("a")
    expect(notice(page)).to_contain_text(names[1])
    assert chosen(page) == names[2], "the next one comes up, not the first"
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name=names[2], level=1)).to_be_visible()


def chosen(page: Page) -> str:
    """The one lead that is selected, in the list as in the panel beside it."""
    selected = page.locator("[data-walk] [aria-current=true] .who")
    expect(selected).to_have_count(1)
    who = selected.text_content() or ""
    expect(page.locator("#panel-title")).to_have_text(who)
    return who


def notice(page: Page) -> Locator:
    """Where the page says what just happened."""
    return page.locator("#notices")


def unfold(page: Page, hands: Hands, move: str) -> Locator:
    """The form of a move, opened."""
    form = page.locator("details.move").filter(has=page.locator("summary", has_text=move))
    if form.get_attribute("open") is None:
        hands.press(form.locator("summary"))
    return form


def read_history(page: Page) -> str:
    """What happened, newest first."""
    return page.locator("#history").inner_text()


def positions(text: str, *words: str) -> bool:
    """Whether the words stand in the text in this order."""
    found = [text.find(word) for word in words]
    return -1 not in found and found == sorted(found)
