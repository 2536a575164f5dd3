"""The first minutes of an empty installation: the first user, an invitation, and what the invited person finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.accessibility import faults
from tests.e2e.browser import People
from tests.e2e.server import serving

SENTENCE = "a sentence long enough to keep"


@pytest.fixture
def strangers(browser: Browser, tmp_path: Path) -> Iterator[People]:
    """People before a program that knows nobody."""
    with serving(tmp_path, "--workers", "1") as server:
        people = People(browser, server)
        yield people
        people.leave()
    assert people.complaints == []


def test_an_admin_begins_and_invites_a_salesperson_who_finds_an_empty_inbox(strangers: People):
    ada = strangers.page()
    ada.goto("/")
    expect(ada.get_by_role("heading", name="Make the first user")).to_be_visible()
    assert faults(ada) == []
    ada.get_by_label("Your name").fill("Ada Byron")
    ada.get_by_label("Email").fill("ada@firm.example")
    ada.get_by_label("Password").fill("short")
    ada.get_by_role("button", name="Begin").click()
    expect(ada.get_by_role("alert").first).to_be_visible()
    assert faults(ada) == []
    ada.get_by_label("Password").fill(SENTENCE)
    ada.get_by_role("button", name="Begin").click()

    expect(ada.get_by_role("heading", name="Settings")).to_be_visible()
    ada.get_by_label("Name", exact=True).fill("Sam Stone")
    ada.get_by_label("Email").fill("sam@firm.example")
    ada.get_by_label("Sales rep:").check()
    ada.get_by_role("button", name="Make the invitation link").click()
    link = ada.locator("code").inner_text()
    assert faults(ada) == []

    sam = strangers.page()
    sam.goto(link)
    assert faults(sam) == []
    for field in sam.locator("input[type=password]").all():
        field.fill(SENTENCE)
    sam.keyboard.press("Enter")
    expect(sam.locator("input[type=password]")).to_have_count(0)
    sam.goto("/")
    sam.get_by_label("Email").fill("sam@firm.example")
    sam.get_by_label("Password").fill(SENTENCE)
    sam.get_by_role("button", name="Sign in", exact=True).click()
    expect(sam.locator(".empty").first).to_be_visible()
    assert faults(sam) == []
