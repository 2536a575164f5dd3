"""Takes docs/screenshots/: every page of the demo month as its people see it, in a real browser.

`python docs/take_screenshots.py` takes all of them, `python docs/take_screenshots.py inbox` those whose names start so.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import django
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.e2e.browser import PHONE, People, chromium  # noqa: E402 - found only now that the path is set
from tests.e2e.pages import PAGES, Listed  # noqa: E402
from tests.e2e.server import assay, serving, tell_some  # noqa: E402
from tests.e2e.traffic import send_some  # noqa: E402

TARGET = Path(__file__).with_name("screenshots")
DARK: dict[str, Any] = {"color_scheme": "dark"}
SMALL: dict[str, Any] = {"viewport": PHONE}
TALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 1200}}
TALLER = {"lead": TALL}
"""Pictures that a usual window would cut where it matters."""
MORE = {"inbox": {"-dark": DARK, "-phone": SMALL}, "lead": {"-dark": DARK | TALL, "-phone": SMALL}}
"""Pictures that are also taken in the dark, or on a phone."""


class Picture(NamedTuple):
    """One file: its name, the page on it, and how the window differs from the usual one."""

    name: str
    page: Listed
    window: dict[str, Any]


def pictures() -> Iterator[Picture]:
    """All of them."""
    for page in PAGES:
        if page.picture:
            yield Picture(f"{page.picture}.png", page, TALLER.get(page.picture, {}))
            for suffix, window in MORE.get(page.picture, {}).items():
                yield Picture(f"{page.picture}{suffix}.png", page, window)


def take(picture: Picture, people: People) -> None:
    """Open the page, wait until it stands still, and write the file."""
    page: Page = people.page(picture.page.who, **picture.window)
    page.goto(picture.page.address(people.server))
    if picture.page.press:
        page.keyboard.press(picture.page.press)
    page.screenshot(path=TARGET / picture.name, animations="disabled", caret="hide")
    people.leave()


def main(names: Sequence[str]) -> int:
    """Take those whose names start with one of these, or all."""
    TARGET.mkdir(exist_ok=True)
    wanted = [picture for picture in pictures() if not names or picture.name.startswith(tuple(names))]
    with tempfile.TemporaryDirectory(prefix="assay-screenshots-") as name:
        home = Path(name)
        assay(home, "demo", "--no-serve")
        tell_some(home)
        with serving(home) as server, chromium() as browser:
            send_some(server)
            people = People(browser, server)
            for picture in wanted:
                take(picture, people)
                print(picture.name)
    size = sum(path.stat().st_size for path in TARGET.glob("*.png"))
    print(f"{len(wanted)} pictures; the folder has {size / 1e6:.1f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
