"""What a website pastes."""

import base64
import hashlib
from html.parser import HTMLParser

from assay.intake.tracker import snippet
from assay.intake.tracker.scripts import HERE


class Tags(HTMLParser):
    """The attributes of each script in a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append(dict(attrs))


def test_the_browser_checks_what_it_was_told_to_load() -> None:
    stub, script = Tags(snippet("https://assay.example.com/", "key-of-the-site")).scripts
    digest = hashlib.sha384((HERE / "tracker.js").read_bytes()).digest()

    assert stub == {}
    assert script == {
        "async": None,
        "src": f"https://assay.example.com/assay.js?v={digest.hex()[:16]}",
        "data-key": "key-of-the-site",
        "integrity": f"sha384-{base64.b64encode(digest).decode()}",
        "crossorigin": "anonymous",
    }


def test_a_banner_that_asked_already_says_so() -> None:
    script = Tags(snippet("https://assay.example.com", "key", consented=True)).scripts[-1]
    assert script["data-consent"] == "granted"


def test_a_key_stays_within_its_attribute() -> None:
    strange = '"><script>alert(1)</script>'
    scripts = Tags(snippet("https://assay.example.com", strange)).scripts
    assert len(scripts) == 2
    assert scripts[-1]["data-key"] == strange
