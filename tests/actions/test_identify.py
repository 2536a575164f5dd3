"""Who is who: visits join people, people become one where their ids say so, and a shared device is nobody's proof."""

from datetime import timedelta
from typing import Any

import pytest

from assay.actions.actors import INTAKE
from assay.actions.capture import capture
from assay.actions.scoring import refolded, states_of
from assay.domain.ladder import Rung
from assay.records.models import Company, Identity, Lead, Membership, Merge, Person, Quarantine
from tests.actions.events import (
    alias,
    counted,
    group,
    happened,
    kinds_of,
    lead_of,
    owner_of,
    people,
    said_to_be,
    take_in,
    use,
    visit,
)
from tests.people import NOW, a_lead, a_lead_on, a_row, an_mql

pytestmark = pytest.mark.django_db

NINA = "nina@north.example"


def assert_scores_are_those_of_a_recount() -> None:
    """What was counted one by one is what the log says."""
    leads = list(Lead.objects.values_list("pk", flat=True))
    assert states_of(leads) == refolded(leads, NOW)


# --- visits join ---------------------------------------------------------------------------------


def test_a_visit_is_nobodys_until_somebody_says_who_it_was() -> None:
    assert happened(visit("v1"), visit("v1", "demo_request")) == (2, 0, ())
    assert not Person.objects.exists()
    done = happened(said_to_be("u1", "v1", email="Nina@North.example", name="Nina North", title="CEO"))
    assert (done.signals, done.leads) == (1, 1)
    nina = lead_of("v1")
    assert people() == {frozenset({"v1", "u1", NINA})}
    assert kinds_of(nina) == {"pricing_view": 1, "demo_request": 1}
    assert (nina.person.name, nina.person.title, nina.person.email) == ("Nina North", "CEO", "Nina@North.example")
    assert (nina.source.name, nina.rung) == ("Website", Rung.LEAD)
    assert nina.intent > 0


def test_so_do_visits_of_long_ago_and_those_to_come() -> None:
    long_ago = (NOW - timedelta(days=9)).isoformat()
    happened(visit("v1", timestamp=long_ago))
    happened(said_to_be("u1", "v1"))
    happened(visit("v1"), use("u1"))
    assert kinds_of(lead_of("u1")) == {"pricing_view": 3}
    assert_scores_are_those_of_a_recount()


def test_in_one_batch_the_order_does_not_matter() -> None:
    happened(visit("v1"), use("u1"), said_to_be("u1", "v1", email=NINA), visit("v1"))
    assert kinds_of(lead_of(NINA)) == {"pricing_view": 3}


def test_visits_that_wait_are_counted_once_however_late_the_scorer_comes() -> None:
    take_in(visit("v1"), said_to_be("u1", "v1"), visit("v1"))
    for _ in range(5):
        counted(most=1)
    assert kinds_of(lead_of("u1")) == {"pricing_view": 2}
    assert_scores_are_those_of_a_recount()


def test_whoever_is_known_by_the_id_alone_is_somebody() -> None:
    happened(said_to_be("u1"))
    assert people() == {frozenset({"u1"})}
    assert not Quarantine.objects.exists()


def test_a_visitor_who_says_a_name_is_somebody_and_one_who_says_nothing_is_not() -> None:
    happened(said_to_be(visitor="v1", name="Nina North"), said_to_be(visitor="v2", plan="free"))
    assert owner_of("v1")
    assert Person.objects.get().name == "Nina North"
    assert not Identity.objects.filter(value="v2").exclude(person=None)


def test_two_visitors_are_one_person() -> None:
    happened(visit("phone"), visit("laptop"), visit("laptop"))
    happened(said_to_be("u1", "phone"))
    happened(said_to_be("u1", "laptop"))
    assert owner_of("phone") == owner_of("laptop") == owner_of("u1")
    assert kinds_of(lead_of("u1")) == {"pricing_view": 3}


