"""What is refused before any verb is asked, how it is told, and that no session ever opens this door."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from assay.actions.actors import actor
from assay.actions.tokens import revoke_token
from assay.api import problems
from assay.api.limits import Limits
from assay.records.models import Decision, Lead, Token, User
from tests import people
from tests.api.conftest import LATER
from tests.api.programs import problem, program_as, program_of

pytestmark = pytest.mark.django_db


def test_a_session_is_no_token():
    client = Client()
    client.force_login(people.max_())
    assert problem(client.get("/api/v1/leads")) == (401, "no_token")
    assert problem(client.post(f"/api/v1/leads/{people.an_mql().pk}/accept")) == (401, "no_token")


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Basic abc", "Bearer assay_unknown", "bearer \x00"])
def test_who_has_no_good_token_is_told_how_to_send_one(said: str):
    answer = Client(headers={"authorization": said}).get("/api/v1/leads")
    assert problem(answer)[0] == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_when_it_is_revoked_expired_or_its_account_closed(time_machine: TimeMachineFixture):
    sam = people.sam()
    revoked, closed, expired = program_of(sam), program_of(people.sia()), program_of(people.mara())
    assert revoked.get("leads").status_code == 200
    assert Token.objects.get(pk=revoked.token.pk).used_on == LATER.date()
    revoke_token(revoked.token.pk, actor(sam), LATER)
    User.objects.filter(pk=people.sia().pk).update(is_active=False)
    Token.objects.filter(pk=expired.token.pk).update(expires_at=LATER + timedelta(days=1))
    assert expired.get("leads").status_code == 200
    time_machine.move_to(LATER + timedelta(days=1), tick=False)
    for program in (revoked, closed, expired):
        assert problem(program.get("leads")) == (401, "bad_token")


def test_the_ledger_says_through_which_program_somebody_decided():
    lead = people.an_mql()
    program_of(people.sam()).post(f"leads/{lead.pk}/accept")
    [accepted, qualified] = Decision.objects.filter(lead=lead, by__isnull=False).order_by("pk")
    assert (accepted.by_name, accepted.details["via"]) == ("Sam", "Sam's program")
    assert qualified.details["via"] == "Sam's program"


def test_a_program_with_a_role_names_who_owns_the_lead():
    lead, body = people.an_mql(), {"owner": people.sia().email}
    assert problem(program_as("manager").post(f"leads/{lead.pk}/accept")) == (422, "guard_failed")
    assert problem(program_as("rep").post(f"leads/{lead.pk}/accept", body)) == (403, "not_yours")
    assert program_as("manager").post(f"leads/{lead.pk}/accept", body).json()["lead"]["owner"] == body["owner"]
    assert Decision.objects.filter(lead=lead, by=None, by_name="The manager program").count() == 2


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"{", "application/json", (400, "bad_json")),
        (b'{"source": NaN}', "application/json", (400, "bad_json")),
        (b'{"source": "\xff"}', "application/json", (400, "bad_json")),
        (b'{"source": "\\ud800"}', "application/json", (400, "bad_json")),
        (b"[" * 100_000, "application/json", (400, "bad_json")),
        (b'{"source": "a\\u0000b", "name": "x"}', "application/json", (422, "bad_text")),
        (b"source=Fair", "application/x-www-form-urlencoded", (415, "not_json")),
        (b'"' + b"x" * 300_000 + b'"', "application/json", (413, "too_large")),
        (b"[]", "application/json", (422, "invalid")),
        (b"{}", "application/json", (422, "invalid")),
        (b'{"source": "Fair", "name": "A", "nmae": "B"}', "application/json", (422, "invalid")),
        (b'{"source": "Fair", "email": "nobody"}', "application/json", (422, "bad_email")),
        (b'{"source": "Fair"}', "application/json", (422, "guard_failed")),
        (
            b'{"source": "Fair", "name": "A", "captured_at": "2027-01-01T00:00:00Z"}',
            "application/json",
            (422, "future"),
        ),
        (
            b'{"source": "Fair", "name": "A", "captured_at": "2026-01-01T00:00:00"}',
            "application/json",
            (422, "invalid"),
        ),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_with_the_reason(body: bytes, kind: str, told: tuple[int, str]):
    program = program_of(people.mara())
    answer = Client(headers={"authorization": f"Bearer {program.secret}"}).generic("POST", "/api/v1/leads", body, kind)
    assert problem(answer) == told
    assert not Lead.objects.exists()


def test_mistakes_say_where_they_are():
    told = program_of(people.mara()).post("leads", {"source": "Fair", "employees": "many", "nmae": "x"}).json()
    assert {one["pointer"] for one in told["errors"]} == {"/employees", "/nmae"}
    told = program_of(people.mara()).get("leads", limit=0, sort="best").json()
    assert {one["parameter"] for one in told["errors"]} == {"limit", "sort"}


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/api/v1/nothing", (404, "unknown_address")),
        ("GET", "/api/v1/", (404, "unknown_address")),
        ("GET", "/api/nothing", (404, "unknown_address")),
        ("DELETE", "/api/v1/leads", (405, "bad_method")),
        ("OPTIONS", "/api/v1/leads/1/accept", (405, "bad_method")),
        ("GET", "/api/v1/leads/4711", (404, "unknown_lead")),
        ("GET", "/api/v1/leads/99999999999999999999", (422, "invalid")),
        ("GET", "/api/v1/leads?q=%00", (422, "bad_text")),
        ("GET", "/api/v1/leads?rugn=mql", (422, "unknown_parameter")),
        ("POST", "/api/v1/leads/1/accept?owner=sam", (422, "unknown_parameter")),
        ("GET", "/api/v1/deals/4711", (404, "unknown_deal")),
        ("GET", "/api/v1/companies/4711", (404, "unknown_company")),
        ("GET", "/api/v1/policy?version=4711", (404, "unknown_policy")),
        ("GET", "/api/v1/funnel?first=2026-02-02&last=2026-02-01", (422, "bad_period")),
        ("POST", "/api/v1/leads/4711/accept", (404, "unknown_lead")),
    ],
)
def test_what_is_not_there_is_told_as_a_problem(method: str, path: str, told: tuple[int, str]):
    program = program_of(people.max_())
    answer = Client(headers={"authorization": f"Bearer {program.secret}"}).generic(method, path)
    assert problem(answer) == told
    assert (answer.status_code == 405) is ("Allow" in answer.headers)


def test_a_token_may_ask_so_often_and_is_told_when_again(limits: Limits):
    limits.a_minute = 3
    program, other = program_of(people.vic()), program_of(people.sam())
    left = [program.get("deals").headers["RateLimit"] for _ in range(3)]
    assert [text.split(";")[1] for text in left] == ["r=2", "r=1", "r=0"]
    answer = program.get("deals")
    assert problem(answer) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["RateLimit-Policy"] == '"token";q=3;w=60'
    assert other.get("deals").status_code == 200
    limits.a_minute = 0
    assert "RateLimit" not in program.get("deals").headers


def test_refusals_are_told_and_nothing_personal_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    codes = list[str]()
    monkeypatch.setattr(problems, "tell_refused", codes.append)
    lead, program = people.an_mql(name="Zora Zq"), program_of(people.sam())
    with caplog.at_level(logging.DEBUG):
        program.get("leads", email=lead.person.email, q="Zora")
        program.get("leads", email="zora@north.example", limit=0)
        program.post("leads", {"source": "Fair", "email": "zora@@north.example"})
        program.post(f"leads/{lead.pk}/reject", {"reason": "zora@north.example"})
    assert len(codes) == 3
    assert not [code for code in codes if "zora" in code.lower()]
    assert not [record for record in caplog.records if "zora" in record.getMessage().lower()]


# --- What has changed since it was read --------------------------------------------------------------


def test_nothing_is_done_to_a_lead_that_has_changed_since_it_was_read():
    lead, program = people.an_mql(), program_of(people.sam())
    before = program.get(f"leads/{lead.pk}").headers["ETag"]
    people.observe(lead, "pricing_view")
    answer = program.post(f"leads/{lead.pk}/accept", If_Match=before)
    assert problem(answer) == (412, "changed")
    now = program.get(f"leads/{lead.pk}").headers["ETag"]
    assert now != before
    assert program.post(f"leads/{lead.pk}/accept", If_Match=now).status_code == 200


def test_a_deal_too_is_held_against_what_was_read():
    lead, program = people.an_opportunity(), program_of(people.sam())
    number = lead.deals.get().pk
    read = program.get(f"deals/{number}")
    assert (read.json()["value"], read.json()["currency"]) == ("12000.00", "EUR")
    assert program.patch(f"deals/{number}", {"value": "13000"}, If_Match=read.headers["ETag"]).status_code == 200
    assert problem(program.patch(f"deals/{number}", {"value": "1"}, If_Match=read.headers["ETag"])) == (412, "changed")
    assert program.patch(f"deals/{number}", {"close_date": "2026-12-24"}, If_Match="*").json()["value"] == "13000.00"


def test_what_is_still_the_same_is_not_sent_again():
    lead, program = people.an_mql(), program_of(people.sam())
    etag = program.get(f"leads/{lead.pk}").headers["ETag"]
    same = program.send("GET", f"leads/{lead.pk}", headers={"If-None-Match": f'W/"x", {etag}'})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    people.observe(lead, "pricing_view")
    assert program.send("GET", f"leads/{lead.pk}", headers={"If-None-Match": etag}).status_code == 200


# --- What is told ----------------------------------------------------------------------------------------


def test_a_lead_entered_by_a_program_is_told_with_all_that_is_known():
    program = program_of(people.mara())
    said: dict[str, Any] = {
        "source": "Fair",
        "email": "Anna.Berg@acme.example",
        "name": "Anna  Berg",
        "title": "CEO",
        "employees": 120,
        "country": "France",
        "attributes": {"product": "B"},
    }
    made = program.post("leads", said)
    assert (made.status_code, made.json()["new"]) == (201, True)
    again = program.post("leads", said | {"phone": "+33 1 42 68 53 00"}).json()
    assert (again["new"], again["filled"]) == (False, True)
    told = program.get(f"leads/{made.json()['lead']['id']}").json()
    assert (told["name"], told["phone"], told["company"]["domain"]) == ("Anna Berg", "+33142685300", "acme.example")
    assert (told["facts"]["company.country"], told["facts"]["lead.product"]) == ("FR", "B")
    fit = sum(part["points"] for part in told["score"]["parts"] if part["axis"] == "fit")
    assert round(fit, 6) == told["fit"]
    corrected = program.patch(f"leads/{told['id']}", {"facts": {"company.employees": 5, "lead.product": None}}).json()
    assert corrected["facts"]["company.employees"] == 5
    assert "lead.product" not in corrected["facts"]
    assert {event["edit"]["field"] for event in corrected["timeline"] if event["edit"]} == {
        "company.employees",
        "lead.product",
    }


def test_figures_are_those_of_the_pages():
    program = program_of(people.vic())
    people.an_mql()
    people.an_opportunity(source="Fair")
    funnel = program.get("funnel", by="source").json()
    assert {step["name"]: step["count"] for step in funnel["steps"]} == {
        **dict.fromkeys(("lead", "mql"), 2),
        **dict.fromkeys(("sal", "sql", "opportunity"), 1),
        **dict.fromkeys(("visitor", "won"), 0),
    }
    assert [segment["name"] for segment in funnel["segments"]] == ["Fair", "Website"]
    assert program.get("audit").json()["findings"][0]["mistake"] == "raw_leads"
    [fair, website] = program.get("sources").json()["items"]
    assert (fair["source"], fair["opportunities"], website["accepted"]) == ("Fair", 1, 0)
    policy = program.get("policy").json()
    assert "too_early" in policy["reasons"]["rejection"]
    assert json.dumps(policy["text"]).count("threshold")


def test_a_deal_goes_from_contact_to_won_by_a_program():
    lead, program = people.an_mql(), program_of(people.sam())
    program.post(f"leads/{lead.pk}/accept")
    touched = program.post(f"leads/{lead.pk}/touches", {"kind": "call", "reached": True, "note": "Wants an offer"})
    assert touched.json()["next_step"] == "Confirm budget, authority, need and timeline"
    points = {"budget": "20k", "authority": "signs", "need": "two tools"}
    assert program.post(f"leads/{lead.pk}/confirm", points).json()["bant"]["timeline"] is None
    opened = {"value": "12000.50", "close_date": "2026-12-01", "timeline": "by June"}
    assert program.post(f"leads/{lead.pk}/open_deal", opened).json()["lead"]["rung"] == "opportunity"
    assert problem(program.post(f"leads/{lead.pk}/lose", {"reason": "price", "closed_on": "2027-01-01"})) == (
        422,
        "bad_date",
    )
    assert program.post(f"leads/{lead.pk}/win").json()["lead"]["rung"] == "won"
    [won] = program.get("deals", outcome="won", owner="sam@assay.example").json()["items"]
    assert (won["actual_value"], won["currency"], won["closed_on"]) == ("12000.50", "EUR", "2026-11-04")
