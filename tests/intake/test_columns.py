"""Columns: the names other systems use, the person's own word, and what is said when a file does not fit."""

import pytest

from assay.domain.errors import BadInput
from assay.domain.facts import COLUMNS
from assay.intake.columns import LEAD_FIELDS, SIGNAL_FIELDS, lead_mapping, parse_map, signal_mapping


def test_canonical_names_map_to_themselves():
    assert lead_mapping(LEAD_FIELDS) == {field: field for field in LEAD_FIELDS}
    assert signal_mapping(SIGNAL_FIELDS) == {field: field for field in SIGNAL_FIELDS}
    assert tuple(column.name for column in COLUMNS) == LEAD_FIELDS


HUBSPOT = {
    "lead_id": "Record ID",
    "email": "Email",
    "first_name": "First Name",
    "last_name": "Last Name",
    "title": "Job Title",
    "phone": "Phone Number",
    "company": "Company Name",
    "domain": "Website URL",
    "employees": "Number of Employees",
    "industry": "Industry",
    "country": "Country/Region",
    "revenue": "Annual Revenue",
    "source": "Original Source",
    "captured_at": "Create Date",
}
SALESFORCE = {
    "lead_id": "Id",
    "email": "Email",
    "first_name": "FirstName",
    "last_name": "LastName",
    "title": "Title",
    "phone": "Phone",
    "company": "Company",
    "domain": "Website",
    "employees": "NumberOfEmployees",
    "industry": "Industry",
    "country": "CountryCode",
    "revenue": "AnnualRevenue",
    "source": "LeadSource",
    "captured_at": "CreatedDate",
}
SALESFORCE_LABELS = {
    "lead_id": "Lead ID",
    "employees": "No. of Employees",
    "company": "Company / Account",
    "source": "Lead Source",
    "revenue": "Annual Revenue",
    "captured_at": "Create Date",
}
PIPEDRIVE = {
    "lead_id": "Lead - ID",
    "name": "Person - Name",
    "email": "Person - Email - Work",
    "phone": "Person - Phone - Work",
    "company": "Organization - Name",
    "title": "Person - Job title",
    "source": "Lead - Source",
    "captured_at": "Lead - Lead created",
}
SEGMENT = {
    "lead_id": "userId",
    "email": "traits.email",
    "first_name": "traits.firstName",
    "last_name": "traits.lastName",
    "title": "traits.title",
    "phone": "traits.phone",
    "company": "traits.company.name",
    "industry": "traits.company.industry",
    "employees": "traits.company.employee_count",
    "country": "traits.address.country",
}
BY_HAND = {
    "email": "E-mail",
    "title": "Job title",
    "employees": "No. of Employees",
    "domain": "Website",
    "phone": "Tel.",
    "name": "Full name",
    "captured_at": "created_at",
    "campaign": "utm_campaign",
}


@pytest.mark.parametrize("names", [HUBSPOT, SALESFORCE, SALESFORCE_LABELS, PIPEDRIVE, SEGMENT, BY_HAND])
def test_exports_of_other_systems_are_understood(names):
    assert lead_mapping([*names.values(), "Something else"]) == names


@pytest.mark.parametrize(
    "names",
    [
        {
            "message_id": "messageId",
            "at": "timestamp",
            "kind": "event",
            "lead_id": "userId",
            "visitor_id": "anonymousId",
            "url": "context.page.url",
        },
        {
            "message_id": "id",
            "at": "original_timestamp",
            "kind": "event",
            "lead_id": "user_id",
            "visitor_id": "anonymous_id",
        },
        {"at": "Activity date", "kind": "Activity type", "email": "E-mail"},
        {"at": "Time", "kind": "Event name", "email": "Recipient", "url": "Page URL", "bot": "Is bot?"},
    ],
)
def test_event_logs_are_understood(names):
    assert signal_mapping([*names.values(), "Something else"]) == names