def test_an_alias_joins_what_came_before() -> None:
    happened(visit("v1"), visit("v1"))
    happened(alias("v1", "u1"))
    assert owner_of("u1")
    assert kinds_of(lead_of("u1")) == {"pricing_view": 2}


def test_an_alias_of_a_visitor_of_whom_nothing_came_yet_waits_for_them() -> None:
    happened(said_to_be("u1"))
    happened(alias("v1", "u1"))
    happened(visit("v1"))
    assert kinds_of(lead_of("u1")) == {"pricing_view": 1}


@pytest.mark.parametrize("previous", ["u0", "old@north.example"])
def test_an_alias_joins_an_earlier_id_or_address_whoever_came_first(previous: str) -> None:
    happened(alias(previous, "u1"))
    happened(use(previous))
    assert kinds_of(lead_of("u1")) == {"pricing_view": 1}


def test_an_alias_of_two_people_makes_them_one_even_where_both_are_users() -> None:
    """The sender says outright that one id followed the other."""
    happened(said_to_be("u0", name="Nina"), use("u0"))
    happened(said_to_be("u1"), use("u1"))
    happened(alias("u0", "u1"))
    assert owner_of("u0") == owner_of("u1")
    assert kinds_of(lead_of("u1")) == {"pricing_view": 2}


# --- a shared device -----------------------------------------------------------------------------


def test_a_shared_device_does_not_make_two_people_one() -> None:
    happened(visit("tablet"))
    happened(said_to_be("u1", "tablet", email=NINA))
    happened(said_to_be("u2", "tablet", email="sam@south.example"))
    assert people() == {frozenset({"u1", NINA, "tablet"}), frozenset({"u2", "sam@south.example"})}
    assert kinds_of(lead_of("u1")) == {"pricing_view": 1}
    assert kinds_of(lead_of("u2")) == {}


def test_nor_does_another_address_on_it() -> None:
    happened(said_to_be(visitor="tablet", email=NINA))
    happened(said_to_be(visitor="tablet", email="sam@south.example"))
    assert people() == {frozenset({NINA, "tablet"}), frozenset({"sam@south.example"})}


def test_nor_an_alias_of_it() -> None:
    happened(said_to_be("u1", "tablet"), said_to_be("u2"))
    happened(alias("tablet", "u2"))
    assert people() == {frozenset({"u1", "tablet"}), frozenset({"u2"})}


def test_what_a_known_browser_adds_is_of_its_person() -> None:
    happened(said_to_be(visitor="v1", email=NINA))
    happened(said_to_be("u1", "v1", title="CEO"))
    assert people() == {frozenset({NINA, "v1", "u1"})}
    assert lead_of("u1").person.title == "CEO"


# --- two people who are one ----------------------------------------------------------------------


def test_a_user_id_and_an_address_of_two_people_make_them_one() -> None:
    older = a_lead(email=NINA)
    happened(use(NINA), said_to_be("u1", "v1", company="North"), use("u1"), visit("v1"))
    assert Lead.objects.count() == 2
    happened(said_to_be("u1", email=NINA))
    assert people() == {frozenset({NINA, "u1", "v1"})}
    assert lead_of("u1") == older
    assert kinds_of(older) == {"pricing_view": 3}
    gone = Lead.objects.exclude(pk=older.pk).get()
    assert (gone.rung, kinds_of(gone)) == (Rung.DISQUALIFIED, {})
    assert_scores_are_those_of_a_recount()


def test_two_users_do_not_become_one_by_an_address() -> None:
    happened(said_to_be("u1", email=NINA), said_to_be("u2", email="sam@south.example"))
    before = people()
    happened(said_to_be("u1", email="sam@south.example"))
    assert people() == before
    [row] = Quarantine.objects.all()
    assert row.code == "two_people"
    assert "two people" in row.sentence
    assert not Merge.objects.exists()


