"""How a rule comes into force: drafted, talked about, signed by two people, at once or at its time, and back again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from assay.actions import policies, policy_drafts
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.domain.errors import AssayError
from assay.domain.ladder import Desk
from assay.domain.policy import Policy
from assay.policies import shipped
from assay.records.models import Lead, PolicyComment, PolicyVersion, Score
from assay.work.rules import follow_rule
from tests.people import NOW, a_lead, a_rule, mara, observe, sam, vic

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def changed(threshold: int = 110) -> Policy:
    return Policy.parse(shipped().text.replace("threshold = 100", f"threshold = {threshold}"))


def a_draft(threshold: int = 110, at: datetime = NOW) -> PolicyVersion:
    return policy_drafts.draft(changed(threshold), actor(mara()), at)


def signed(threshold: int = 110, at: datetime = NOW) -> PolicyVersion:
    version = a_draft(threshold, at)
    policies.sign(version.policy, actor(mara()), Desk.MARKETING, at)
    return policies.sign(version.policy, actor(sam()), Desk.SALES, at)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(AssayError) as caught:
        act()
    return caught.value.code


def test_the_same_text_is_one_draft_and_the_rule_in_force_is_none():
    first = a_draft()
    assert a_draft() == first
    assert (first.written_by, first.published_at) == (mara(), None)
    assert refusal(lambda: policy_drafts.draft(shipped(), actor(mara()), NOW)) == "in_force"
    assert refusal(lambda: policy_drafts.draft(changed(), actor(vic()), NOW)) == "wrong_desk"


def test_a_draft_goes_unless_it_is_signed_or_in_force():
    policy_drafts.comment(a_draft().pk, actor(sam()), NOW, "Too steep")
    policy_drafts.discard(a_draft().pk, actor(sam()))
    assert not PolicyVersion.objects.filter(published_at=None).exists()
    version = a_draft()
    policies.sign(version.policy, actor(mara()), Desk.MARKETING, NOW)
    assert refusal(lambda: policy_drafts.discard(version.pk, actor(mara()))) == "signed"
    assert refusal(lambda: policy_drafts.discard(rule(NOW).version, actor(mara()))) == "published_already"


def test_comments_say_something():
    number = a_draft().pk
    policy_drafts.comment(number, actor(sam()), NOW, "  Too steep  ")
    assert PolicyComment.objects.get().text == "Too steep"
    assert refusal(lambda: policy_drafts.comment(number, actor(sam()), NOW, " ")) == "no_text"
    assert refusal(lambda: policy_drafts.comment(number, actor(sam()), NOW, "x" * 10_001)) == "too_long"
    assert refusal(lambda: policy_drafts.comment(0, actor(sam()), NOW, "x")) == "unknown_policy"


def test_a_version_comes_into_force_at_its_time_and_not_before():
    number = signed().pk
    policies.publish(number, actor(sam()), NOW, NOW + HOUR)
    assert follow_rule(NOW) == 0
    assert rule(NOW + 2 * HOUR).version != number
    follow_rule(NOW + HOUR)
    follow_rule(NOW + 2 * HOUR)
    version = PolicyVersion.objects.get(pk=number)
    assert (version.published_at, rule(NOW + HOUR).version) == (NOW + HOUR, number)


def test_its_time_can_be_taken_back_and_lies_ahead():
    number = signed().pk
    policies.publish(number, actor(sam()), NOW, NOW + HOUR)
    policies.keep_waiting(number, actor(mara()))
    follow_rule(NOW + 2 * HOUR)
    assert PolicyVersion.objects.get(pk=number).published_at is None
    assert refusal(lambda: policies.publish(number, actor(sam()), NOW, NOW)) == "past"
    assert refusal(lambda: policies.publish(a_draft(120).pk, actor(sam()), NOW, NOW + HOUR)) == "keys_missing"


def test_of_two_due_the_later_one_is_the_rule():
    second, first = signed(120).pk, signed(130).pk
    policies.publish(first, actor(sam()), NOW, NOW + HOUR)
    policies.publish(second, actor(sam()), NOW, NOW + 2 * HOUR)
    follow_rule(NOW + HOUR)
    assert rule(NOW + HOUR).version == first
    follow_rule(NOW + 2 * HOUR)
    assert rule(NOW + 2 * HOUR).version == second


def test_every_lead_is_scored_by_the_new_rule_once():
    lead = observe(a_lead(), "pricing_view", "page_view", "case_study_view", "content_download")
    assert lead.rung == "lead"
    version = a_rule(("threshold = 100", "threshold = 70"), ("floor = 25", "floor = 10"), at=NOW)
    assert follow_rule(NOW) == 1
    assert follow_rule(NOW) == 0
    assert Score.objects.get(lead=lead).policy_id == version.pk
    assert Lead.objects.get(pk=lead.pk).rung == "mql"


def test_an_old_rule_comes_back_as_a_new_version():
    first = rule(NOW).version
    a_rule(("threshold = 100", "threshold = 110"), at=NOW)
    again = policy_drafts.draft(PolicyVersion.objects.get(pk=first).policy, actor(mara()), NOW + HOUR)
    assert again.pk > first
    policies.sign(again.policy, actor(mara()), Desk.MARKETING, NOW + HOUR)
    policies.sign(again.policy, actor(sam()), Desk.SALES, NOW + HOUR)
    policies.publish(again.pk, actor(sam()), NOW + HOUR)
    assert rule(NOW + HOUR).policy.mql.threshold == 100
    assert PolicyVersion.objects.get(pk=first).published_at == NOW
