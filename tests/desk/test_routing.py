"""Routing: rules and people on their page, and offers where they are answered."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from assay.actions import gate, routing, work
from assay.actions.actors import actor
from assay.domain.routing import Criteria
from assay.records.models import Absence, Lead, Offer, RoutingRule, User
from assay.work.clocks import route, watch
from tests.desk.reading import browser, queries, text
from tests.people import NOW, a_rule, ada, an_mql, an_sql, max_, sam, sia

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is ten in Paris on a working day."""
    with time_machine.travel(NOW, tick=False):
        yield


def for_all(*users: User) -> RoutingRule:
    return routing.keep_rule(actor(max_()), "Everybody", Criteria(), {user.pk: 1 for user in users})


def offered(lead: Lead) -> User | None:
    return Offer.objects.get(lead=lead, ended="").to


def test_a_rule_is_made_changed_moved_and_removed():
    page, seller = browser(max_()), sia()
    assert "There is none yet" in text(page.get("/routing/"))
    said = {"name": "DACH", "countries": "de, at", "sizes": ["50-249"], f"share-{seller.pk}": "2"}
    assert "Kept: DACH" in text(page.post("/routing/rules/", said, follow=True))
    rule = RoutingRule.objects.get()
    assert (rule.countries, rule.sizes) == (["DE", "AT"], ["50-249"])
    shown = text(page.get("/routing/"))
    for words in ("DACH", "Sia share 2, 0 so far", "DE, AT", "50-249", "takes leads, has 0 open"):
        assert words in shown
    assert 'value="DE, AT"' in page.get(f"/routing/rules/{rule.pk}/").content.decode()
    assert "is no country" in text(page.post(f"/routing/rules/{rule.pk}/", said | {"countries": "Atlantis"}))
    assert "Give somebody a share" in text(page.post("/routing/rules/", {"name": "Nobody"}))
    for_all(sam())
    page.post(f"/routing/rules/{rule.pk}/move/", {"to": "down"})
    assert list(RoutingRule.objects.order_by("place").values_list("name", flat=True)) == ["Everybody", "DACH"]
    assert "The rule is gone." in text(page.post(f"/routing/rules/{rule.pk}/remove/", follow=True))


def test_who_is_away_or_has_enough_is_said():
    page, seller, today = browser(ada()), sia(), NOW.date().isoformat()
    page.post("/routing/people/away/", {"user": seller.pk, "first": today, "last": today})
    assert "Sia is away until 4 November 2026" in text(page.get("/routing/"))
    page.post(f"/routing/away/{Absence.objects.get().pk}/remove/", {"from": "routing"})
    page.post(f"/routing/people/{seller.pk}/capacity/", {"capacity": "0"})
    assert "Sia has 0 of at most 0 open leads" in text(page.get("/routing/"))
    page.post(f"/routing/people/{seller.pk}/capacity/", {"capacity": ""})
    assert User.objects.get(pk=seller.pk).capacity is None
    assert "Choose the first and the last day" in text(page.post("/routing/people/away/", {"user": 1}, follow=True))


def test_everybody_says_when_they_are_away_in_their_preferences():
    page, today = browser(sia()), NOW.date().isoformat()
    said = {"first": today, "last": "2026-11-06", "from": "preferences"}
    shown = text(page.post("/routing/away/", said, follow=True))
    assert "4 November 2026 to 6 November 2026" in shown
    page.post(f"/routing/away/{Absence.objects.get().pk}/remove/", {"from": "preferences"})
    assert not Absence.objects.exists()
    assert "Days on which you take no leads" not in text(browser(ada()).get("/account/preferences/"))


