"""A form built in the desk, filled in on another website by a real browser, and the lead it becomes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.e2e.accessibility import faults
from tests.e2e.browser import People

READING = 3_200
"""Milliseconds; nobody who is quicker is taken for a person."""

WEBSITE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<link rel="icon" href="data:,"><title>Firm</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Our firm</h1>{form}</main></body></html>"""

TRACKED = "window.assay = { visitorId: () => 'v-somebody' }"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
        pass


@contextmanager
def website(folder: Path) -> Iterator[str]:
    """A website of its own origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "thanks.html").write_text(WEBSITE.format(form="<p>We are glad.</p>"))
    with website(folder) as address:
        yield folder, address


def build(page: Page, **said: str) -> str:
    """Build a form by its labels, open it, and return the script for a website."""
    page.goto("/forms/new/")
    page.get_by_label("Name", exact=True).fill("Webinar seats")
    page.get_by_role("combobox", name="Source").fill("Website")
    page.get_by_label("Counts as").select_option("demo_request")
    page.get_by_label("Consent").fill("You may write to me.")
    for label, text in said.items():
        page.get_by_label(label.replace("_", " ")).fill(text)
    page.get_by_role("button", name="Add a question").click()
    page.get_by_role("button", name="Leave question 5 out").click()
    expect(page.get_by_label("Asks for")).to_have_count(4)
    page.get_by_role("button", name="Keep the form").click()
    expect(page.locator("#notices")).to_contain_text("Webinar seats is kept")
    page.get_by_role("button", name="Open it to everybody").click()
    expect(page.locator("#notices")).to_contain_text("open to everybody")
    assert faults(page) == []
    return page.get_by_label("With a script").input_value()


def fill_in(frame: FrameLocator | Page) -> None:
    frame.get_by_label("Work email").fill("wanda@winter.example")
    frame.get_by_label("Your name").fill("Wanda Winter")
    frame.get_by_label("Company").fill("Winter")
    frame.get_by_label("You may write to me").check()


def test_a_form_on_another_website_becomes_a_lead(people: People, site: tuple[Path, str]):
    folder, address = site
    mara = people.page("mara")
    (folder / "index.html").write_text(WEBSITE.format(form=build(mara)))

    visitor = people.page()
    visitor.goto(f"{address}/?utm_source=newsletter")
    visitor.evaluate(TRACKED)  # somebody consents only now
    frame = visitor.frame_locator("iframe[title='Webinar seats']")
    fill_in(frame)
    tall = visitor.locator("iframe").bounding_box()
    assert tall is not None
    assert frame.locator(".sheet").evaluate("item => item.getBoundingClientRect().height") <= tall["height"] + 1
    assert faults(visitor) == []
    visitor.wait_for_timeout(READING)
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    assert visitor.context.cookies() == []

    mara.reload()
    mara.get_by_role("link", name="Wanda Winter").click()
    expect(mara.get_by_role("heading", name="Wanda Winter", level=1)).to_be_visible()
    expect(mara.get_by_role("main")).to_contain_text("Asked for a demo")
    expect(mara.get_by_role("main")).to_contain_text("hot lead")

    visitor.add_init_script(TRACKED)
    visitor.goto(address)
    expect(frame.get_by_label("Your role")).to_be_visible()
    expect(frame.get_by_label("Work email")).to_have_count(0)
    frame.get_by_role("link", name="Somebody else").click()
    expect(frame.get_by_label("Work email")).to_be_visible()


def test_after_the_form_the_page_goes_on(people: People, site: tuple[Path, str]):
    folder, address = site
    host = address.removeprefix("http://")
    script = build(people.page("mara"), Or_lead_on_to=f"{address}/thanks.html", Websites_it_may_lead_to=host)
    (folder / "index.html").write_text(WEBSITE.format(form=script))
    visitor = people.page()
    visitor.goto(address)
    frame = visitor.frame_locator("iframe")
    fill_in(frame)
    visitor.wait_for_timeout(READING)
    frame.get_by_role("button", name="Send").click()
    visitor.wait_for_url("**/thanks.html")

    alone = people.page()
    alone.goto("/f/webinar-seats/")
    fill_in(alone)
    alone.wait_for_timeout(READING)
    alone.get_by_role("button", name="Send").click()
    alone.wait_for_url("**/thanks.html")


def test_a_refusal_says_what_to_do_and_loses_nothing(people: People):
    build(people.page("mara"))
    visitor = people.page()
    visitor.goto("/f/webinar-seats/")
    fill_in(visitor)
    visitor.locator("input[name=ticket]").evaluate("item => item.value = 'broken'")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("alert")).to_contain_text("Please send again")
    expect(visitor.get_by_label("Your name")).to_have_value("Wanda Winter")
    assert faults(visitor) == []
    visitor.wait_for_timeout(READING)
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()


def test_building_and_filling_in_without_scripts(people: People):
    mara = people.page("mara", java_script_enabled=False)
    mara.goto("/forms/new/")
    texts = mara.get_by_label("Question", exact=True)
    mara.get_by_role("button", name="Add a question").click()
    expect(texts).to_have_count(5)  # each button answers with a page of its own: the next step waits for it
    mara.get_by_label("Asks for").last.select_option("phone")
    texts.last.fill("Phone")
    mara.get_by_role("button", name="Move question 5 up").click()
    expect(texts.nth(3)).to_have_value("Phone")
    mara.get_by_role("button", name="Leave question 2 out").click()
    expect(texts).to_have_count(4)
    for at, text in enumerate(("Work email", "Company", "Phone", "Your role")):
        expect(texts.nth(at)).to_have_value(text)

    visitor = people.page(java_script_enabled=False)
    visitor.goto("/f/demo-request/")
    visitor.get_by_label("Work email").fill("wanda@winter.example")
    visitor.get_by_label("Your name").fill("Wanda Winter")
    visitor.get_by_label("You may write to me").check()
    visitor.wait_for_timeout(READING)
    visitor.get_by_role("button", name="Ask for a demo").click()
    expect(visitor.get_by_role("alert")).to_contain_text("switch JavaScript on")
    expect(visitor.get_by_label("Your name")).to_have_value("Wanda Winter")
