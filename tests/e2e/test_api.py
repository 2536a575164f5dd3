"""A program accepts a lead and an open inbox says so; an assistant drafts a decision that a person confirms."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from assay.demo.team import DOMAIN
from tests.e2e.accessibility import faults
from tests.e2e.assistants import Call, converse
from tests.e2e.browser import PATIENCE, People


def ask(url: str, token: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, Any]]:
    """What any program does: HTTP and JSON, with nothing of ours."""
    request = Request(url, method=method, headers={"Authorization": f"Bearer {token}", **headers})
    try:
        with urlopen(request, timeout=PATIENCE / 1000) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def token_of(page: Page, name: str, *scopes: str) -> str:
    """A token that somebody makes for a program of theirs."""
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill(name)
    for scope in scopes:
        page.get_by_role("checkbox", name=scope).check()
    page.get_by_role("button", name="Make the token").click()
    return page.locator("#secret").inner_text()


def test_programs_and_assistants_work_beside_people(people: People):
    sam, max_ = people.page("sam"), people.page("max")
    accepts(people, max_, token_of(sam, "CRM sync", "Read leads", "Decide"))
    drafts(people, sam, token_of(sam, "Assistant", "Read leads", "Read the funnel", "Draft decisions"))


def accepts(people: People, max_: Page, token: str) -> None:
    """A program takes the best lead over, once however often it asks, and Max, who has the inbox open, is told."""
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
    expect(told).to_be_visible()
    assert faults(max_) == []
    told.click()
    expect(max_.locator("#inbox").get_by_text(best["name"], exact=True)).to_have_count(0)


def drafts(people: People, sam: Page, token: str) -> None:
    """An assistant reads what it may, decides nothing, and drafts what Sam then confirms."""
    tools, told = converse(
        people.server,
        token,
        Call("inbox", {"limit": 1}),
        Call("funnel"),
        Call("audit"),
        Call("policy"),
        Call("lead", lambda told: {"lead": told[0].said["items"][0]["email"]}),
        Call(
            "draft_decision",
            lambda told: {
                "lead": str(told[4].said["id"]),
                "move": "reject",
                "why": "A student",
                "reason": "wrong_person",
            },
        ),
        Call("draft_decision", lambda told: {"lead": str(told[4].said["id"]), "move": "reject", "why": "No reason"}),
        Call("lead", {"lead": "nobody@nowhere.example"}),
    )
    assert tools == ["inbox", "lead", "find_leads", "funnel", "audit", "policy", "draft_decision"]
    assert [one.failed for one in told] == [False] * 6 + [True] * 2
    assert "A rejection reason is needed" in told[6].said
    assert "There is no lead with the address" in told[7].said
    lead = told[4].said
    assert {step["name"]: step["count"] for step in told[1].said["steps"]}["lead"] == 250
    assert (lead["rung"], told[5].said["by"]) == ("mql", "Assistant (Sam Okafor)")

    sam.goto(f"/leads/{lead['id']}/")
    expect(sam.get_by_text("Cannot influence the decision").first).to_be_visible()
    assert faults(sam) == []
    sam.get_by_role("button", name="Confirm: Reject").click()
    expect(sam.get_by_text("Rejected by sales, as drafted.")).to_be_visible()
    expect(sam.get_by_text("drafted by Assistant (Sam Okafor)")).to_be_visible()