def test_a_lead_at_the_gate_is_for_one_and_the_others_see_for_whom():
    a_rule(('when = "off"', 'when = "promotion"'))
    for_all(sam(), sia())
    lead = an_mql(name="Nina North")
    route(NOW)
    mine, theirs = (text(browser(user).get("/inbox/")) for user in (sam(), sia()))
    assert "for you" in mine
    assert "Offered to you until" in mine
    assert "for Sam" in theirs
    assert "Offered to Sam until" in theirs
    buttons = [browser(user).get(f"/inbox/{lead.pk}/").content.decode() for user in (sam(), sia(), max_())]
    assert ['data-key="a"' in page for page in buttons] == [True, False, True]
    assert "Pass on" in mine
    assert "It is offered to Sam." in text(browser(sia()).get(f"/leads/{lead.pk}/"))
    assert "it is offered to Sam until" in text(browser(sia()).post(f"/inbox/{lead.pk}/accept/", follow=True))
    said = text(browser(sam()).post(f"/routing/offers/{lead.pk}/pass/", follow=True))
    assert "Nina North goes on to Sia." in said
    assert offered(lead) == sia()
    assert "nobody, and the managers know" in text(browser(sia()).post(f"/routing/offers/{lead.pk}/pass/", follow=True))
    for page in ("/inbox/", "/routing/"):
        assert "Nobody of the rule Everybody is left who has not had it" in text(browser(max_()).get(page))
    assert "nobody free" in text(browser(sam()).get("/inbox/"))
    assert 'data-key="a"' in browser(sam()).get(f"/inbox/{lead.pk}/").content.decode()


def test_a_lead_its_owner_does_not_answer_is_taken_over_from_my_work():
    for_all(sia())
    lead, late = an_sql(name="Nina North"), NOW + 3 * HOUR
    with time_machine.travel(late, tick=False):
        watch(late)
        page = browser(sia())
        shown = text(page.get("/work/"))
        for words in ("Offered to you 1", "Nina North", "now Sam's", "Sia is next in turn by the rule Everybody"):
            assert words in shown
        assert "Take it over" in text(page.get(f"/leads/{lead.pk}/"))
        assert "Offered to Sia until" in text(browser(sam()).get(f"/leads/{lead.pk}/"))
        done = text(page.post(f"/routing/offers/{lead.pk}/take/", follow=True))
        assert "Nina North is yours now." in done
        assert "Given to another owner" in done
        assert "Owner: Sia" in done
        again = text(page.post(f"/routing/offers/{lead.pk}/take/", follow=True))
        assert "is not offered to Sia any more" in again


def test_the_pages_take_the_same_number_of_queries_whatever_is_offered():
    a_rule(('when = "off"', 'when = "promotion"'))
    for_all(sam())
    lead = an_mql()
    page, addresses = browser(sam()), ("/inbox/", f"/leads/{lead.pk}/", "/work/")
    for address in addresses:
        queries(page, address)
    few = [queries(page, address) for address in addresses]
    for number in range(4):
        an_mql(email=f"a@firm{number}.example", company=f"Firm {number}")
    route(NOW)
    assert [queries(page, address) for address in addresses] == few


def test_a_leads_page_says_how_its_clocks_went():
    lead = an_mql()
    gate.accept(lead.pk, actor(sam()), NOW + HOUR / 2)
    work.log_touch(lead.pk, actor(sam()), NOW + 2 * HOUR, kind="call", reached=True)
    with time_machine.travel(NOW + 3 * HOUR, tick=False):
        page = text(browser(sam()).get(f"/leads/{lead.pk}/"))
        assert "Decision: met with 30 min left" in page
        assert "First response: met 1 h late" in page
        assert "7 h left" in page  # the follow-up that runs
        assert "met with 30 min left" in text(browser(sam()).get(f"/inbox/{lead.pk}/"))


def test_a_lead_that_a_rule_gives_to_somebody_else_is_said_to_go_there():
    a_rule(('when = "off"', 'when = "acceptance"'))
    for_all(sia())
    lead = an_mql(name="Nina North")
    assert "Nina North goes to Sia." in text(browser(sam()).post(f"/inbox/{lead.pk}/accept/", follow=True))
    page = text(browser(sam()).get(f"/leads/{lead.pk}/"))
    assert "Sia is next in turn by the rule Everybody" in page
