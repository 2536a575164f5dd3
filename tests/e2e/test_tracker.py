"""The tracker in a real browser, on pages of another site than Assay's."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from assay.intake.tracker import snippet
from tests.e2e.browser import PATIENCE
from tests.e2e.websites import Recorder, recording, website

KEY = "key-of-the-site"
STORED = "JSON.parse(localStorage.getItem('assay'))"
WAITING = "JSON.parse(localStorage.getItem('assay.queue') || '[]')"
KEPT = "localStorage.length + sessionStorage.length + document.cookie.length"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });"
)

FORMS = """
<form id="talk" name="Talk to us">
  <input name="name" value="Anna Bright"> <input type="email" name="your-email">
  <input name="company" value="Bright GmbH"> <input autocomplete="work tel" name="x" value="+49 30 1234567">
  <input name="jobtitle" value="CEO" data-assay-ignore>
  <input type="hidden" name="lastname" value="hidden-value">
  <input type="password" name="firstname" value="password-value">
  <input autocomplete="cc-name" name="first-name" value="card-value"> <input name="surname" value="4111 1111 1111 1111">
  <input name="given_name" value="unseen-value" style="display: none"> <input name="budget" value="unknown-value">
  <input name="id" value="7"> <textarea name="message">message-value</textarea> <button>Send</button>
</form>
<div data-assay-ignore>
  <form id="ignored"><input type="email" value="ignored@example.com"> <button>Ignored</button></form>
</div>
<form id="search"><input name="q" value="boots"> <button>Search</button></form>
<form id="demo" data-assay-event="Demo Request">
  <input name="email" value="ben@example.com"> <button>Demo</button>
</form>
<script>addEventListener("submit", (event) => event.preventDefault());</script>
"""


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A new one for each test, because pages that are left go on sending for a moment."""
    with recording() as opened:
        yield opened


@pytest.fixture
def site(recorder: Recorder) -> Iterator[str]:
    """A website whose pages ask for consent, but for /agreed, where it was given before."""
    head = f"<!doctype html><title>Home</title>{snippet(recorder.url, KEY)}"
    agreed = f"<!doctype html><title>Agreed</title>{snippet(recorder.url, KEY, consented=True)}"
    pages = {
        "/": head,
        "/pricing": head.replace("Home", "Pricing"),
        "/forms": head + FORMS,
        "/agreed": agreed,
        "/early": f"{agreed}<script>assay.page('Named'); assay.track('Early'); assay.identify('u1')</script>",
        "/frame": "<iframe sandbox='allow-scripts' src='/agreed'></iframe>",
    }
    with website(pages) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor nobody knows."""
    with browser.new_context() as opened:
        opened.set_default_timeout(PATIENCE)
        yield opened


@pytest.fixture
def visit(context: BrowserContext, site: str) -> Callable[..., Page]:
    """Opens a page of the website in a tab of its own, and waits for the tracker."""

    agreed = False

    def visited(path: str = "/", *, agree: bool = True, **options: Any) -> Page:
        nonlocal agreed
        page = context.new_page()
        if agreed and not agree:  # what one tab keeps gets to another's process in its own time
            page.goto(site + "/nowhere")
            page.wait_for_function("(() => { try { return localStorage.length } catch { return true } })()")
        page.goto(site + path, **options)
        page.wait_for_function("window.assay && !assay.q")
        if agree:
            page.evaluate("assay.consent(true)")
            agreed = True
        return page

    return visited


Visit = Callable[..., Page]


# --- Consent -------------------------------------------------------------------------------------


def test_before_consent_nothing_is_sent_and_nothing_kept(visit: Visit, context: BrowserContext, recorder: Recorder):
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.method))
    page = visit("/?utm_source=news", agree=False)
    page.evaluate("assay.track('Waits'); history.pushState(0, '', '/next')")
    page.goto(page.url.replace("/next", "/forms"))
    page.evaluate("assay.track('Waits too')")
    page.get_by_role("button", name="Demo").click()
    assert page.evaluate(KEPT) == 0
    page.wait_for_timeout(500)
    assert "POST" not in asked

    page.evaluate("assay.consent(true)")
    recorder.wait("page")
    assert [event["type"] for event, *_ in recorder.arrived] == ["track", "page"]
    assert recorder.named("Waits too")
    assert context.cookies() == []


def test_a_refusal_is_nothing_to_remember(visit: Visit, recorder: Recorder):
    page = visit(agree=False)
    page.evaluate("assay.track('Never'); assay.consent(false); assay.track('Never')")
    assert page.evaluate(KEPT) == 0
    page.evaluate("assay.consent(true); assay.track('Now')")
    recorder.wait("Now")
    assert recorder.named("Never") == []


def two_tabs(visit: Visit, recorder: Recorder) -> tuple[Page, Page, str]:
    """Two pages of one visitor, of whom each has something that could not be sent yet; and the visitor's id."""
    page, other = visit(), visit()
    [first, *_] = recorder.wait("page", 2)
    recorder.status = 503
    for tab in (page, other):
        tab.evaluate("assay.track('Lost')")
    return page, other, first["anonymousId"]


