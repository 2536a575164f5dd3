"""Who is told of what, and how: as each has chosen, committed with its cause, and nothing of somebody erased."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from assay.actions import gate, offers, policies, work
from assay.actions.actors import actor
from assay.actions.erasure import erase
from assay.actions.escalating import escalate
from assay.actions.gate import promote, reject
from assay.actions.notifying import MOST_AN_HOUR, Telling, notify
from assay.actions.outbox import nothing_posted
from assay.actions.routing import keep_rule
from assay.domain.erasure import Why
from assay.domain.ladder import Desk
from assay.domain.notifications import KINDS, Kind, Way, kinds_for
from assay.domain.policy import Policy
from assay.domain.quiet import Rhythm
from assay.domain.roles import Role
from assay.domain.routing import Criteria
from assay.records.models import Notification, NotificationPreference, OutboxMessage, User
from tests.actions.test_outbox import promote_many
from tests.people import NOW, a_lead, a_rule, ada, an_mql, an_opportunity, an_sql, mara, max_, sam, sia
from tests.records.dump import taken_back

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=40)


def told(user: User) -> list[tuple[str, str]]:
    """What stands on somebody's desk, in order."""
    found = Notification.objects.filter(user=user).select_related("lead__person").order_by("pk")
    return [(one.kind, str(one.sentence)) for one in found]


def sent() -> list[tuple[str, str, str]]:
    """What is on its way elsewhere: channel, destination, type."""
    waiting = OutboxMessage.objects.exclude(channel="webhook").order_by("pk")
    return list(waiting.values_list("channel", "destination", "type"))


def preferring(user: User, kind: Kind, *ways: Way) -> User:
    """Somebody who wants to hear of a kind in these ways."""
    preference, _ = NotificationPreference.objects.get_or_create(user=user)
    preference.ways[kind] = list(ways)
    preference.save()
    return user


def test_a_hot_lead_at_the_gate_is_told_to_all_who_decide_and_to_nobody_else():
    everybody = sam(), sia(), max_(), mara(), ada()
    an_mql(name="Nina North")
    said = [(Kind.WAITING, "Nina North is hot and waits at the gate.")]
    assert [told(user) for user in everybody] == [said, said, [], [], []]
    assert sent() == [("email", str(user.pk), Kind.WAITING) for user in (sam(), sia())]


def test_one_that_is_not_hot_waits_for_the_digest():
    sam()
    promote(a_lead().pk, actor(mara()), NOW, text="met her at the fair")
    assert (told(sam()), sent()) == ([], [])


def test_of_many_at_once_only_the_number_is_told_and_of_history_nothing():
    sam()
    promote_many(30, "many")
    with nothing_posted():
        promote_many(3, "old")
    assert told(sam()) == [(Kind.WAITING, "30 hot leads have come to the gate.")]


def test_whoever_is_told_too_much_hears_of_the_rest_on_the_desk_and_by_the_digest():
    wanted = preferring(max_(), Kind.BREACHED, Way.EMAIL), sia()
    leads = [an_mql() for _ in range(MOST_AN_HOUR + 3)]
    OutboxMessage.objects.all().delete()
    for lead in leads[:5]:
        notify(NOW, [Telling(Kind.BREACHED, [user.pk for user in wanted], lead.pk)])
    notify(NOW, [Telling(Kind.BREACHED, [user.pk for user in wanted], lead.pk) for lead in leads[5:]])
    mails = Counter(destination for _, destination, _ in sent())
    assert mails == {str(user.pk): MOST_AN_HOUR for user in wanted}
    on_desk = Notification.objects.filter(kind=Kind.BREACHED)
    assert [on_desk.filter(user=user).count() for user in wanted] == [3, MOST_AN_HOUR + 3]
    assert on_desk.filter(elsewhere=False).count() == 6  # the digest has those
    notify(NOW + timedelta(hours=1), [Telling(Kind.BREACHED, [max_().pk], leads[0].pk)])
    assert Counter(destination for _, destination, _ in sent())[str(max_().pk)] == MOST_AN_HOUR + 1


def test_whoever_gets_a_lead_from_somebody_else_is_told_and_who_takes_one_is_not():
    lead, other = an_mql(name="Nina North"), an_mql()
    gate.accept(lead.pk, actor(max_()), NOW, owner=sam())
    gate.accept(other.pk, actor(sam()), NOW)
    work.assign(lead.pk, actor(max_()), NOW, owner_id=sia().pk)
    assert told(sam()) == [(Kind.ASSIGNED, "Nina North is yours now, from Max.")] == told(sia())
    assert told(max_()) == []


