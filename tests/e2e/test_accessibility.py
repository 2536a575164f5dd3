"""Nobody is kept out: no page has a fault by WCAG 2.2 AA in light or dark, or is wider than a phone, or complains."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from assay.demo import PASSWORD
from assay.desk.access import TOKEN, Right, routes
from tests.e2e.accessibility import faults
from tests.e2e.browser import People
from tests.e2e.pages import ELSEWHERE, PAGES, Listed

WHO: Mapping[str, str] = {
    Right.PUBLIC: "",
    Right.MARKET: "mara",
    Right.ADMINISTER: "ada",
    Right.CONNECT: "ada",
    Right.MERGE: "mara",
    Right.ROUTE: "max",
}
"""Somebody with a right; the others are Sam's."""


@pytest.fixture(autouse=True)
def quiet(request: pytest.FixtureRequest):
    """Whatever a test looks at, no console complains: of an error, or of a style or script the policy forbids."""
    yield
    for name in {"readers", "newcomers"} & set(request.fixturenames):
        people = request.getfixturevalue(name)
        people.leave()
        told, people.complaints = people.complaints, []
        assert told == []


def test_the_list_of_pages_is_complete(readers: People):
    """Those of the API are no pages: they answer programs alone."""
    pages = [(where, str(right)) for where, _, right in routes() if right != TOKEN]
    answering = {where for where, right in pages if _answers(readers, where, right)}
    assert {page.route for page in PAGES} | ELSEWHERE.keys() == answering


def _answers(people: People, where: str, right: str) -> bool:
    """Whether a route answers to being opened; those that only take forms say 405."""
    path = (
        re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>|\(\?P<\w+>.+?\)(?=[-/])", "x", where)).replace("^", "").rstrip("$")
    )
    return people.request(WHO.get(right, "sam")).get(f"/{path}", max_redirects=0).status != 405


@pytest.mark.parametrize("listed", PAGES, ids=str)
def test_a_page_keeps_nobody_out(listed: Listed, readers: People):
    page = readers.seat(listed.who)
    answer = page.goto(listed.address(readers.server))
    assert answer is not None
    assert answer.status == listed.status
    if listed.press:
        page.keyboard.press(listed.press)
        expect(page.locator("dialog[open]")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize(
    "where",
    ["inbox", "work", "deals", "leads", "companies", "funnel", "returned", "sources", "forms", "imports", "intake"],
)
def test_a_page_with_nothing_on_it_says_what_to_do(where: str, newcomers: People):
    page = newcomers.seat("mara" if where in ("returned", "forms", "imports", "leads", "intake") else "sam")
    page.goto(f"/{where}/")
    expect(page.locator("main .empty").first).to_be_visible()
    assert faults(page) == []


def test_a_wrong_password(readers: People):
    page = readers.page()
    page.goto("/account/login/")
    page.get_by_label("Email").fill("sam@assay.example")
    page.get_by_label("Password").fill("not this one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


def test_a_form_from_before_the_cookies_went(readers: People):
    page = readers.page()
    page.goto("/account/login/")
    page.context.clear_cookies()
    page.get_by_label("Email").fill("sam@assay.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Please send it again")).to_be_visible()
    assert faults(page) == []


def test_a_time_zone_that_is_none(readers: People):
    page = readers.page("vic")
    page.goto("/account/preferences/")
    page.get_by_label("Time zone").fill("Mars/Olympus")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


def test_a_rejection_without_the_text_it_needs(readers: People):
    page = readers.page("sam")
    page.goto("/inbox/")
    _reject_for_another_reason(page)
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


def test_a_rejection_without_the_text_it_needs_and_without_scripts(readers: People):
    page = readers.page("sam", java_script_enabled=False)
    [lead, *_] = readers.server.leads_on("mql")
    page.goto(f"/inbox/{lead}/reject/")
    _choose_other(page)
    page.get_by_role("main").get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_an_invitation_without_an_address(readers: People):
    page = readers.page("ada")
    page.goto("/settings/")
    page.get_by_label("Name", exact=True).fill("Sam")
    page.get_by_label("Email").fill("sam@assay.example")
    page.get_by_role("radio", name="Sales rep").check()
    page.get_by_role("button", name="Make the invitation link").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


def _reject_for_another_reason(page: Page) -> None:
    page.keyboard.press("r")
    _choose_other(page)
    page.keyboard.press("Enter")


def _choose_other(page: Page) -> None:
    page.locator("input[name=reason][value=other]").check()