def test_withdrawn_consent_forgets_the_visitor_in_every_tab(visit: Visit, recorder: Recorder):
    page, other, visitor = two_tabs(visit, recorder)
    page.evaluate("assay.consent(false)")
    other.wait_for_timeout(500)
    other.evaluate("assay.track('Lost')")
    assert page.evaluate(KEPT) == 0
    assert other.evaluate(WAITING) == []

    recorder.status = 200
    page.evaluate("assay.consent(true)")
    other.evaluate("assay.consent(true)")
    [*_, again] = recorder.wait("page", 3)
    assert again["anonymousId"] != visitor
    assert recorder.named("Lost") == []


def test_consent_withdrawn_and_given_anew_at_once_is_a_new_visitor_in_every_tab(visit: Visit, recorder: Recorder):
    page, other, visitor = two_tabs(visit, recorder)
    page.evaluate("assay.consent(false); assay.consent(true)")
    other.wait_for_timeout(500)
    recorder.status = 200
    other.evaluate("assay.track('Kept')")
    [kept] = recorder.wait("Kept")
    assert kept["anonymousId"] != visitor
    other.wait_for_function(f"{WAITING}.length === 0")
    assert recorder.named("Lost") == []


def test_consent_is_remembered_on_the_next_page(visit: Visit, recorder: Recorder):
    visit()
    recorder.wait("page")
    visit("/pricing", agree=False)
    home, pricing = recorder.wait("page", 2)
    assert home["anonymousId"] == pricing["anonymousId"]
    assert pricing["properties"]["path"] == "/pricing"


def test_consent_given_a_year_ago_is_asked_for_anew(visit: Visit, recorder: Recorder):
    page = visit()
    recorder.wait("page")
    page.evaluate(f"localStorage.setItem('assay', JSON.stringify({{ ...{STORED}, since: Date.now() - 366 * 864e5 }}))")
    page = visit("/pricing", agree=False)
    page.evaluate("assay.track('Waits')")
    page.wait_for_timeout(400)
    assert len(recorder.arrived) == 1


# --- What a visit tells --------------------------------------------------------------------------


def test_a_visit_tells_where_it_came_from(visit: Visit, recorder: Recorder):
    came = {"referer": "http://search.example/?q=books"}
    visit("/?utm_source=news&utm_campaign=spring&utm_medium=email", **came)
    visit("/pricing", agree=False)
    first, second = recorder.wait("page", 2)
    envelope = recorder.arrived[0].envelope
    landing = first["properties"]["url"]

    assert envelope["writeKey"] == KEY
    assert envelope["sentAt"] >= first["timestamp"]
    assert urlsplit(landing).query == "utm_source=news&utm_campaign=spring&utm_medium=email"
    assert first["properties"]["title"] == "Home"
    assert second["properties"]["title"] == "Pricing"
    for event in (first, second):
        assert event["context"]["campaign"] == {"source": "news", "name": "spring", "medium": "email"}
        assert event["context"]["referrer"] == {"url": "http://search.example/?q=books"}
        assert event["context"]["page"]["landing"] == landing
    assert first["context"]["page"]["referrer"] == "http://search.example/?q=books"
    assert second["context"]["page"]["path"] == "/pricing"


def test_another_campaign_or_half_an_hour_is_another_session(visit: Visit, recorder: Recorder):
    page = visit("/?utm_source=news")
    visit("/?utm_source=ads", agree=False)
    _, second = recorder.wait("page", 2)
    assert second["context"]["campaign"] == {"source": "ads"}

    page.evaluate(f"const me = {STORED}; me.session.at -= 1.9e6; localStorage.setItem('assay', JSON.stringify(me))")
    visit("/pricing", agree=False)
    *_, third = recorder.wait("page", 3)
    assert "campaign" not in third["context"]
    assert urlsplit(third["context"]["page"]["landing"]).path == "/pricing"


