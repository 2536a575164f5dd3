"""A file comes in through the browser; what is in it is as long and unbroken as a file can be."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import faults
from tests.e2e.browser import People

LONG = "Llanfairpwllgwyngyll" * 15
"""300 letters without a space."""
LEADS = f"""email,name,title,company,employees,industry,country,budget,source
{"l" * 60}@llanfair.example,{LONG},Head of {LONG[:290]},{LONG},120,Software,FR,20000,{LONG[:100]}
not an address,,,,,,,,
"""
SIGNALS = f"""at,kind,email,url
{datetime.now(UTC).isoformat()},demo_request,{"l" * 60}@llanfair.example,https://firm.example/{LONG}
"""


@pytest.fixture
def mara(people: People) -> Page:
    """The marketer, who has brought in both files."""
    page = people.page("mara")
    bring_in(page, "Leads: one person a row", f"{LONG[:200]}.csv", LEADS)
    expect(page.get_by_role("heading", name="Refused rows")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert faults(page) == []
    bring_in(page, "Signals", "signals.csv", SIGNALS)
    return page


def bring_in(page: Page, kind: str, name: str, text: str) -> None:
    page.goto("/imports/")
    what = page.get_by_label("What is in it?")
    what.select_option(label=next(option for option in what.locator("option").all_inner_texts() if kind in option))
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("heading", name="What it would do")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", name="What it did")).to_be_visible(timeout=30_000)


def test_pages_stand_the_longest_names(mara: Page, people: People):
    sam = people.page("sam")
    sam.goto("/inbox/")
    sam.get_by_role("link", name=LONG).first.click()
    expect(sam.locator("#panel-title")).to_have_text(LONG)
    sam.reload()
    assert faults(sam) == []
    sam.get_by_role("button", name="Accept").click()
    expect(sam.locator("#notices")).to_contain_text(LONG)
    assert faults(sam) == []
    for address in ("/work/", "/deals/", "/companies/"):
        sam.goto(address)
        assert [address, *faults(sam)] == [address]
    sam.goto("/work/")
    sam.get_by_role("link", name=LONG).first.click()
    expect(sam.get_by_role("heading", name=LONG, level=1)).to_be_visible()
    assert faults(sam) == []
    for address in ("/imports/", f"/leads/?q={LONG[:20]}"):
        mara.goto(address)
        assert [address, *faults(mara)] == [address]
