"""What keeps somebody from using the page that is open: by axe, in light and dark, and by its width on a phone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browser import LAPTOP, PHONE

RULES: Mapping[Literal["light", "dark"], Sequence[str]] = {
    "light": ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "dark": ("color-contrast", "link-in-text-block"),
}
"""All of WCAG 2.2 AA that axe knows; in the dark again whatever depends on colour."""

TOO_WIDE = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const outer = (item) => getComputedStyle(item).position === "absolute" ? item.offsetParent : item.parentElement;
    const cuts = (item) => getComputedStyle(item).overflowX !== "visible";
    const scrolls = (item) => item && item !== page && (cuts(item) || scrolls(outer(item)));
    return [...document.body.querySelectorAll("*")]
        .filter((item) => item.getBoundingClientRect().right > page.clientWidth && !scrolls(outer(item)))
        .map((item) => `${item.localName}.${item.className.baseVal ?? item.className}`)
        .concat(`the page by ${page.scrollWidth - page.clientWidth} px`);
}"""
"""Names what sticks out of the window, unless something that scrolls holds it."""


def faults(page: Page) -> list[str]:
    """Everything wrong with the page; what can be unfolded is looked at, too."""
    page.evaluate("for (const item of document.querySelectorAll('details:not(.menu)')) item.open = true")
    found = [f"{scheme}: {fault}" for scheme in RULES for fault in _seen_by_axe(page, scheme)]
    return found + [f"{where}: wider than the screen: {item}" for where, item in _too_wide(page)]


def _seen_by_axe(page: Page, scheme: Literal["light", "dark"]) -> Iterator[str]:
    page.emulate_media(color_scheme=scheme)
    # What is well is many times as much, and would be gathered and carried over for nobody.
    options = {"runOnly": RULES[scheme], "resultTypes": ["violations"]}
    for violation in Axe().run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"


def _too_wide(page: Page) -> Iterator[tuple[str, str]]:
    for where, size in (("laptop", LAPTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        yield from ((where, item) for item in page.evaluate(TOO_WIDE)[:8])
    page.set_viewport_size(LAPTOP)