def test_addresses_lose_what_is_secret_in_them(visit: Visit, recorder: Recorder):
    visit("/?plan=s&token=abc&reset_password=1&Email=a@b.de&utm_source=news", referer="http://x.example/?key=1&q=2")
    [event] = recorder.wait("page")
    assert event["properties"]["search"] == event["context"]["page"]["search"] == "?plan=s&utm_source=news"
    assert "abc" not in str(event)
    assert event["context"]["referrer"] == {"url": "http://x.example/?q=2"}


def test_an_application_tells_each_address_once(visit: Visit, recorder: Recorder):
    page = visit()
    recorder.wait("page")
    page.evaluate("history.pushState(0, '', '/a'); history.replaceState(0, '', '/b'); document.title = 'B'")
    recorder.wait("page", 2)
    page.evaluate("history.replaceState({}, '', '/b#part'); assay.page('B again')")
    page.wait_for_timeout(100)
    page.evaluate("history.pushState(0, '', '/b#/deep')")
    recorder.wait("page", 3)
    page.evaluate("history.back()")
    recorder.wait("page", 4)

    told = [
        (urlsplit(event["properties"]["url"])[2:], event["properties"]["title"]) for event in recorder.named("page")
    ]
    assert [(path, fragment) for (path, _, fragment), _ in told] == [
        ("/", ""),
        ("/b", ""),
        ("/b", "/deep"),
        ("/b", "part"),
    ]
    assert told[1][1] == "B"


def test_calls_made_before_the_script_came_are_kept(visit: Visit, recorder: Recorder):
    visit("/early", agree=False)
    recorder.wait("identify")
    page, early, identify = (event for event, *_ in recorder.arrived)
    assert (page["type"], page["name"]) == ("page", "Named")
    assert early["event"] == "Early"
    assert identify["userId"] == "u1"


def test_nobody_else_is_asked_for_anything(visit: Visit, context: BrowserContext, site: str, recorder: Recorder):
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}"))
    visit()
    recorder.wait("page")
    assert asked == {site, recorder.url}


def test_a_script_that_was_changed_on_its_way_does_not_run(
    context: BrowserContext, site: str, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recorder, "script", recorder.script + b"\n")
    page = context.new_page()
    with page.expect_console_message(lambda message: "integrity" in message.text):
        page.goto(f"{site}/agreed")
    assert page.evaluate("assay.q") == []


# --- Who it is -----------------------------------------------------------------------------------


def test_after_identify_events_carry_the_user(visit: Visit, recorder: Recorder):
    page = visit()
    page.evaluate("assay.identify('u1', { email: 'anna@example.com' }); assay.track('One')")
    [one] = recorder.wait("One")
    assert recorder.named("identify")[0]["traits"] == {"email": "anna@example.com"}
    assert one["userId"] == "u1"

    page = visit("/pricing", agree=False)
    assert recorder.wait("page", 2)[1]["userId"] == "u1"
    page.evaluate("assay.identify('u2'); assay.track('Two'); assay.reset(); assay.track('Three')")
    [three] = recorder.wait("Three")
    [two] = recorder.named("Two")
    assert two["userId"] == "u2"
    assert "userId" not in three
    assert len({one["anonymousId"], two["anonymousId"], three["anonymousId"]}) == 3


def test_a_form_tells_who_sent_it_and_no_more(visit: Visit, recorder: Recorder):
    page = visit("/forms")
    page.locator("[name=your-email]").fill("anna@example.com")
    for name in ("Ignored", "Search", "Send", "Demo"):
        page.get_by_role("button", name=name).click()
    [demo] = recorder.wait("Demo Request")
    [sent] = recorder.named("Form Submitted")
    anna, ben = recorder.named("identify")

    assert anna["traits"] == {
        "name": "Anna Bright",
        "email": "anna@example.com",
        "company": {"name": "Bright GmbH"},
        "phone": "+49 30 1234567",
    }
    assert sent["properties"] == {"form_id": "talk", "form_name": "Talk to us"}
    assert ben["traits"] == {"email": "ben@example.com"}
    assert demo["properties"] == {"form_id": "demo"}
    everything = str(recorder.arrived)
    assert "ignored@example.com" not in everything
    assert [
        word for word in ("hidden", "password", "card", "unseen", "unknown", "message") if f"{word}-value" in everything
    ] == []
    assert "4111" not in everything


# --- Sending -------------------------------------------------------------------------------------


def test_what_waits_goes_by_beacon_when_the_page_is_left(visit: Visit, recorder: Recorder):
    page = visit()
    recorder.wait("page")
    page.wait_for_function(f"{WAITING}.length === 0")
    page.wait_for_timeout(100)  # until its answer is dealt with, too: then nothing else would be sent before 200 ms
    page.evaluate("assay.track('Left'); location.href = 'about:blank'")
    recorder.wait("Left")
    assert recorder.arrived[-1].mode == "no-cors"
    assert recorder.arrived[0].mode == "cors"


