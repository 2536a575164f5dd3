"""The example website with the running program behind it: what a visitor did before the form is known of its sender."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assay.demo import PASSWORD
from assay.demo.team import DOMAIN
from assay.intake.tracker import snippet
from tests.e2e.accessibility import faults
from tests.e2e.browser import A_PERSONS_NAME, LAPTOP, PATIENCE, sign_in
from tests.e2e.intake import PAGES_OF_PRICES, make_key, people_of, stored, wait_for
from tests.e2e.server import Server, assay, serving
from tests.e2e.websites import website

SITE = Path(__file__).parent.parent.parent / "examples" / "site"
PAGES = ("index.html", "pricing.html", "blog/closing-in-three-days.html", "contact.html")
KEY = "example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("website")) as running:
        make_key(running, KEY, PAGES_OF_PRICES)
        words = (f"sam@{DOMAIN}", "--role", "rep", "--name", "Sam", "--password-stdin")
        assay(running.home, "user", "add", *words, given=f"{PASSWORD}\n")
        yield running


@pytest.fixture(scope="module")
def site(server: Server) -> Iterator[str]:
    """The example's address; only where Assay is differs from the files. Beside it, a page with the snippet."""
    config = f"window.site = {json.dumps({'assay': server.url, 'key': KEY})};"
    application = f"<!doctype html><title>Application</title>{snippet(server.url, KEY, consented=True)}"
    with website({"/config.js": config, "/application": application}, SITE) as url:
        yield url


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with browser.new_context(base_url=site, user_agent=A_PERSONS_NAME, viewport=LAPTOP) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


def read(page: Page, path: str) -> None:
    """Open a page and stay until it was told."""
    with page.expect_response("**/v1/batch") as told:
        page.goto(f"/{path}")
    assert told.value.status == 200


@pytest.fixture
def desk(server: Server, browser: Browser) -> Iterator[Page]:
    """Sam, who has the inbox open."""
    with browser.new_context(base_url=server.url, viewport=LAPTOP) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, "sam")
        yield page


def test_three_visits_and_a_form(server: Server, page: Page, desk: Page):
    page.goto("/index.html?utm_source=news&utm_campaign=autumn")
    assert stored(server, KEY) == []
    page.get_by_role("button", name="Yes, you may").click()
    wait_for(server, KEY, 1, lambda seconds: page.wait_for_timeout(seconds * 1000))
    for path in ("pricing.html", "blog/closing-in-three-days.html", "pricing.html", "contact.html"):
        read(page, path)
    page.get_by_label("First name").fill("Anna")
    page.get_by_label("Last name").fill("Bright")
    page.get_by_label("Work email").fill("anna@bright.example")
    page.get_by_label("Company", exact=True).fill("Bright GmbH")
    page.get_by_label("Job title").fill("CEO")
    page.get_by_label("People in your company").fill("120")
    page.get_by_label("Industry").select_option("Software")
    page.get_by_label("What is it about?").fill("Our books are late.")
    page.get_by_role("button", name="Ask for a call").click()
    expect(page.get_by_text("We call you within a day")).to_be_visible()

    found = wait_for(server, KEY, 7, lambda seconds: page.wait_for_timeout(seconds * 1000))
    assert Counter(signal.kind for signal in found) == {
        "page_view": 3,
        "pricing_view": 2,
        "identify": 1,
        "contact_request": 1,
    }
    [visitor] = {signal.value for signal in found if signal.who == "visitor"}
    assert {signal.properties["utm_source"] for signal in found if signal.kind != "identify"} == {"news"}
    assert "Our books are late." not in str(found)
    deadline = time.monotonic() + PATIENCE / 1000
    while len(people := people_of(server, visitor, "anna@bright.example")) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(people) == 2
    assert len(set(people.values())) == 1

    told = desk.get_by_role("link", name="1 lead came since")
    expect(told).to_be_visible()
    assert faults(desk) == []
    told.click()
    expect(desk.get_by_role("heading", name="Anna Bright")).to_be_visible()
    for reason in ("Can decide: CEO", "Company size: 120", "Viewed pricing", "Asked to be called once"):
        expect(desk.get_by_text(reason).first).to_be_visible()
    assert server.leads_on("mql") != []


def test_who_says_no_is_left_alone(server: Server, page: Page):
    before = len(stored(server, KEY))
    page.goto("/index.html")
    page.get_by_role("button", name="No, thank you").click()
    page.goto("/pricing.html")
    expect(page.get_by_role("region", name="Privacy")).to_be_hidden()
    page.wait_for_function("window.assay && !assay.q")
    assert page.evaluate("Object.keys(localStorage)") == ["consent"]

    page.get_by_role("button", name="Privacy choices").click()
    page.get_by_role("button", name="Yes, you may").click()
    found = wait_for(server, KEY, before + 1, lambda seconds: page.wait_for_timeout(seconds * 1000))
    assert found[-1].kind == "pricing_view"


def test_an_application_that_goes_offline_and_is_left(server: Server, page: Page):
    before = len(stored(server, KEY))
    with page.expect_response("**/v1/batch"):
        page.goto("/application")
    page.context.set_offline(True)
    page.evaluate("history.pushState(0, '', '/pricing/team'); assay.identify('ben-1'); assay.track('Plan Chosen')")
    page.wait_for_timeout(500)
    assert len(stored(server, KEY)) == before + 1
    with page.expect_response("**/v1/batch"):
        page.context.set_offline(False)
    page.evaluate("assay.track('Signed Out'); location.href = 'about:blank'")

    found = wait_for(server, KEY, before + 5, lambda seconds: page.wait_for_timeout(seconds * 1000))[before:]
    assert Counter(signal.kind for signal in found) == Counter(
        ["page_view", "pricing_view", "identify", "plan_chosen", "signed_out"]
    )
    assert {signal.value for signal in found if signal.kind in ("plan_chosen", "signed_out")} == {"ben-1"}


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_its_pages(page: Page, path: str):
    page.goto(f"/{path}")
    expect(page.get_by_role("region", name="Privacy")).to_be_visible()
    assert faults(page) == []