def test_nor_do_two_on_whom_sales_works() -> None:
    one, other = a_lead_on(Rung.SQL, email=NINA), a_lead_on(Rung.SQL, email="sam@south.example")
    happened(said_to_be("u1", email=NINA))
    happened(said_to_be("u1", email="sam@south.example"))
    assert Quarantine.objects.get().code == "both_worked_on"
    assert owner_of(NINA) == one.person_id
    assert owner_of("sam@south.example") == other.person_id


def test_the_one_further_on_the_ladder_stays() -> None:
    happened(said_to_be("u1", title="CEO"))
    worked_on = a_lead_on(Rung.SQL, email=NINA)
    happened(said_to_be("u1", email=NINA))
    assert lead_of("u1") == worked_on


def test_what_else_is_said_in_the_same_batch_goes_to_the_one_they_became() -> None:
    """Nina is known by two addresses when her user id joins one of them; the other brings her title and a new id."""
    happened(said_to_be("u1", title="CEO"))
    [row] = [a_row(NINA, title=None, lead_id="A-1")]
    capture([row], INTAKE, NOW)
    Identity.objects.create(kind="email", value="n@north.example", person_id=owner_of(NINA), created_at=NOW)
    Person.objects.filter(email=NINA).update(phone="")
    happened(said_to_be("u1", email=NINA), said_to_be(visitor="v9", email="n@north.example", phone="+33 1 23 45 67 89"))
    nina = lead_of("u1")
    assert owner_of("v9") == owner_of("n@north.example") == owner_of("u1") == nina.person_id
    assert nina.person.phone
    happened(visit("v9"))
    assert kinds_of(nina) == {"pricing_view": 1}


def test_three_become_one_in_one_batch() -> None:
    happened(said_to_be("u1"), said_to_be(visitor="v2", email=NINA), said_to_be(visitor="v3", email="n@south.example"))
    assert Lead.objects.count() == 3
    happened(
        said_to_be("u1", email=NINA), said_to_be("u1", email="n@south.example"), use("u1"), visit("v2"), visit("v3")
    )
    assert people() == {frozenset({"u1", NINA, "n@south.example", "v2", "v3"})}
    assert kinds_of(lead_of("u1")) == {"pricing_view": 3}
    assert_scores_are_those_of_a_recount()


# --- what is known of them -----------------------------------------------------------------------


def test_known_people_are_filled_and_never_overwritten() -> None:
    nina = a_lead(email=NINA, name="Nina North", title=None, employees=None)
    happened(said_to_be("u1", email=NINA, name="Somebody Else", title="CEO", employees=40))
    nina.refresh_from_db()
    assert (nina.person.name, nina.person.title, nina.facts["company.employees"]) == ("Nina North", "CEO", 40)


def test_traits_are_read_as_the_columns_of_a_file_are() -> None:
    traits: dict[str, Any] = {
        "firstName": "Nina",
        "lastName": "North",
        "jobTitle": "Head of IT",
        "company": {"name": "North", "employee_count": "1,200", "industry": "Software"},
        "address": {"country": "France"},
        "plan": "team",
        "seats": 12,
        "vip": True,
        "formula": "=HYPERLINK(1)",
        "tags": ["a"],
    }
    happened(said_to_be("u1", email=NINA, **traits))
    nina = lead_of("u1")
    assert (nina.person.name, nina.person.title) == ("Nina North", "Head of IT")
    facts = nina.facts
    assert (facts["company.name"], facts["company.industry"], facts["company.country"]) == ("North", "Software", "FR")
    assert facts["company.employees"] == 1200
    assert (facts["lead.plan"], facts["lead.seats"], facts["lead.vip"]) == ("team", 12, True)
    assert not {"lead.formula", "lead.tags"} & facts.keys()


def test_the_campaign_of_the_visit_is_the_leads() -> None:
    context = {"campaign": {"name": "Autumn", "source": "search"}}
    take_in({**said_to_be("u1", email=NINA), "context": context})
    counted()
    campaign = lead_of("u1").campaign
    assert not campaign or campaign.name == "Autumn"


# --- companies -----------------------------------------------------------------------------------


