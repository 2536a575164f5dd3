"""Leads go to whose turn it is: offered at promotion or given at acceptance, passed on, never silently to nobody."""

import json
from datetime import datetime, timedelta

import pytest

from assay.actions import audiences, escalating, gate, offers, routed, routing, work
from assay.actions.actors import actor
from assay.actions.notices import Notice
from assay.actions.offers import pass_on, take
from assay.actions.policies import rule
from assay.domain.errors import MoveRefused
from assay.domain.events import EVENTS, nameless
from assay.domain.ladder import Rung
from assay.domain.routing import Criteria
from assay.records.models import Decision, Lead, Offer, OutboxMessage, RoutingMember, User
from assay.work.clocks import route, watch
from tests import people
from tests.hooks import an_endpoint
from tests.people import NOW, a_rule, an_mql, an_sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=rule(NOW).policy.zone)


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What is said in a test, and to whom by name."""
    heard: list[tuple[str, list[str]]] = []

    def post(now: datetime, one: Notice) -> None:
        heard.append((one.type, [User.objects.get(pk=user).name for user in one.to]))

    for module in (escalating, offers, routed):
        monkeypatch.setattr(module, "post", post)
    return heard


def route_when(when: str) -> None:
    a_rule(('when = "off"', f'when = "{when}"'))


def everybody(**weights: int) -> None:
    """A rule for all leads."""
    named = {"sam": people.sam, "sia": people.sia, "max": people.max_}
    routing.keep_rule(
        actor(people.max_()), "Everybody", Criteria(), {named[name]().pk: weight for name, weight in weights.items()}
    )


def standing(lead: Lead) -> tuple[str | None, str]:
    offer = Offer.objects.get(lead=lead, ended="")
    return offer.to.name if offer.to else None, offer.why


# --- At promotion --------------------------------------------------------------------------------


def test_a_promoted_lead_is_offered_in_turn_and_who_accepts_owns_it_for_a_reason(said: list[object]):
    route_when("promotion")
    everybody(sam=2, sia=1)
    leads = [an_mql(company=f"Firm {number}", email=f"a@firm{number}.example") for number in range(3)]
    assert route(NOW) == 3
    assert [standing(lead)[0] for lead in leads] == ["Sam", "Sia", "Sam"]
    assert standing(leads[1]) == ("Sia", "Sia is next in turn by the rule Everybody")
    assert said == [("lead.offered", [name]) for name in ("Sam", "Sia", "Sam")]
    assert route(NOW + MINUTE) == 0

    gate.accept(leads[1].pk, actor(people.sia()), NOW + MINUTE)
    taken = Decision.objects.get(lead=leads[1], move="accept")
    assert taken.details["because"] == "Sia is next in turn by the rule Everybody"
    assert Offer.objects.get(lead=leads[1]).ended == "taken"


def test_while_it_is_offered_to_one_only_they_and_a_manager_decide():
    route_when("promotion")
    everybody(sam=1)
    first, second = an_mql(), an_mql(email="b@other.example", company="Other")
    route(NOW)
    for verb in (gate.accept, lambda *said: gate.reject(*said, reason="too_early")):
        with pytest.raises(MoveRefused, match=f"lead {first.pk}: it is offered to Sam until 2026-11-04 11:00"):
            verb(first.pk, actor(people.sia()), NOW)
    gate.withdraw(second.pk, actor(people.mara()), NOW, text="a test")
    assert Offer.objects.get(lead=second).ended == "moot"
    gate.accept(first.pk, actor(people.max_()), NOW)
    assert (Offer.objects.get(lead=first).ended, Lead.objects.get(pk=first.pk).owner) == ("moot", people.max_())


def test_an_offer_runs_out_in_working_time_and_goes_to_the_next_and_then_to_nobody_which_is_said_once(
    said: list[object],
):
    route_when("promotion")
    everybody(sam=1, sia=1)
    friday = paris("2026-11-06 16:30")
    lead = an_mql(friday)
    route(friday)
    route(paris("2026-11-09 10:29"))
    assert standing(lead)[0] == "Sam"
    route(paris("2026-11-09 10:30"))
    assert standing(lead)[0] == "Sia"
    route(paris("2026-11-09 12:30"))
    nobody = (None, "Nobody of the rule Everybody is left who has not had it")
    assert standing(lead) == nobody
    route(paris("2026-11-09 14:30"))
    assert standing(lead) == nobody
    assert said == [("lead.offered", ["Sam"]), ("lead.offered", ["Sia"]), ("lead.unrouted", ["Max"])]
    gate.accept(lead.pk, actor(people.sam()), paris("2026-11-09 14:40"))  # it is anybody's now
    assert [offer.ended for offer in Offer.objects.order_by("pk")] == ["expired", "expired", "expired", "moot"]


def test_whoever_passes_on_it_hands_it_to_the_next_at_once():
    route_when("promotion")
    everybody(sam=1, sia=1)
    lead = an_mql()
    route(NOW)
    with pytest.raises(MoveRefused, match="not offered to Sia"):
        pass_on(lead.pk, actor(people.sia()), NOW)
    pass_on(lead.pk, actor(people.sam()), NOW)
    assert standing(lead)[0] == "Sia"
    with pytest.raises(MoveRefused, match="not offered to Sia any more"):
        take(lead.pk, actor(people.sia()), NOW + DAY)
    assert take(lead.pk, actor(people.sia()), NOW).lead.owner == people.sia()


def test_nobody_is_given_leads_who_is_away_or_has_enough(said: list[object]):
    route_when("promotion")
    everybody(sam=1, sia=1)
    by = actor(people.max_())
    routing.add_absence(actor(people.sam()), people.sam().pk, NOW.date(), NOW.date())
    routing.set_capacity(by, people.sia().pk, 1)
    leads = [an_mql(company=f"Firm {number}", email=f"a@firm{number}.example") for number in range(2)]
    route(NOW)
    assert [standing(lead)[0] for lead in leads] == ["Sia", None]
    assert said[-1] == ("lead.unrouted", ["Max"])
    tomorrow = NOW + DAY
    route(tomorrow)
    assert standing(leads[1])[0] == "Sam"


def test_on_friday_night_it_goes_to_who_is_here_on_monday():
    route_when("promotion")
    everybody(sam=1, sia=1)
    routing.add_absence(
        actor(people.max_()), people.sam().pk, paris("2026-11-09 00:00").date(), paris("2026-11-13 00:00").date()
    )
    friday = paris("2026-11-06 22:00")
    lead = an_mql(friday)
    route(friday)
    assert standing(lead)[0] == "Sia"


def test_the_owner_of_the_company_comes_first_unless_away():
    route_when("promotion")
    everybody(sia=1)
    an_sql(email="one@north.example")
    lead, other = an_mql(email="two@north.example"), an_mql(email="x@else.example", company="Else")
    route(NOW)
    assert standing(lead) == ("Sam", "Sam owns another lead of this company")
    assert standing(other)[0] == "Sia"
    routing.add_absence(actor(people.sam()), people.sam().pk, NOW.date(), NOW.date() + 9 * DAY)
    third = an_mql(email="three@north.example")
    route(NOW)
    assert standing(third)[0] == "Sia"


def test_the_first_rule_that_is_met_decides():
    route_when("promotion")
    by = actor(people.max_())
    everybody(sia=1)
    french = routing.keep_rule(by, "France", Criteria(countries=["fr"]), {people.sam().pk: 1})
    lead = an_mql()
    routing.move_rule(by, french.pk, up=True)
    route(NOW)
    assert standing(lead) == ("Sam", "Sam is next in turn by the rule France")


def test_without_a_rule_the_managers_are_told(said: list[object]):
    route_when("promotion")
    people.max_()
    lead = an_mql()
    route(NOW)
    assert standing(lead) == (None, "No routing rule is for this lead")
    assert said == [("lead.unrouted", ["Max"])]
    gate.accept(lead.pk, actor(people.sam()), NOW)


# --- At acceptance -------------------------------------------------------------------------------


def test_where_the_policy_routes_at_acceptance_the_rule_says_who_owns_it():
    route_when("acceptance")
    everybody(sia=1)
    lead = an_mql()
    assert route(NOW) == 0
    gate.accept(lead.pk, actor(people.sam()), NOW)
    lead = Lead.objects.get(pk=lead.pk)
    assert (lead.owner, lead.rung) == (people.sia(), Rung.SQL)
    accepted = Decision.objects.get(lead=lead, move="accept")
    assert (accepted.by, accepted.details["owner"]) == (people.sam(), str(people.sia().pk))
    assert accepted.details["because"] == "Sia is next in turn by the rule Everybody"


def test_where_nobody_is_available_it_stays_with_who_accepted_it_and_the_managers_hear_of_it(said: list[object]):
    route_when("acceptance")
    everybody(sia=1)
    routing.set_capacity(actor(people.ada()), people.sia().pk, 0)
    lead = an_mql()
    gate.accept(lead.pk, actor(people.sam()), NOW)
    accepted = Decision.objects.get(lead=lead, move="accept")
    assert Lead.objects.get(pk=lead.pk).owner == people.sam()
    assert (
        accepted.details["because"] == "Nobody of the rule Everybody is available, so it stays with whoever accepted it"
    )
    assert said == [("lead.unrouted", ["Max"])]


def test_a_manager_who_names_an_owner_is_not_overruled():
    route_when("acceptance")
    everybody(sia=1)
    lead = an_mql()
    gate.accept(lead.pk, actor(people.max_()), NOW, owner=people.sam())
    assert Lead.objects.get(pk=lead.pk).owner == people.sam()
    assert RoutingMember.objects.get().taken == 0


# --- As a clock runs out -------------------------------------------------------------------------


def test_a_lead_nobody_answers_is_offered_to_somebody_else_who_takes_it(said: list[object]):
    everybody(sam=1, sia=1)
    lead, late = an_sql(), NOW + 3 * HOUR
    assert watch(late) == 1
    assert standing(lead)[0] == "Sia"
    assert said == [("lead.offered", ["Sia"]), ("clock.breached", ["Max"])]
    given = take(lead.pk, actor(people.sia()), late)
    assert (given.move, given.from_rung, given.to_rung, given.by) == ("assign", "sql", "sql", people.sia())
    assert given.details == {
        "owner": str(people.sia().pk),
        "owner_name": "Sia",
        "before": str(people.sam().pk),
        "because": "Sia is next in turn by the rule Everybody",
    }
    assert Lead.objects.get(pk=lead.pk).owner == people.sia()


def test_once_its_owner_answers_it_is_offered_no_more():
    everybody(sia=1)
    lead, late = an_sql(), NOW + 3 * HOUR
    watch(late)
    work.log_touch(lead.pk, actor(people.sam()), late, kind="call", reached=True)
    assert Offer.objects.get(lead=lead).ended == "moot"
    with pytest.raises(MoveRefused, match="not offered to Sia any more"):
        take(lead.pk, actor(people.sia()), late)
    assert route(late + DAY) == 0


def test_an_undecided_lead_is_offered_though_the_policy_does_not_route():
    everybody(sam=1, sia=1)
    lead = an_mql()
    watch(NOW + 3 * HOUR)
    assert standing(lead)[0] == "Sam"
    route(NOW + 6 * HOUR)
    assert standing(lead)[0] == "Sia"
    gate.accept(lead.pk, actor(people.sam()), NOW + 6 * HOUR)  # nobody is held off where everybody decides


def test_where_nobody_said_who_takes_leads_none_is_offered(said: list[object]):
    people.max_()
    lead = an_mql()
    watch(NOW + 3 * HOUR)
    assert not Offer.objects.exists()
    assert said == [("clock.breached", ["Max"])]
    assert Lead.objects.get(pk=lead.pk).rung == Rung.MQL


def test_what_a_manager_assigns_stands_in_the_ledger():
    lead = an_sql()
    given = work.assign(lead.pk, actor(people.max_()), NOW, people.sia().pk)
    assert (given.move, given.by_name, given.to_rung) == ("assign", "Max", "sql")
    with pytest.raises(MoveRefused, match=r"already decided by Sam at .*: accept, now on rung sql"):
        gate.accept(lead.pk, actor(people.max_()), NOW)


def test_things_are_said_to_managers_and_without_them_to_admins():
    ada = people.ada()
    assert (audiences.team(), audiences.managers()) == ((ada.pk,), (ada.pk,))
    max_ = people.max_()
    assert (audiences.team(), audiences.managers()) == ((max_.pk,), (max_.pk,))
    sam = people.sam()
    assert (audiences.team(), audiences.managers()) == ((sam.pk,), (max_.pk,))


# --- What is said leaves by the outbox ----------------------------------------------------------------


def test_what_is_said_commits_with_its_cause(monkeypatch: pytest.MonkeyPatch):
    """A website that subscribed hears of the reminder, the manager, the offer and the new owner, in this order."""
    monkeypatch.undo()
    an_endpoint()
    everybody(sam=1, sia=1)
    lead = an_sql()
    OutboxMessage.objects.all().delete()
    watch(NOW + 40 * MINUTE)
    watch(NOW + 70 * MINUTE)
    watch(NOW + 3 * HOUR)
    take(lead.pk, actor(people.sia()), NOW + 3 * HOUR)
    rows = list(OutboxMessage.objects.order_by("pk"))
    assert [row.type for row in rows] == [
        *("clock.due_soon", "clock.breached", "lead.offered", "clock.breached", "lead.assigned")
    ]
    for row in rows:
        read = EVENTS[row.type].data.model_validate_json(json.dumps(row.payload))
        assert read.model_dump(include={"lead": {"id"}}) == {"lead": {"id": lead.pk}}
    assert (
        rows[0].payload["clock"]["sentence"] == "Nina North waits: the first response is due in 20 min of working time."
    )
    over = "Nina North still waits: the first response is 2 h over, and the lead is offered to Sia."
    assert rows[3].payload["clock"]["sentence"] == over
    assert nameless(rows[2].payload)["offer"]["sentence"] == ""  # type: ignore[index]
