"""The Funnel page in a browser, on the demo month: the worked example, in one walk."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import People

SCROLL = "part => part.scrollIntoView()"
"""At once, and not once it is still: a part that comes into view is replaced by what it was to show."""


def test_where_leads_are_lost_and_what_to_mend_first(readers: People):
    page = readers.page("max")
    page.goto("/funnel/")
    answer = page.locator("main .next")
    expect(answer).to_contain_text("It leaks most from MQL to SQL: 10 of 78 go on, 13%.")
    expect(answer).to_contain_text("Best lever: MQL to SQL.")
    expect(answer.get_by_role("link", name="Fix the leak")).to_contain_text("2.3 times the deals")
    expect(answer.get_by_role("link", name="Double the top")).to_contain_text("2 times the deals")
    assert _is_drawn(page, "Visitors 10,000, Leads 25")

    answer.get_by_role("link", name="Fix the leak").click()
    page.wait_for_url(re.compile(r"mql_to_sql=30%25"))
    asked = page.locator("#what-if")
    expect(asked.get_by_label("MQL to SQL")).to_have_value("30%")
    asked.get_by_label("MQL to SQL").fill("")
    asked.get_by_label("Visitors", exact=True).fill("x3")
    asked.get_by_label("Deals you want").fill("10")
    asked.get_by_role("button", name="See what comes of it").click()
    expect(asked.get_by_role("row", name="Visitors: 3 times")).to_contain_text("3")
    expect(asked).to_contain_text("For 10 deals, going on as today, are needed: Visitors 100,000")
    page.wait_for_url(re.compile(r"visitor=x3"))

    for name in ("times", "forecast", "results", "months"):
        part = page.locator(f"#{name}")
        part.evaluate(SCROLL)
        expect(part.get_by_role("table")).to_be_visible()
    parts = page.locator("#by")
    parts.evaluate(SCROLL)
    parts.get_by_role("link", name="Employees").click()
    expect(parts.get_by_role("columnheader", name="Employees")).to_be_visible()
    parts.get_by_role("link", name="Source", exact=True).click()
    parts.get_by_role("link", name="Website").click()
    expect(page.get_by_role("link", name="Without the filter Source: Website")).to_be_visible()

    page.get_by_label("Compare with").select_option(label="All leads of the period")
    expect(page.get_by_role("columnheader", name="all leads")).to_be_visible()
    assert "compare=all" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of the steps").click()
    assert download.value.suggested_filename.startswith("funnel-steps-")
    page.get_by_label("Period", exact=True).select_option(label="Last quarter")
    page.get_by_role("link", name="Clear filters").first.click()
    expect(page.locator("main .next")).to_contain_text("10 of 78")
    readers.leave()
    assert readers.complaints == []


def test_without_scripts_every_figure_has_its_address(readers: People):
    page = readers.page("mara", java_script_enabled=False)
    page.goto("/funnel/")
    page.get_by_label("Count", exact=True).select_option(label="Moves made")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="Moves made")).to_be_visible()
    page.get_by_role("link", name="Show By month of capture").click()
    expect(page.locator("#months").get_by_role("table")).to_be_visible()
    page.get_by_label("Visitors", exact=True).fill("x2")
    page.get_by_role("button", name="See what comes of it").click()
    expect(page.locator("#what-if").get_by_role("row", name="Visitors: 2 times").first).to_be_visible()


def _is_drawn(page: Page, words: str) -> bool:
    """Whether the picture that says this has come."""
    picture = page.get_by_role("img", name=re.compile(f"^{words}"))
    expect(picture).to_be_visible()
    return int(picture.evaluate("image => image.decode().then(() => image.naturalWidth)")) > 100
