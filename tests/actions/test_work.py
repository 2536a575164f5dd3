"""Working an accepted lead: touches, the four points, and whose it is."""

from datetime import timedelta

import pytest

from assay.actions.actors import INTAKE, actor
from assay.actions.work import (
    assign,
    confirm,
    log_touch,
    recycle,
)
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, Pass, Touch
from tests.people import BANT, NOW, a_lead, a_lead_on, an_mql, an_opportunity, an_sql, mara, max_, sam, sia
from tests.records.dump import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


def current_pass(lead: Lead) -> Pass:
    """The pass the lead is on."""
    lead.refresh_from_db()
    return Pass.objects.get(lead=lead, number=lead.pass_no)


# --- touches -------------------------------------------------------------------------------------


def test_a_call_that_reached_nobody_is_an_attempt() -> None:
    lead = an_sql()
    touch = log_touch(lead.pk, actor(sam()), LATER, kind="call", reached=False, note="voicemail")
    assert (touch.by, touch.by_name, touch.at, touch.note, touch.pass_no) == (sam(), "Sam", LATER, "voicemail", 1)
    current = current_pass(lead)
    assert (current.first_touch_at, current.contacted_at, current.attempts) == (LATER, None, 1)


def test_a_call_that_reached_somebody_makes_contact() -> None:
    lead = an_sql()
    log_touch(lead.pk, actor(sam()), NOW, kind="email", reached=False)
    log_touch(lead.pk, actor(sam()), LATER, kind="call", reached=True)
    current = current_pass(lead)
    assert (current.first_touch_at, current.contacted_at, current.attempts) == (NOW, LATER, 1)


def test_the_first_contact_stays_the_first() -> None:
    """Touches are sometimes written down late: the earliest counts, in whatever order they come."""
    lead = an_sql()
    for hours in (2, 1, 3):
        log_touch(lead.pk, actor(sam()), NOW + timedelta(hours=hours), kind="call", reached=True)
    current = current_pass(lead)
    assert (current.first_touch_at, current.contacted_at) == (NOW + timedelta(hours=1),) * 2


def test_an_automatic_email_is_kept_and_counts_as_no_human_touch() -> None:
    lead = an_sql()
    log_touch(lead.pk, actor(mara()), LATER, kind="email", reached=False, automatic=True)
    assert Touch.objects.get(lead=lead).automatic
    current = current_pass(lead)
    assert (current.first_touch_at, current.attempts) == (None, 0)


def test_a_touch_of_no_known_kind_is_refused() -> None:
    lead = an_sql()
    by = actor(sam())
    with refused("unknown_touch"):
        log_touch(lead.pk, by, LATER, kind="pigeon", reached=True)


# --- budget, authority, need, timeline -----------------------------------------------------------


def test_the_four_points_are_confirmed_one_by_one() -> None:
    lead = an_sql()
    confirm(lead.pk, actor(sam()), {"need": "two tools to replace "})
    deal = confirm(lead.pk, actor(sam()), {"budget": "20k"})
    assert deal.bant == {"budget": "20k", "authority": "", "need": "two tools to replace", "timeline": ""}
    assert (deal.opened_at, deal.company) == (None, lead.company)


def test_only_the_four_points_can_be_confirmed() -> None:
    lead = an_sql()
    by = actor(sam())
    with refused("unknown_point"):
        confirm(lead.pk, by, {"need": "yes", "weather": "fine"})


@pytest.mark.parametrize("rung", [Rung.LEAD, Rung.MQL, Rung.SAL, Rung.WON, Rung.LOST, Rung.DISQUALIFIED])
def test_points_are_confirmed_on_an_sql_or_an_open_deal_only(rung: Rung) -> None:
    lead = a_lead_on(rung)
    by = actor(sam())
    with refused("wrong_rung"):
        confirm(lead.pk, by, {"need": "yes"})


def test_a_point_of_an_open_deal_cannot_be_blanked() -> None:
    lead = an_opportunity()
    by = actor(sam())
    with refused("blank_point"):
        confirm(lead.pk, by, {"need": " "})


def test_a_point_of_an_open_deal_may_be_said_better() -> None:
    lead = an_opportunity()
    assert confirm(lead.pk, actor(sam()), {"need": "three tools"}).bant == {**BANT, "need": "three tools"}


# --- whose it is ---------------------------------------------------------------------------------


def test_the_owner_hands_a_lead_over() -> None:
    lead = an_sql()
    assign(lead.pk, actor(sam()), NOW, sia().pk)
    lead.refresh_from_db()
    assert lead.owner == sia()
    by = actor(sam())
    with refused("not_yours"):
        recycle(lead.pk, by, LATER, reason="not_now")


def test_a_manager_hands_over_any_lead() -> None:
    lead = an_sql()
    assign(lead.pk, actor(max_()), NOW, sia().pk)
    lead.refresh_from_db()
    assert lead.owner == sia()


def test_a_lead_is_handed_only_to_somebody_in_sales() -> None:
    lead = an_sql()
    by, marketer = actor(sam()), mara()
    with refused("owner_not_in_sales"):
        assign(lead.pk, by, NOW, marketer.pk)
    with refused("unknown_user"):
        assign(lead.pk, by, NOW, 4711)


def test_intake_works_no_leads() -> None:
    lead = a_lead()
    with refused("wrong_desk"):
        confirm(lead.pk, INTAKE, {"need": "yes"})
    assert not Decision.objects.filter(lead=lead).exclude(move="capture").exists()


def test_a_lead_at_the_gate_belongs_to_nobody_yet() -> None:
    assert an_mql().owner is None