def test_a_mail_domain_makes_a_company_and_free_mail_makes_none() -> None:
    happened(said_to_be("u1", email=NINA), said_to_be("u2", email="eve@gmail.com"))
    assert [company.domain for company in Company.objects.all()] == ["north.example"]
    assert lead_of("u1").company == Company.objects.get()
    assert lead_of("u2").company is None


@pytest.mark.parametrize("first", [True, False])
def test_a_group_call_makes_a_company_before_or_after_the_person(first: bool) -> None:
    calls: list[dict[str, Any]] = [said_to_be("u1", email="eve@gmail.com")]
    calls.insert(0 if first else 1, group("acme.example", "u1", name="Acme", industry="Mining", size=70))
    for call in calls:
        happened(call)
    lead = lead_of("u1")
    assert lead.company
    assert (lead.company.domain, lead.company.name, lead.company.employees) == ("acme.example", "Acme", 70)
    assert Membership.objects.filter(person=lead.person).count() == 1


@pytest.mark.parametrize("together", [True, False])
def test_what_a_browser_said_of_its_company_holds_once_it_is_known_whose_it_is(together: bool) -> None:
    calls = [group("acme.example", visitor="v1", name="Acme", size=70), said_to_be("u1", "v1", email="eve@gmail.com")]
    if together:
        happened(*calls)
    else:
        for call in calls:
            happened(call)
    counted()
    company = lead_of("u1").company
    assert company
    assert (company.domain, company.name, company.employees) == ("acme.example", "Acme", 70)
    assert not counted().signals, "and then nothing is left to say"


def test_a_group_that_is_no_domain_says_its_website() -> None:
    happened(
        said_to_be("u1", email="eve@gmail.com"), group("g-1", "u1", name="Acme", website="https://www.acme.example/")
    )
    company = lead_of("u1").company
    assert company
    assert company.domain == "acme.example"


def test_the_email_of_a_group_is_not_the_persons() -> None:
    happened(group("acme.example", "u1", email="info@acme.example"), said_to_be("u1", email=NINA))
    assert lead_of("u1").person.email == NINA


def test_colleagues_meet_in_their_company() -> None:
    happened(
        said_to_be("u1", email=NINA), said_to_be("u2", email="ole@north.example"), said_to_be("u3", email="x@y.example")
    )
    assert Membership.objects.filter(company__domain="north.example").count() == 2


# --- what cannot be carried out ------------------------------------------------------------------


@pytest.mark.parametrize(
    "traits",
    [
        {"name": "x" * 5_000},
        {"title": "x" * 400},
        {"employees": 10**400},
        {"employees": -1e308},
        {"phone": "x" * 200},
        {"company": {"name": {"a": {"b": {"c": {"d": 1}}}}}},
        {"a" * 2_000: 1},
        {"email": NINA, "Email": "other@north.example"},
        {"createdAt": "yesterday", "created_at": 5},
        {"": "x"},
        {"first_name": "\t", "name": " "},
        {"address": "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace")},
    ],
    ids=range(12),
)
def test_odd_traits_hold_up_nobody(traits: dict[str, Any]) -> None:
    happened(said_to_be("u1", **traits), said_to_be("u2", email="sam@south.example"), use("u2"))
    assert kinds_of(lead_of("u2")) == {"pricing_view": 1}
    assert {row.code for row in Quarantine.objects.all()} <= {"too_long", "bad_number", "bad_text", "not_a_number"}


def test_a_promotion_comes_with_the_signals_that_joined() -> None:
    a_lead(email=NINA)
    happened(visit("v1", "demo_request"))
    [promoted] = happened(said_to_be("u1", "v1", email=NINA)).promoted
    assert Lead.objects.get(pk=promoted).rung == Rung.MQL


def test_merging_an_mql_keeps_it_one() -> None:
    mql = an_mql(email=NINA)
    happened(said_to_be("u1"), use("u1"))
    happened(said_to_be("u1", email=NINA))
    mql.refresh_from_db()
    assert mql.rung == Rung.MQL
