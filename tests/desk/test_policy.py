"""The page Policy: the rule in words, drafts with every mistake at once, two keys, publishing, and the evidence."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import msgspec
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from assay.actions import backtests, gate, policies, policy_drafts
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.domain.backtest import Grounds, Story, backtest
from assay.domain.moved import Crossing, moved
from assay.domain.policy import Policy
from assay.domain.proposal import propose
from assay.policies import shipped
from assay.records.models import PolicyVersion, User
from tests.desk.reading import Page, browser, queries, text
from tests.domain.history import history
from tests.people import NOW, ada, an_mql, an_sql, mara, max_, sam, vic

pytestmark = pytest.mark.django_db

TEXT = shipped().text
STEEPER = TEXT.replace("threshold = 100", "threshold = 110")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def written(said: str, who: User | None = None, **more: object) -> Page:
    """What the editor answers to a text."""
    return browser(who or mara()).post("/policy/draft/", {"text": said, "keep": "yes", **more})


def a_draft() -> PolicyVersion:
    return policy_drafts.draft(Policy.parse(STEEPER), actor(mara()), NOW)


def press(who: User, number: int, verb: str, **said: str) -> str:
    """What the page says after a button of a version was pressed."""
    return text(browser(who).post(f"/policy/{number}/{verb}/", said, follow=True))


def signed() -> int:
    number = a_draft().pk
    press(mara(), number, "sign")
    press(max_(), number, "sign")
    return number


def test_everybody_reads_the_rule_and_only_both_teams_may_change_it():
    for who in (mara(), sam(), max_(), ada(), vic()):
        said = text(browser(who).get("/policy/"))
        assert "Employees from 10 to 1,000" in said
        assert ("Propose from outcomes" in said) is (who.role in ("marketer", "rep", "manager"))
    assert browser(vic()).get("/policy/draft/").status_code == 403
    assert browser(ada()).post(f"/policy/{rule(NOW).version}/sign/").status_code == 403


def test_a_text_is_kept_as_a_draft_and_shown_against_the_rule_in_force():
    response = written(STEEPER.replace("\n", "\r\n"))
    version = PolicyVersion.objects.latest("pk")
    assert (response.status_code, urlsplit(response["location"]).path) == (302, f"/policy/{version.pk}/")
    assert (version.text, version.written_by) == (STEEPER, mara())
    said = text(browser(sam()).get(f"/policy/{version.pk}/"))
    assert "Fit and intent together 100 110" in said
    assert browser(vic()).get(f"/policy/{version.pk}/policy.toml").content.decode() == STEEPER


def test_a_file_comes_before_what_is_typed():
    browser(mara()).post("/policy/draft/", {"text": TEXT, "keep": "yes", "file": _file("\ufeff" + STEEPER)})
    assert PolicyVersion.objects.latest("pk").text == STEEPER
    wrong = browser(mara()).post(
        "/policy/draft/", {"text": TEXT, "file": SimpleUploadedFile("p.toml", b"\xff\xfe\x00")}
    )
    assert (wrong.status_code, "The file is not UTF-8 text." in text(wrong)) == (422, True)


def _file(said: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("policy.toml", said.encode())


def test_every_mistake_is_shown_at_once_and_nothing_typed_is_lost():
    broken = TEXT.replace("points = 20", "points = 30").replace('timezone = "Europe/Paris"', 'timezone = "Paris"')
    response = written(broken)
    said = text(response)
    assert response.status_code == 422
    assert "2 mistakes" in said
    assert "Paris" in said
    assert "points = 30" in said
    assert written("name = ").status_code == 422
    assert "There is no text." in text(written(" "))
    assert PolicyVersion.objects.filter(published_at=None).count() == 0


def test_checking_says_what_would_change_and_keeps_nothing():
    said = text(browser(mara()).post("/policy/draft/", {"text": STEEPER}))
    assert "It is sound. What changes:" in said
    assert "Fit and intent together 100 110" in said
    assert not PolicyVersion.objects.filter(text=STEEPER).exists()
    assert "Nothing but comments." in text(browser(mara()).post("/policy/draft/", {"text": "# Later\n" + TEXT}))


def test_two_people_sign_and_one_publishes():
    number = a_draft().pk
    assert "Sign for marketing" in text(browser(mara()).get(f"/policy/{number}/"))
    assert "Signed." in press(mara(), number, "sign")
    assert "Sign for" not in text(browser(mara()).get(f"/policy/{number}/"))
    assert "lacks the key of sales" in press(mara(), number, "publish")
    press(max_(), number, "sign")
    assert "has signed version" in press(sam(), number, "sign")
    assert "In force." in press(sam(), number, "publish")
    assert rule(NOW).version == number


def test_it_is_published_at_a_time_in_the_readers_zone_and_that_can_be_taken_back():
    number, reader = signed(), sam()
    User.objects.filter(pk=reader.pk).update(timezone="Europe/Paris")
    said = press(User.objects.get(pk=reader.pk), number, "publish", later="yes", at="2026-12-01T08:00")
    assert "It comes into force on" in said
    assert PolicyVersion.objects.get(pk=number).publish_at == datetime.fromisoformat("2026-12-01T08:00+01:00")
    assert "It waits again" in press(mara(), number, "wait")
    assert "That is no time." in press(mara(), number, "publish", later="yes", at="soon")
    assert "That is no time." in press(mara(), number, "publish", later="yes")
    assert "That time has passed." in press(mara(), number, "publish", later="yes", at="2026-11-01T08:00")
    assert PolicyVersion.objects.get(pk=number).publish_at is None


def test_an_old_version_is_brought_back_as_a_new_one():
    first = rule(NOW).version
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        press(mara(), signed(), "publish")
        assert "Bring it back" in text(browser(sam()).get(f"/policy/{first}/"))
        assert "A new version with the old text." in press(sam(), first, "again")
        assert "That is the rule in force" in press(sam(), first + 1, "again")
    assert PolicyVersion.objects.latest("pk").text == TEXT


def test_people_talk_about_a_draft_and_drop_it():
    number = a_draft().pk
    press(sam(), number, "comment", text="<b>Too</b> steep")
    page = browser(mara()).get(f"/policy/{number}/").content.decode()
    assert "&lt;b&gt;Too&lt;/b&gt; steep" in page
    assert "Nothing was said." in press(sam(), number, "comment", text=" ")
    assert "The draft is gone." in press(mara(), number, "discard")
    assert browser(mara()).get(f"/policy/{number}/").status_code == 404


def test_versions_are_compared_with_any_other():
    number = a_draft().pk
    other = policy_drafts.draft(Policy.parse(STEEPER.replace("110", "120")), actor(sam()), NOW).pk
    client = browser(vic())
    assert "Fit and intent together 120 110" in text(client.get(f"/policy/{number}/?against={other}"))
    assert "There is nothing to compare it with." in text(client.get(f"/policy/{rule(NOW).version}/"))
    for odd in ("x", "999999", "-1", "²"):
        assert client.get(f"/policy/{number}/?against={odd}").status_code == 200


def test_a_proposal_stands_in_the_editor_with_its_evidence(monkeypatch: pytest.MonkeyPatch):
    assert "It cannot tell yet" in text(browser(mara()).get("/policy/draft/?from=outcomes"))
    found = propose(shipped(), *history(1500, seed=1))
    monkeypatch.setattr("assay.desk.policy.draft.proposal_for", lambda policy, which: found)
    page = browser(mara()).get("/policy/draft/?from=outcomes")
    assert "leads with it" in text(page)
    assert written(page.context["form"].initial["text"]).status_code == 302


def test_the_evidence_is_a_page_and_a_part_of_the_editor():
    client = browser(vic())
    assert "Nothing was decided yet" in text(client.get("/policy/evidence/"))
    an_sql()
    gate.reject(an_mql().pk, actor(sam()), NOW, reason="too_early")
    page = text(client.get("/policy/evidence/"))
    assert "2 promotions of the last 365 days were decided, 1 accepted" in page
    assert "Asked for a demo +40 2 : 0 50% : – cannot tell yet" in page
    part = client.get("/policy/evidence/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "Not enough interest yet (1)" in page


def test_the_pages_take_as_many_queries_however_much_there_is():
    def taken() -> list[int]:
        number = PolicyVersion.objects.latest("pk").pk
        return [queries(browser(mara()), at) for at in ("/policy/", f"/policy/{number}/", "/policy/evidence/")]

    policies.publish(signed(), actor(sam()), NOW)
    press(mara(), policy_drafts.draft(shipped(), actor(sam()), NOW).pk, "sign")
    before = taken()
    for threshold in (120, 130, 140):
        text_ = TEXT.replace("threshold = 100", f"threshold = {threshold}")
        number = policy_drafts.draft(Policy.parse(text_), actor(mara()), NOW).pk
        press(mara(), number, "sign")
        policy_drafts.comment(number, actor(sam()), NOW, "Hm")
    an_sql()
    assert taken() == before


def test_long_names_break_nothing():
    long = "Wort" * 80
    response = written(TEXT.replace('name = "Company size"', f'name = "{long}"').replace('"B2B services"', f'"{long}"'))
    number = PolicyVersion.objects.latest("pk").pk
    assert response.status_code == 302
    assert long in text(browser(vic()).get(f"/policy/{number}/"))


def a_backtest(number: int, result: dict[str, object]) -> None:
    """One that was asked for and done."""
    backtests.ask(number, actor(mara()), NOW)
    row = backtests.claim(NOW)
    assert row is not None
    backtests.keep(row, result)


def test_a_version_is_held_against_history():
    number, lead = a_draft().pk, an_mql()
    address, client = f"/policy/{number}/backtest/", browser(vic())
    assert "It was not held against history yet" in text(client.get(address))
    assert client.post(f"{address}run/").status_code == 403
    assert client.get(f"{address}weeks.csv").status_code == 404
    assert "It waits for its turn." in press(mara(), number, "backtest/run")
    part = {"HX-Request": "true", "HX-Target": "backtest-state"}
    assert "every 2s" in client.get(address, headers=part).content.decode()
    assert "It is being held against history." in text(client.get(f"/policy/{number}/"))

    stories = [Story(3, 3, "accept", "win", in_time=True, number=9), Story(9, None, "reject", number=6)]
    found = backtest(date(2026, 10, 1), date(2026, 10, 28), stories, Grounds(15))
    crossing = moved(NOW, [Crossing(lead.pk, "mql", False, 140, 140), Crossing(987654, "lead", True, 90, 101)], 30, 1)
    against = {**asdict(crossing), "against": rule(NOW).version}
    a_backtest(number, json.loads(msgspec.json.encode({**asdict(found), "moved": against})))
    assert client.get(address, headers=part)["HX-Refresh"] == "true"
    said = text(client.get(address))
    assert "1.5 fewer leads a week to the gate, 2.2 instead of 3.8" in said
    assert "Won, sent in time few 9 of 9 100% 79%–99%" in said
    assert f"{lead.person.name} {lead.company} below it fit and intent 140" in said
    assert client.get(f"{address}weeks.csv").content.decode().splitlines()[1:3] == [
        "2026-10-01,7,9,9",
        "2026-10-08,7,6,0",
    ]
    version = text(client.get(f"/policy/{number}/"))
    assert "1 leads up to the gate come over the threshold, 1 fall below it." in version
    for picture in re.findall(r'src="(/pictures/[^"]+)"', client.get(address).content.decode()):
        assert client.get(picture).content.startswith(b"<svg")

    press(sam(), number, "backtest/run")
    row = backtests.claim(NOW)
    assert row is not None
    backtests.fail(row, "The disk is full.")
    said = text(client.get(address))
    assert "It could not be done. The disk is full." in said
    assert "1.5 fewer leads a week" in said, "what was known stays"


def test_a_backtest_without_anybody_says_so():
    number = a_draft().pk
    nobody = backtest(date(2026, 10, 1), date(2026, 10, 3), [], Grounds())
    a_backtest(number, json.loads(msgspec.json.encode({**asdict(nobody), "moved": asdict(moved(NOW, []))})))
    said = text(browser(vic()).get(f"/policy/{number}/backtest/"))
    assert "Nobody came to the gate in these 3 days" in said
    assert "Week by week" not in said
