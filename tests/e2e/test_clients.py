"""Segment's own clients, each with nothing but its host changed, against the running program."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from segment.analytics.client import Client

from tests.e2e import node
from tests.e2e.browser import A_PERSONS_NAME
from tests.e2e.intake import PAGES_OF_PRICES, Stored, make_key, wait_for
from tests.e2e.server import Server, serving
from tests.e2e.websites import website

TRAITS = {"email": "anna@bright.example", "name": "Anna Bright"}
FIRM = {"name": "Bright GmbH", "employees": 120}
BROWSERS_CLIENT = "node_modules/@segment/analytics-next/dist/umd/index.js"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("clients"), "--workers", "1") as running:
        yield running


@pytest.fixture(scope="module")
def clients() -> Path:
    """Where the JavaScript clients are installed."""
    return node.installed()


@pytest.fixture(scope="module")
def site(clients: Path) -> Iterator[str]:
    """A website with the browser's client."""
    page = f'<!doctype html><title>Site</title><script src="/{BROWSERS_CLIENT}"></script>'
    with website({"/": page, "/pricing": page}, clients) as url:
        yield url


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with browser.new_context(base_url=site, user_agent=A_PERSONS_NAME) as context:
        yield context.new_page()


def load(page: Page, server: Server, key: str) -> None:
    """Start the browser's client on a page."""
    page.evaluate(
        "settings => { window.analytics = AnalyticsNext.AnalyticsBrowser.load(settings); }",
        {"writeKey": key, "cdnURL": server.url},
    )


def of(kind: str, found: Sequence[Stored]) -> Stored:
    """The one signal of a kind."""
    [only] = [signal for signal in found if signal.kind == kind]
    return only


def check_every_call(found: Sequence[Stored]) -> None:
    """Every call is there once, on the user it named, with what it said."""
    assert sorted(signal.kind for signal in found) == [
        "alias",
        "demo_requested",
        "group",
        "identify",
        "pricing_view",
        "screen_view",
    ]
    assert {(signal.who, signal.value) for signal in found} == {("user", "anna-1")}
    assert of("identify", found).properties["traits"] == TRAITS
    assert of("demo_requested", found).properties["plan"] == "pro"
    assert of("pricing_view", found).url.endswith("/pricing")
    assert of("group", found).properties["ids"]["group_id"] == "bright"
    assert of("group", found).properties["traits"] == FIRM
    assert of("alias", found).properties["ids"]["previous_id"] == "visitor-1"
    assert {signal.bot for signal in found} == {""}


# --- Servers' clients ----------------------------------------------------------------------------


@pytest.mark.parametrize("gzip", [False, True])
def test_the_client_for_python(server: Server, gzip: bool):
    key = make_key(server, f"python-{gzip}", PAGES_OF_PRICES)
    failures: list[Any] = []
    client = Client(key, host=server.url, gzip=gzip, on_error=lambda error, _: failures.append(error))
    client.identify("anna-1", TRAITS, anonymous_id="visitor-1")
    client.track("anna-1", "Demo Requested", {"plan": "pro"})
    client.page("anna-1", None, "Pricing", {"url": "https://site.example/pricing", "path": "/pricing"})
    client.screen("anna-1", None, "Start")
    client.group("anna-1", "bright", FIRM)
    client.alias("visitor-1", "anna-1")
    client.shutdown()

    assert failures == []
    check_every_call(wait_for(server, key, 6))


def test_the_client_for_node(server: Server, clients: Path):
    key = make_key(server, "node", PAGES_OF_PRICES)
    script = node.CLIENTS / "calls.js"
    node.run([script, server.url, key], clients, NODE_PATH=str(clients / "node_modules"))
    check_every_call(wait_for(server, key, 6))


# --- The browser's client ------------------------------------------------------------------------


def test_the_client_for_browsers(server: Server, page: Page):
    key = make_key(server, "browser", PAGES_OF_PRICES)
    page.goto("/pricing")
    load(page, server, key)
    page.evaluate(
        """([traits, firm]) => {
            analytics.setAnonymousId("visitor-1");
            analytics.identify("anna-1", traits);
            analytics.track("Demo Requested", { plan: "pro" });
            analytics.page("Pricing");
            analytics.screen("Start");
            analytics.group("bright", firm);
            analytics.alias("anna-1", "visitor-1");
        }""",
        [TRAITS, FIRM],
    )
    check_every_call(wait_for(server, key, 6, lambda seconds: page.wait_for_timeout(seconds * 1000)))


def test_the_client_for_browsers_learns_from_the_settings_where_to_send(server: Server, page: Page):
    key = make_key(server, "settings", PAGES_OF_PRICES)
    page.goto("/pricing")
    page.evaluate(
        """async (settings) => {
            window.analytics = AnalyticsNext.AnalyticsBrowser.load(settings);
            await analytics.page("Pricing");
        }""",
        {"writeKey": key, "cdnURL": server.url},
    )
    [found] = wait_for(server, key, 1, lambda seconds: page.wait_for_timeout(seconds * 1000))
    assert found.kind == "pricing_view"


def test_a_browser_that_was_asked_to_wait_loses_nothing(server: Server, page: Page):
    key = make_key(server, "slow", rate=1)
    page.goto("/")
    load(page, server, key)
    page.evaluate("for (let n = 0; n < 12; n++) analytics.track('Hasty', { n })")
    found = wait_for(server, key, 12, lambda seconds: page.wait_for_timeout(seconds * 1000))
    assert sorted(signal.properties["n"] for signal in found) == list(range(12))
    assert {signal.who for signal in found} == {"visitor"}
