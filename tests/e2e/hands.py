"""Two ways to do the same things on a page: with the keyboard alone, or by pointing."""

from datetime import date
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

FAR = 120
"""Presses of Tab after which something counts as out of reach."""
FOCUSED = "item => item === document.activeElement"
IN_THE_SAME_GROUP = """item => {
    const at = document.activeElement;
    return at.type === "radio" && item.type === "radio" && at.name === item.name && at.form === item.form;
}"""


class Hands(Protocol):
    """What somebody can do; ``key`` is the shortcut, for those who use them."""

    def press(self, target: Locator, key: str = "") -> None:
        """Press a button, open a link, unfold a disclosure."""

    def choose(self, target: Locator, key: str = "") -> None:
        """Take one of several answers."""

    def write(self, target: Locator, text: str) -> None:
        """Put a text into a field."""

    def write_day(self, target: Locator, day: date) -> None:
        """Put a day into a date field."""


class Keyboard:
    """Shortcuts, Tab, Enter, Space and arrows; no pointer."""

    def press(self, target: Locator, key: str = "") -> None:
        if key:
            shortcut(target.page, key)
        else:
            reach(target)
            target.page.keyboard.press("Enter")

    def choose(self, target: Locator, key: str = "") -> None:
        if key:
            shortcut(target.page, key)
        else:
            reach(target)
            target.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def write(self, target: Locator, text: str) -> None:
        reach(target)
        target.page.keyboard.press("Control+A")
        target.page.keyboard.type(text)

    def write_day(self, target: Locator, day: date) -> None:
        # Whether day or month comes first is the browser's choice, so only such days can be typed that are the same.
        assert day.day == day.month
        reach(target)
        target.page.keyboard.type(f"{day:%d%m%Y}")
        expect(target).to_have_value(day.isoformat())


class Pointer:
    """Clicks or taps."""

    def press(self, target: Locator, key: str = "") -> None:
        target.click()

    def choose(self, target: Locator, key: str = "") -> None:
        target.check()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def write_day(self, target: Locator, day: date) -> None:
        target.fill(day.isoformat())


def shortcut(page: Page, key: str) -> None:
    """Press a key of the page's own: before its script has run it means nothing."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def reach(target: Locator) -> None:
    """Tab to a control; inside a group of radio buttons, on with the arrow."""
    expect(target).to_be_visible()
    page: Page = target.page
    for _ in range(FAR):
        if target.evaluate(FOCUSED):
            return
        page.keyboard.press("ArrowDown" if target.evaluate(IN_THE_SAME_GROUP) else "Tab")
    raise AssertionError(f"The keyboard does not reach {target}.")
