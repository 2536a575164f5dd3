"""The machine's Chromium, people at it, and what its console complains about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    ViewportSize,
    expect,
    sync_playwright,
)

from assay.demo import PASSWORD
from assay.demo.team import DOMAIN
from tests import services
from tests.e2e.server import Server

FLAGS = (
    "--no-sandbox",  # root has no other way
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 15_000  # ms: a busy machine is slow, not broken
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
A_PERSONS_NAME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
"""What a browser with a window calls itself: one without says so, and counts as a bot."""
PHONE: ViewportSize = {"width": 390, "height": 844}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=FLAGS)
        yield browser
        browser.close()


class People:
    """Those who use one server with one browser, each in a window of their own, and what their consoles said."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server = server
        self.complaints: list[str] = []
        self._browser = browser
        self._signed_in: dict[str, StorageState] = {}
        self._asking: dict[str, APIRequestContext] = {}
        self._windows: list[BrowserContext] = []
        self._seats: dict[str, Page] = {}

    def page(self, who: str = "", **options: Any) -> Page:
        """A page of somebody signed in, by first name, or of a stranger; signing in costs once a person."""
        return self._window(storage_state=self._session(who), **options)

    def seat(self, who: str = "") -> Page:
        """The page that somebody keeps open from test to test, where each begins by going elsewhere."""
        if who not in self._seats:
            self._seats[who] = self.page(who)
            self._windows.remove(self._seats[who].context)
        return self._seats[who]

    def request(self, who: str = "") -> APIRequestContext:
        """What somebody asks for without a window."""
        if who not in self._asking:
            self._asking[who] = self.page(who).request
        return self._asking[who]

    def _session(self, who: str) -> StorageState | None:
        if who and who not in self._signed_in:
            page = self._window()
            sign_in(page, who)
            self._signed_in[who] = page.context.storage_state()
        return self._signed_in.get(who)

    def _window(self, **options: Any) -> Page:
        settings = {"viewport": LAPTOP, "locale": "en-GB", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}
        context = self._browser.new_context(base_url=self.server.url, **(settings | options))
        context.set_default_timeout(PATIENCE)
        context.on("console", self._listen)
        context.on("weberror", lambda told: self.complaints.append(f"{told.page and told.page.url}: {told.error}"))
        self._windows.append(context)
        return context.new_page()

    def _listen(self, told: ConsoleMessage) -> None:
        # That the page itself was answered by a refusal is for the test to judge.
        refused = (
            told.text.startswith("Failed to load resource") and told.page and told.location["url"] == told.page.url
        )
        if told.type in ("error", "warning") and not refused:
            self.complaints.append(f"{told.location['url']}: {told.text}")

    def leave(self) -> None:
        """Close every window but the seats; whoever is signed in stays so."""
        self._asking.clear()
        while self._windows:
            self._windows.pop().close()


def sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form."""
    page.goto("/account/login/")
    page.get_by_label("Email").fill(f"{who}@{DOMAIN}")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/inbox/")