def test_of_several_the_own_name_wins_then_the_more_telling_then_the_first():
    mapping = lead_mapping(["Mobile", "Business phone", "phone", "E-mail address", "Email", "Id", "ID 2", "Record ID"])
    assert mapping == {"phone": "phone", "email": "Email", "lead_id": "Record ID"}
    assert mapping.passed_over == {
        "phone": ["Business phone", "Mobile"],
        "email": ["E-mail address"],
        "lead_id": ["Id"],
    }
    assert lead_mapping(["EMail", "E-Mail"]) == {"email": "EMail"}


def test_what_a_person_says_wins_and_is_not_used_twice():
    mapping = lead_mapping(["Email", "Billing email", "Company"], {"email": "Billing email", "name": "Company"})
    assert mapping == {"email": "Billing email", "name": "Company"}
    assert lead_mapping(["Email", "Billing email"], ["email=Billing email"]) == {"email": "Billing email"}


def test_only_what_a_person_says_where_that_is_all_there_is():
    assert lead_mapping(["Email", "Name"], {"email": "Email"}, only=True) == {"email": "Email"}
    assert signal_mapping(["at", "kind", "email", "url"], ["at=at", "kind=kind", "email=email"], only=True) == {
        field: field for field in ("at", "kind", "email")
    }


def test_one_column_may_be_two_fields_when_a_person_says_so():
    assert lead_mapping(["Account"], ["name=Account", "company=Account"]) == {"name": "Account", "company": "Account"}


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("lead_id=Lead Number", {"lead_id": "Lead Number"}),
        ("Lead Number=lead_id", {"lead_id": "Lead Number"}),
        ("Lead-ID=lead number", {"lead_id": "Lead Number"}),
        ("name=email", {"name": "email"}),  # both ways make sense: FIELD=COLUMN
        ("company=a=b", {"company": "a=b"}),
        ("a=b=company", {"company": "a=b"}),
    ],
)
def test_a_map_is_field_then_column_or_the_other_way_where_only_that_makes_sense(text, pair):
    assert parse_map([text], ["Lead Number", "email", "name", "a=b"], LEAD_FIELDS) == pair


@pytest.mark.parametrize(
    ("texts", "code", "says"),
    [
        (["email=Mial"], "unknown_column", 'Did you mean "Mail"?'),
        (["email=zzzz"], "unknown_column", "There is: Mail, Firm."),
        (["e_mial=Mail"], "unknown_field", 'Did you mean "email"?'),
        (["zzzz=yyyy"], "unknown_field", "lead_id, email, name"),
        (["email"], "bad_map", "--map FIELD=COLUMN"),
        (["email=Mail", "email=Firm"], "mapped_twice", "Keep one"),
    ],
)
def test_a_map_that_names_nothing_says_what_there_is(texts, code, says):
    with pytest.raises(BadInput) as caught:
        lead_mapping(["Mail", "Firm"], texts)
    assert caught.value.code == code
    assert says in caught.value.hint


def test_overrides_of_a_form_are_checked_as_well():
    with pytest.raises(BadInput) as caught:
        lead_mapping(["Mail"], {"email": "Nail"})
    assert caught.value.code == "unknown_column"


@pytest.mark.parametrize("columns", [["lead_id"], ["email"], ["phone"], ["name"], ["first_name"], ["Last name"]])
def test_one_column_that_says_who_is_enough(columns):
    assert list(lead_mapping(columns).values()) == columns


def test_a_lead_file_without_anyone_in_it():
    with pytest.raises(BadInput) as caught:
        lead_mapping(["Ref", "Industry"])
    assert caught.value.code == "wrong_columns"
    assert "Ref, Industry" in caught.value.sentence
    assert "--map" in caught.value.hint


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (["kind", "email"], "missing: at."),
        (["at", "email"], "missing: kind."),
        (["at", "kind", "phone"], "missing: lead_id, email or visitor_id."),
        (["x"], "missing: at, kind, lead_id, email or visitor_id."),
    ],
)
def test_a_signal_file_needs_when_what_and_who(columns, missing):
    with pytest.raises(BadInput) as caught:
        signal_mapping(columns)
    assert caught.value.code == "wrong_columns"
    assert missing in caught.value.sentence
    assert "Found: " in caught.value.sentence
    assert "--map" in caught.value.hint
