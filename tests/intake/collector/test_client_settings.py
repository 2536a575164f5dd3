"""What the browser's client asks before it sends: the settings of a write key."""

import pytest

from assay.actions.keys import add_key, revoke_key
from tests.intake.door import Request, ask_collector
from tests.people import NOW

SITE = "https://www.firm.example"


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> None:
    """The collector reads the keys in a thread of its own."""


def settings(key: str, **headers: str) -> Request:
    return Request(f"/v1/projects/{key}/settings", headers={"host": "assay.example:8000", **headers})


def test_the_settings_lead_the_client_to_us_and_to_nobody_else():
    key = add_key("Website", "Website", NOW).key
    [answer] = ask_collector(settings(key, origin=SITE))
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == SITE
    assert list(answer.json["integrations"]) == ["Segment.io"]
    ours = answer.json["integrations"]["Segment.io"]
    assert (ours["apiKey"], ours["apiHost"], ours["protocol"]) == (key, "assay.example:8000/v1", "http")
    assert answer.json["metrics"] == {"sampleRate": 0}
    assert answer.json["remotePlugins"] == []


def test_an_unknown_key_and_a_revoked_one_have_none():
    revoked = add_key("Website", "Website", NOW)
    revoke_key(revoked.pk, NOW)
    unknown, gone = ask_collector(settings("unknown"), settings(revoked.key))
    assert (unknown.status, gone.status) == (404, 404)
    assert unknown.json["code"] == "unknown_key"


def test_the_key_of_another_website_has_none_here():
    key = add_key("Website", "Website", NOW, origins=[SITE]).key
    here, there = ask_collector(settings(key, origin=SITE), settings(key, origin="https://other.example"))
    assert (here.status, there.status) == (200, 403)


def test_settings_cannot_be_sent():
    key = add_key("Website", "Website", NOW).key
    posted, asked = ask_collector(settings(key)._replace(method="POST"), settings(key)._replace(method="OPTIONS"))
    assert (posted.status, asked.status) == (404, 204)
