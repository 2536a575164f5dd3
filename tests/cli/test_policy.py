"""The rule from a shell: in plain words, checked, signed by two people, published."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.actions.policies import rule
from assay.domain.policy import Policy
from assay.domain.proposal import propose
from assay.policies import shipped
from assay.records.models import PolicyVersion
from tests.cli.conftest import Assay
from tests.domain.history import history
from tests.people import NOW, mara, max_, sam

pytestmark = pytest.mark.django_db

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def draft(write: Write) -> Path:
    return write("policy.toml", shipped().text.replace("threshold = 100", "threshold = 110"))


def in_force() -> PolicyVersion:
    """The rule that an empty installation starts with."""
    return PolicyVersion.objects.get(pk=rule(NOW).version)


def test_the_rule_in_plain_words(assay: Assay) -> None:
    said = " ".join(assay("policy", "show").out.split())
    for words in (
        f"{in_force()} (in force since 2026-11-04 10:00)",
        "+25 Company size employees from 10 to 1000",
        "country is one of FR, DE",
        "if not, fit is 0",
        "+40 Asked for a demo 21 days 60 demo_request hot, raised hand",
        "-10 Looked at our jobs 30 days -20 careers_view",
        "MQL: fit from 50, intent from 25 with a pattern, and both together from 100.",
        "assay reject too_early Not enough interest yet",
    ):
        assert words in said


def test_the_text_of_the_rule_can_be_taken_as_it_is(assay: Assay) -> None:
    assert assay("policy", "show", "--toml").out == shipped().text
    assert assay("policy", "show", in_force().pk, "--json").json["text"] == shipped().text


def test_every_operator_is_said_in_words(assay: Assay, write: Write) -> None:
    text = shipped("saas").text.replace('is = "work"', "present = true").replace("at_least = 2000", "at_most = 2000")
    text = text.replace('in = ["disposable"]', 'not_in = ["work"]')
    words = " ".join(_shown(assay, write("policy.toml", text)).split())
    for sentence in ("email kind is known", "budget at most 2000", "email kind is none of work", "title has a word of"):
        assert sentence in words


def _shown(assay: Assay, file: Path) -> str:
    """The plain words of a file, which has to be published to be shown."""
    assay("policy", "list")
    assay("policy", "sign", file, "--desk", "marketing", "--as", mara().email)
    assay("policy", "sign", file, "--desk", "sales", "--as", sam().email)
    return assay("policy", "show", PolicyVersion.objects.latest("pk").pk).out


def test_a_sound_file_is_called_sound(assay: Assay, draft: Path) -> None:
    assert assay("policy", "check", draft).out == '"B2B services" is sound: 7 criteria, 15 kinds of signals.\n'
    assert assay("policy", "check", draft, "--json").json == {
        "ok": True,
        "name": "B2B services",
        "digest": Policy.load(draft).digest,
    }


def test_two_people_publish_a_version(assay: Assay, draft: Path) -> None:
    number = in_force().pk + 1
    first = assay("policy", "sign", draft, "--desk", "marketing", "--as", mara().email)
    assert first.out == f"Signed B2B services, version {number} for marketing. Now sales signs it.\n"
    early = assay("policy", "publish", number)
    assert (early.code, early.err.splitlines()[0]) == (1, f"Version {number} lacks the key of sales.")
    wrong = assay("policy", "sign", draft, "--desk", "sales", "--as", mara().email)
    assert (wrong.code, "Mara cannot sign a policy for sales." in wrong.err) == (1, True)
    second = assay("policy", "sign", draft, "--desk", "sales", "--as", sam().email)
    assert second.out.endswith(f"Both keys are there: assay policy publish {number}\n")
    done = assay("policy", "publish", number, "--as", max_().email)
    assert done.out == f"B2B services, version {number} is in force. Score every lead by it: assay rescore\n"
    newest, oldest = assay("policy", "list", "--json").json
    assert [key["by"] for key in newest["keys"]] == [mara().email, sam().email]
    assert (newest["version"], oldest["version"], bool(newest["published_at"])) == (number, number - 1, True)
    assert "both together from 110" in assay("policy", "show").out


def test_versions_are_listed_with_their_state(assay: Assay, draft: Path) -> None:
    number = in_force().pk + 1
    assay("policy", "sign", draft, "--desk", "marketing", "--as", mara().email)
    header, new, old = assay("policy", "list").out.splitlines()
    assert header.split() == ["Version", "Name", "State", "Signed", "by"]
    assert new.split() == [str(number), "B2B", "services", "draft", "Mara", "(marketing)"]
    assert "in force since 2026-11-04 10:00" in old


def test_with_few_outcomes_nothing_is_proposed(assay: Assay, tmp_path: Path) -> None:
    said = assay("policy", "propose", "--out", tmp_path / "draft.toml")
    assert said.out.startswith("It cannot tell yet: 0 accepted leads ended")
    assert not (tmp_path / "draft.toml").exists()
    assert assay("policy", "propose", "--json").json["changes"] == []


def test_a_draft_is_proposed_and_written(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = propose(shipped(), *history(1500, seed=1))
    monkeypatch.setattr("assay.cli.policy.proposal_for", lambda policy, which: found)
    said = assay("policy", "propose", "--out", tmp_path / "draft.toml")
    assert "outcomes carry these changes." in said.out
    assert "% were won" in " ".join(said.out.split())
    assert assay("policy", "check", tmp_path / "draft.toml").code == 0
    told = assay("policy", "propose", "--json").json
    assert told["text"] == (tmp_path / "draft.toml").read_text()
    assert {"path", "label", "before", "after", "why"} == set(told["changes"][0])
    assert assay("policy", "propose", "--out", tmp_path / "no" / "draft.toml").code == 2
