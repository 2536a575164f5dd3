"""An outside program accepts a lead, and an inbox that is open somewhere says so."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from assay.demo.team import DOMAIN
from tests.e2e.accessibility import faults
from tests.e2e.browser import PATIENCE, People


def ask(url: str, token: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, Any]]:
    """What any program does: HTTP and JSON, with nothing of ours."""
    request = Request(url, method=method, headers={"Authorization": f"Bearer {token}", **headers})
    try:
        with urlopen(request, timeout=PATIENCE / 1000) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_lead_accepted_by_a_program_leaves_the_inbox_that_is_open(people: People):
    sam, max_ = people.page("sam"), people.page("max")
    sam.goto("/account/tokens/")
    sam.get_by_label("Name").fill("CRM sync")
    sam.get_by_role("checkbox", name="Read leads").check()
    sam.get_by_role("checkbox", name="Decide").check()
    assert faults(sam) == []
    sam.get_by_role("button", name="Make the token").click()
    token = sam.locator("#secret").inner_text()

    max_.goto("/inbox/")
    api = f"{people.server.url}/api/v1"
    status, inbox = ask(f"{api}/inbox?limit=1", token)
    assert status == 200
    best = inbox["items"][0]
    lead = f"{api}/leads/{best['id']}"
    status, done = ask(f"{lead}/accept", token, "POST", **{"Idempotency-Key": "once"})
    assert (status, done["lead"]["owner"]) == (200, f"sam@{DOMAIN}")
    assert ask(f"{lead}/accept", token, "POST", **{"Idempotency-Key": "once"}) == (status, done)
    assert ask(f"{lead}/accept", token, "POST")[1]["code"] == "already_decided"

    told = max_.get_by_role("link", name="1 lead was decided elsewhere since")
    expect(told).to_be_visible(timeout=PATIENCE)
    assert faults(max_) == []
    told.click()
    expect(max_.locator("#inbox").get_by_text(best["name"], exact=True)).to_have_count(0)

    max_.goto("/api/docs")
    expect(max_.get_by_role("heading", name="Take a lead over from marketing")).to_be_visible()
    assert faults(max_) == []