def test_what_happens_offline_is_sent_once_online(visit: Visit, context: BrowserContext, recorder: Recorder):
    page = visit()
    recorder.wait("page")
    context.set_offline(True)
    # Without further timers only the browser's word that it is online again makes it send.
    page.evaluate("assay.track('Offline'); history.pushState(0, '', '/away'); setTimeout = () => 1")
    page.wait_for_timeout(600)
    assert len(page.evaluate(WAITING)) == 2
    context.set_offline(False)
    recorder.wait("Offline")
    recorder.wait("page", 2)
    page.wait_for_function(f"{WAITING}.length === 0")


def test_what_was_refused_is_sent_again(visit: Visit, recorder: Recorder):
    page = visit()
    recorder.wait("page")
    recorder.status = 503
    page.evaluate("assay.track('Again')")
    recorder.until(lambda: recorder.refused > 0, "a refusal")
    [waiting] = page.evaluate(WAITING)
    recorder.status = 200
    [again] = recorder.wait("Again")
    assert again["messageId"] == waiting["messageId"]
    page.wait_for_function(f"{WAITING}.length === 0")


def test_what_another_tab_overwrites_is_sent_all_the_same(visit: Visit, recorder: Recorder):
    """Two tabs that write at once, each without what the other has just written."""
    page = visit()
    recorder.wait("page")
    page.evaluate("assay.track('Overwritten'); localStorage.removeItem('assay.queue')")
    [event] = recorder.wait("Overwritten")
    page.evaluate("assay.track('Afterwards')")
    recorder.wait("Afterwards")
    page.wait_for_function(f"{WAITING}.length === 0")
    assert [event["messageId"]] == [one["messageId"] for one in recorder.named("Overwritten")]


def test_the_next_visit_brings_what_the_last_could_not(visit: Visit, recorder: Recorder):
    recorder.status = 429
    page = visit()
    page.evaluate("assay.track('Kept')")
    page.close(run_before_unload=True)
    assert recorder.arrived == []
    recorder.status = 200
    visit("/pricing", agree=False)
    recorder.wait("Kept")
    recorder.wait("page", 2)


def test_what_can_never_be_taken_is_not_sent_for_ever(visit: Visit, recorder: Recorder):
    recorder.status = 400
    page = visit()
    recorder.until(lambda: recorder.refused > 0, "a refusal")
    page.wait_for_function(f"{STORED} && {WAITING}.length === 0")


def test_the_queue_is_bounded_and_goes_in_parts(visit: Visit, recorder: Recorder):
    recorder.status = 503
    page = visit()
    page.evaluate("for (let n = 0; n < 120; n++) assay.track('Few', { n })")
    assert len(page.evaluate(WAITING)) == 100
    page.evaluate("for (let n = 0; n < 120; n++) assay.track('Many', { n, text: 'é'.repeat(2500) })")
    assert page.evaluate(WAITING)[-1]["properties"]["n"] == 119
    assert page.evaluate("localStorage.getItem('assay.queue').length") <= 200_000
    with page.expect_console_message(lambda message: "too large" in message.text):
        page.evaluate("assay.track('Huge', { text: 'x'.repeat(40_000) })")

    recorder.status = 200
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function(f"{WAITING}.length === 0")
    sent = [event["properties"]["n"] for event in recorder.named("Many")]
    assert sent == list(range(sent[0], 120))
    assert len(sent) > 50
    assert len({arrived.envelope["sentAt"] for arrived in recorder.arrived}) > 5


# --- Where nothing can be kept -------------------------------------------------------------------


def test_it_works_where_storage_is_forbidden(visit: Visit, context: BrowserContext, site: str, recorder: Recorder):
    context.new_page().goto(f"{site}/frame")
    [event] = recorder.wait("page")
    assert event["properties"]["path"] == "/agreed"


def test_a_cookie_keeps_the_id_where_storage_is_off(
    visit: Visit, context: BrowserContext, site: str, recorder: Recorder
):
    context.add_init_script(NO_STORAGE)
    visit()
    recorder.wait("page")
    [cookie] = context.cookies()
    assert (cookie["name"], cookie["domain"], cookie["sameSite"]) == ("assay", "127.0.0.1", "Lax")

    page = visit("/pricing", agree=False)
    first, second = recorder.wait("page", 2)
    assert first["anonymousId"] == second["anonymousId"]
    page.evaluate("assay.consent(false)")
    assert context.cookies() == []
