"""What there is once: a signal, an identity, a key of each desk, a source's name."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from assay.actions.actors import actor
from assay.actions.policies import sign
from assay.domain.ladder import Desk
from assay.policies import shipped
from assay.records.models import (
    Campaign,
    Company,
    Identity,
    Membership,
    PolicyKey,
    PolicyVersion,
    Signal,
    Source,
    User,
    VisitCount,
)
from tests.people import NOW, a_lead, an_mql, mara, max_, sam

pytestmark = pytest.mark.django_db


def test_a_message_is_stored_once() -> None:
    an_mql()
    signal = Signal.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signal.objects.create(
            message_id=signal.message_id, identity=signal.identity, kind="page_view", at=NOW, received_at=NOW
        )


def test_an_identity_leads_to_one_person() -> None:
    one, other = a_lead(), a_lead()
    known = Identity.objects.get(person=one.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(kind=known.kind, value=known.value, person=other.person, created_at=NOW)


def test_the_same_text_may_identify_in_two_ways() -> None:
    known = Identity.objects.get(person=a_lead().person)
    Identity.objects.create(kind="visitor", value=known.value, created_at=NOW)
    assert Identity.objects.filter(value=known.value).count() == 2


def test_a_company_is_its_domain_and_a_person_joins_it_once() -> None:
    lead = a_lead()
    assert lead.company is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.create(domain=lead.company.domain, created_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=lead.person, company=lead.company)


def test_an_address_signs_in_one_user() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(sam().email, "rep")


@pytest.mark.parametrize("name", ["Web", "web", "WEB"])
def test_a_source_and_its_campaign_have_one_spelling(name: str) -> None:
    source = Source.objects.create(name="Web")
    Campaign.objects.create(source=source, name="Web")
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(name=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.create(source=source, name=name)


def test_two_sources_may_name_a_campaign_alike() -> None:
    for name in ("Web", "Fair"):
        Campaign.objects.create(source=Source.objects.create(name=name), name="Spring")
    assert Campaign.objects.count() == 2


@pytest.mark.parametrize("with_campaign", [True, False])
def test_the_visitors_of_a_day_are_counted_once(with_campaign: bool) -> None:
    source = Source.objects.create(name="Web")
    campaign = Campaign.objects.create(source=source, name="Spring") if with_campaign else None
    for refused in (False, True):
        count: dict[str, Any] = {"day": NOW.date(), "source": source, "campaign": campaign, "visitors": 3}
        if not refused:
            VisitCount.objects.create(**count)
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitCount.objects.create(**count)


# --- The two keys of a policy --------------------------------------------------------------------


@pytest.fixture
def signed_by_mara(db: None) -> PolicyVersion:
    return sign(shipped("saas"), actor(mara()), Desk.MARKETING, NOW)


def test_a_desk_has_one_key(signed_by_mara: PolicyVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyKey.objects.create(policy=signed_by_mara, desk=Desk.MARKETING, by=max_(), at=NOW)


def test_a_person_has_one_key(signed_by_mara: PolicyVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyKey.objects.create(policy=signed_by_mara, desk=Desk.SALES, by=mara(), at=NOW)


@pytest.mark.parametrize("desk", [Desk.POLICY, Desk.INTAKE, "kitchen"])
def test_only_marketing_and_sales_have_keys(signed_by_mara: PolicyVersion, desk: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyKey.objects.create(policy=signed_by_mara, desk=desk, by=max_(), at=NOW)
