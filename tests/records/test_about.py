"""What is on record about somebody: every table is either told of, or declared to hold nothing about anybody."""

import msgspec
import pytest
from django.apps import apps
from django.db.models import JSONField, TextField

from assay.actions.signals import record_signals
from assay.domain.identity import IdentityKind
from assay.records.about import ABOUT, NOBODY, TEXTS, export, whom
from assay.records.models import (
    Backtest,
    ChatAddress,
    ConsentText,
    Erasure,
    Form,
    Identity,
    Import,
    Lead,
    LearnedModel,
    Notification,
    NotificationPreference,
    Offer,
    PolicyVersion,
    RoutingRule,
    Signal,
    Token,
    Upload,
    User,
    WebhookEndpoint,
    WriteKey,
)
from tests.actions.fullness import BROWSER, EMAIL, WORD, a_full_person
from tests.people import a_lead, a_signal

MODELS = list(apps.get_app_config("records").get_models())

OURS = {
    (Backtest, "result"),
    (Backtest, "error"),
    (PolicyVersion, "text"),
    (User, "password"),
    (Token, "scopes"),
    (WriteKey, "rules"),
    (WriteKey, "origins"),
    (Erasure, "counts"),
    (Import, "mapping"),
    (Import, "counts"),
    (Upload, "reading"),
    (Form, "fields"),
    (Form, "thanks"),
    (Form, "hosts"),
    (ConsentText, "text"),
    (RoutingRule, "countries"),
    (RoutingRule, "sizes"),
    (RoutingRule, "industries"),
    (RoutingRule, "sources"),
    (RoutingRule, "accounts"),
    (Offer, "why"),
    (WebhookEndpoint, "types"),
    (Notification, "details"),
    (NotificationPreference, "ways"),
    (NotificationPreference, "quiet_days"),
    (ChatAddress, "kinds"),
    (LearnedModel, "report"),
    (LearnedModel, "parameters"),
}
"""Columns for long texts that only this program or an admin writes."""

DERIVED = {
    "LeadText": {"words"},
    "SignalState": {"days"},
    "Score": {"missing"},
    "Prediction": {"reasons"},
    "CrmRecord": {"seen", "sent"},
}
"""Made from other columns of the same lead: what is missing of a fit are names of fields, a reason has only texts
that many leads share, and what was seen are digests."""


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_table_is_told_of_or_holds_nothing_about_anybody(model):
    assert (model in ABOUT) is not (model in NOBODY), f"Say in records/about.py what {model.__name__} holds of people"


def leads_to_somebody(model, seen=()) -> bool:
    """Whether a row refers to a person, a lead or an identity, by however many steps."""
    ends = {"Person", "Lead", "Identity"}
    for field in model._meta.concrete_fields:
        other = field.related_model if field.is_relation else None
        if other and (other.__name__ in ends or (other not in seen and leads_to_somebody(other, (*seen, model)))):
            return True
    return False


@pytest.mark.parametrize("model", list(NOBODY), ids=lambda model: model.__name__)
def test_what_holds_nothing_refers_to_nobody(model):
    assert not leads_to_somebody(model)


@pytest.mark.django_db
def test_somebody_has_rows_in_every_table_and_gets_them_all():
    some = whom(a_full_person().lead.person_id)
    empty = [table.__name__ for table in ABOUT if not some.rows(table).exists()]
    assert empty == []
    told = export(some)
    assert set(told) == {table.__name__ for table in ABOUT}
    assert all(len(told[table.__name__]) >= some.rows(table).count() for table in ABOUT)
    silent = {"Membership", "Pass", "Prediction", "SignalState", "PendingSignal", "Consent", "Escalation", "Offer"}
    silent |= {"CrmRecord", "Notification"}
    assert {table for table, rows in told.items() if WORD not in repr(rows).lower()} == silent
    assert msgspec.json.decode(msgspec.json.encode(told)).keys() == told.keys()


@pytest.mark.django_db
def test_where_they_are_named_elsewhere_only_that_is_told():
    full = a_full_person()
    told = export(whom(full.lead.person_id))
    [named] = [row for row in told["Lead"] if row["id"] == full.bystander.pk]
    assert set(named) == {"id", "facts"}
    assert "bob@other.example" not in repr(told)


@pytest.mark.django_db
def test_a_browser_that_is_nobodys_gets_its_own():
    record_signals([a_signal("page_view", visitor_id=BROWSER)], a_lead().captured_at)
    told = export(whom((IdentityKind.VISITOR, BROWSER)))
    assert set(told) == {"Identity", "Signal"}


@pytest.mark.django_db
def test_any_identity_leads_to_all_of_somebody():
    lead = a_full_person().lead
    by_number = whom(lead.person_id)
    assert whom((IdentityKind.EMAIL, EMAIL)) == by_number
    assert len(by_number.people) == 2
    assert Identity.objects.filter(pk__in=by_number.identities).count() == len(by_number.identities)
    assert Lead.objects.filter(pk__in=by_number.leads).count() == 2
    assert Signal.objects.filter(identity__in=by_number.identities).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_column_for_long_texts_is_searched_for_names(model):
    """Somebody may be named in a row that is about somebody else."""
    long = {field.name for field in model._meta.concrete_fields if isinstance(field, JSONField | TextField)}
    searched = set(TEXTS.get(model, ())) | {column for table, column in OURS if table is model}
    assert long - searched <= DERIVED.get(model.__name__, set())
