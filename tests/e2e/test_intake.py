"""Intake while it happens: the page follows by itself, waits for whoever reads, and works without scripts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from assay.demo.website import KEY
from tests.e2e.browser import People
from tests.e2e.intake import wait_until_sorted
from tests.e2e.server import Server, copy, serving

EVENT = {"type": "track", "event": "Saw It Happen", "anonymousId": "visitor-1"}
WRONG = {"type": "track", "event": "Nobody Did It"}


@pytest.fixture(scope="module")
def watching(month: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """People at the demo month while something comes in."""
    with serving(copy(month, tmp_path_factory.mktemp("intake") / "home")) as server:
        people = People(browser, server)
        yield people
        people.leave()
        assert people.complaints == []


def send(server: Server, *events: dict[str, str]) -> None:
    """They are on the page, or in the quarantine, when this returns."""
    body = json.dumps({"writeKey": KEY, "batch": list(events)}).encode()
    urlopen(Request(f"{server.url}/v1/batch", body), timeout=20).close()
    wait_until_sorted(server)


def mark(page: Page) -> None:
    """Something that a new page would not have."""
    page.evaluate("document.body.dataset.same = 'yes'")


def test_what_comes_in_shows_without_a_reload(watching: People):
    page = watching.page("mara")
    page.goto("/intake/")
    mark(page)
    send(watching.server, EVENT)
    expect(page.locator("#live")).to_contain_text("Saw it happen")
    expect(page.locator("body")).to_have_attribute("data-same", "yes")


def test_what_somebody_reads_stays_until_it_is_read(watching: People):
    send(watching.server, WRONG)
    page = watching.page("mara")
    page.goto("/intake/")
    page.get_by_text("As it came").first.click()
    rows = page.locator("#bad .bad-row").count()
    with page.expect_request(lambda request: request.headers.get("hx-target") == "live"):
        send(watching.server, WRONG)
    page.wait_for_timeout(6_000)
    expect(page.locator("#bad .bad-row")).to_have_count(rows)
    expect(page.locator("#bad pre").first).to_be_visible()
    page.get_by_text("As it came").first.click()
    page.get_by_role("heading", name="Intake").click()
    expect(page.locator("#bad .bad-row")).to_have_count(rows + 1)


def test_held_still_it_asks_for_nothing(watching: People):
    page = watching.page("mara")
    page.goto("/intake/")
    page.get_by_role("link", name="Hold still").click()
    page.wait_for_url("**/?still=1")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/intake/" in request.url else None)
    page.wait_for_timeout(4_000)
    assert asked == []
    page.get_by_role("link", name="Go on by itself").click()
    expect(page.get_by_role("link", name="Hold still")).to_be_visible()


def test_a_rule_is_made_tried_and_counts(watching: People):
    page = watching.page("mara")
    page.goto("/intake/keys/")
    page.get_by_label("Name").fill("The product")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", name="The product")).to_be_visible()
    page.get_by_label("Page or event").first.fill("/plans/*")
    page.get_by_label("Counts as").first.select_option("pricing_view")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Page or event").first).to_have_value("/plans/*")
    page.get_by_label("A page's path").fill("/plans/pro")
    expect(page.locator("#tried")).to_contain_text("/plans/pro counts as Viewed pricing")


def test_without_scripts_all_of_it_works(watching: People):
    send(watching.server, WRONG)
    page = watching.page("mara", java_script_enabled=False)
    page.goto("/intake/")
    send(watching.server, {**EVENT, "event": "Came Later"})
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator("#live")).to_contain_text("Came later")
    page.get_by_role("button", name=re.compile("^Replay all")).first.click()
    expect(page.locator("#notices")).to_contain_text("still cannot be taken")
    page.get_by_role("link", name="Example website").first.click()
    page.get_by_label("A page's path").fill("/pricing")
    page.get_by_role("button", name="Try").click()
    expect(page.locator("#tried")).to_contain_text("Viewed pricing")


def test_two_leads_are_merged_and_parted_by_hand(watching: People):
    [one, other, *_] = watching.server.leads_on("lead")
    page = watching.page("mara")
    page.goto(f"/leads/{one}/")
    page.get_by_role("link", name="Same person as…").click()
    expect(page.get_by_role("heading", name="Who is the same person?")).to_be_visible()
    page.goto(f"/leads/{one}/same/{other}/")
    page.get_by_label("How do you know?").fill("The same voice on the phone")
    page.get_by_role("button", name="They are one person").click()
    expect(page.get_by_text("Merged from")).to_be_visible()
    page.get_by_text("Part them").click()
    page.get_by_role("button", name="They are two people after all").click()
    expect(page.get_by_text("is a lead of their own again")).to_be_visible()