def test_a_lead_that_came_back_is_told_to_who_sent_it_or_to_all_of_marketing():
    mia = User.objects.create_user("mia@assay.example", Role.MARKETER, first_name="Mia")
    by_hand, by_rule = a_lead(name="Nina North"), an_mql(name="Otto Ost")
    promote(by_hand.pk, actor(mara()), NOW, text="met her at the fair")
    for lead in (by_hand, by_rule):
        reject(lead.pk, actor(sam()), LATER, reason="too_early")
    reason = policies.rule(NOW).policy.gate.reasons.rejection["too_early"]
    assert told(mara()) == [
        (Kind.RETURNED, f"{who} came back from Sam: {reason}") for who in ("Nina North", "Otto Ost")
    ]
    assert told(mia) == told(mara())[1:]


def test_clocks_are_told_to_their_owner_and_then_to_the_managers():
    lead = an_sql(name="Nina North")
    max_()
    escalate(lead.pk, LATER)
    escalate(lead.pk, LATER + timedelta(minutes=30))
    [(kind, said)] = told(sam())
    assert (kind, said) == (
        Kind.DUE_SOON, "Nina North waits: the first response is due in 20 min of working time."
    )  # fmt: skip
    assert told(max_()) == [(Kind.BREACHED, "Nina North waits: the first response is 10 min over.")]


def test_a_close_date_that_passed_is_told_to_the_owner():
    lead = an_opportunity(name="Nina North")
    Notification.objects.all().delete()
    with_deal_over = NOW + timedelta(days=1)
    escalate(lead.pk, with_deal_over)
    assert told(sam()) == [(Kind.CLOSE_DATE, "The close date of the deal with Nina North has passed: 2026-11-04.")]


def test_a_lead_that_is_offered_is_told_to_whoever_it_is_offered_to_and_to_no_team():
    a_rule(('when = "off"', 'when = "promotion"'))
    Notification.objects.all().delete()
    keep_rule(actor(max_()), "Everybody", Criteria(), {sam().pk: 1})
    sia()
    lead = an_mql(name="Nina North")
    assert told(sam()) == []
    offer = offers.attend(lead.pk, NOW)
    assert offer is not None
    assert told(sam()) == [(Kind.OFFERED, f"Nina North is offered to you until {offer.until:%Y-%m-%d %H:%M} UTC.")]
    offers.attend(lead.pk, offer.until)
    assert told(max_()) == [(Kind.UNROUTED, "Nina North waits, and nobody is available for it.")]
    assert told(sia()) == []


def test_whose_key_is_wanted_is_told_when_the_other_side_has_signed():
    sia(), max_()
    text = policies.rule(NOW).policy.text.replace("threshold = 100", "threshold = 110")
    policy = Policy.parse(text)
    version = policies.sign(policy, actor(mara()), Desk.MARKETING, NOW)
    said = f"Version {version.pk} of the rule waits for your key: Mara has signed it."
    assert told(max_()) == [(Kind.KEY_WANTED, said)]
    policies.sign(policy, actor(max_()), Desk.SALES, NOW)
    assert [told(user) for user in (mara(), sia())] == [[], []]
    assert Notification.objects.count() == 1


def test_each_chooses_how_to_hear_of_what():
    preferring(sam(), Kind.WAITING, Way.DESK)
    preferring(sia(), Kind.WAITING, Way.EMAIL)
    max_()
    an_mql()
    assert (len(told(sam())), len(told(sia()))) == (1, 0)
    assert sent() == [("email", str(sia().pk), Kind.WAITING)]


def test_without_a_mail_server_none_is_written(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    sam()
    an_mql()
    assert (len(told(sam())), sent()) == (1, [])


def test_mails_wait_until_quiet_hours_end_and_the_desk_is_never_quiet():
    quiet = {"quiet_from": time(9), "quiet_until": time(12, 30), "quiet_days": [5, 6]}
    NotificationPreference.objects.create(user=sam(), **quiet)
    User.objects.filter(pk=sam().pk).update(timezone="Europe/Paris")
    an_mql()
    assert len(told(sam())) == 1
    assert OutboxMessage.objects.get().due_at == datetime(2026, 11, 4, 11, 30, tzinfo=UTC)


def test_what_is_taken_back_was_told_to_nobody():
    sam()
    with taken_back():
        an_mql()
        assert len(told(sam())) == 1
    assert (told(sam()), sent()) == ([], [])


def test_of_somebody_who_was_erased_nothing_is_told_any_more():
    sam()
    lead = an_mql(email="nina@north.example")
    assert told(sam())
    assert sent()
    erase(lead.person_id, actor(ada()), LATER, Why.ASKED)
    assert (told(sam()), sent()) == ([], [])


def test_every_kind_concerns_somebody_and_has_a_default():
    roles = [role for role in Role if role is not Role.OPERATOR]
    assert {kind for role in roles for kind in kinds_for(role)} == set(Kind) == set(KINDS)
    assert all(Way.DESK in about.ways for about in KINDS.values()), "else nobody sees it by default"
    assert Rhythm(NotificationPreference().digest) is Rhythm.DAILY
