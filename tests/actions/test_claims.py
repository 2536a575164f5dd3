"""Identities that were nobody's are given to a person, with all they did before."""

import pytest

from assay.actions.claims import claim, claim_all
from assay.domain.identity import IdentityKind
from assay.records.models import Identity, Membership
from tests.actions.events import counted, group, happened, kinds_of, owner_of, take_in, visit
from tests.people import NOW, a_lead

pytestmark = pytest.mark.django_db

V1, V2 = (IdentityKind.VISITOR, "v1"), (IdentityKind.VISITOR, "v2")


def test_what_was_done_before_counts() -> None:
    happened(visit("v1"), visit("v1"), visit("v2"))
    lead = a_lead()
    assert claim(lead.person_id, [V1, V2], NOW) == [lead.pk]
    assert kinds_of(lead) == {"pricing_view": 3}


def test_what_still_waits_is_left_to_the_scorer() -> None:
    happened(visit("v1"))
    take_in(visit("v1"))
    lead = a_lead()
    claim(lead.person_id, [V1], NOW)
    assert kinds_of(lead) == {"pricing_view": 1}
    counted()
    assert kinds_of(lead) == {"pricing_view": 2}


def test_an_identity_that_did_nothing_yet_is_remembered() -> None:
    lead = a_lead()
    assert claim(lead.person_id, [V1], NOW) == []
    happened(visit("v1"))
    assert kinds_of(lead) == {"pricing_view": 1}


def test_what_is_somebodys_stays_theirs() -> None:
    one, other = a_lead(), a_lead()
    claim(one.person_id, [V1], NOW)
    happened(visit("v1"))
    assert claim(other.person_id, [V1], NOW) == []
    assert owner_of("v1") == one.person_id
    assert kinds_of(other) == {}


def test_of_two_who_claim_one_at_once_the_first_gets_it() -> None:
    one, other = a_lead(), a_lead()
    claim_all({one.person_id: [V1, V2], other.person_id: [V1]}, NOW)
    assert owner_of("v1") == owner_of("v2") == one.person_id


def test_claiming_twice_changes_nothing() -> None:
    happened(visit("v1"))
    lead = a_lead()
    claim(lead.person_id, [V1], NOW)
    assert claim(lead.person_id, [V1], NOW) == []
    assert kinds_of(lead) == {"pricing_view": 1}
    assert Identity.objects.filter(value="v1").count() == 1


def test_what_a_browser_said_of_its_company_holds_for_whoever_turns_out_to_use_it() -> None:
    happened(group("acme.example", visitor="v1", name="Acme", size=70))
    lead = a_lead()
    claim(lead.person_id, [V1], NOW)
    counted()
    assert Membership.objects.get(person=lead.person, company__domain="acme.example").company.employees == 70
    assert not counted().signals
