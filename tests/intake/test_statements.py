"""Identify, group and alias calls as they were kept become statements, or a sentence on why not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import AssayError
from assay.domain.statements import Statement
from assay.intake.statements import read_statement
from assay.records.models import Campaign, Signal, Source, WriteKey

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
KEY = WriteKey(name="Shop", key="k", source=Source(name="Shop"), campaign=Campaign(name="Spring"), created_at=NOW)


def read(kind: str = "identify", key: WriteKey | None = None, ids: object = None, **properties: Any) -> Statement:
    """What a kept call says."""
    said = {"ids": {"user_id": "u1"} if ids is None else ids, **properties}
    return read_statement(Signal(kind=kind, at=NOW, received_at=NOW, properties=said, key=key))


def test_ids_are_told_apart_from_the_browser() -> None:
    said = read(ids={"user_id": "u1", "email": "nina@north.example", "visitor_id": "v1"})
    assert said.strong == (("user", "u1"), ("email", "nina@north.example"))
    assert said.browser == ("visitor", "v1")
    assert said.previous == ()
    assert (said.row.user_id, said.row.email_key, said.row.lead_id) == ("u1", "nina@north.example", None)
    assert said.row.captured_at == NOW


@pytest.mark.parametrize(
    ("previous", "may_be"),
    [
        ("v1", (("user", "v1"), ("visitor", "v1"))),
        ("A@B.example", (("email", "a@b.example"), ("user", "A@B.example"), ("visitor", "A@B.example"))),
    ],
)
def test_an_earlier_id_is_all_it_may_be(previous: str, may_be: tuple[tuple[str, str], ...]) -> None:
    assert read("alias", ids={"user_id": "u1", "previous_id": previous}).previous == may_be


def test_source_and_campaign_are_the_keys_unless_the_address_named_a_campaign() -> None:
    assert (read().row.source, read().row.campaign) == ("Website", None)
    assert (read(key=KEY).row.source, read(key=KEY).row.campaign) == ("Shop", "Spring")
    assert read(key=KEY, utm_campaign=" Autumn ").row.campaign == "Autumn"
    assert read(traits={"source": "Forged", "campaign": "Forged", "lead_id": "L-1"}).row.source == "Website"
    assert read(traits={"lead_id": "L-1"}).row.lead_id is None


def test_a_key_may_leave_the_source_to_the_visit() -> None:
    key = WriteKey(name="Shop", key="k", source=KEY.source, campaign=KEY.campaign, source_of_visit=True, created_at=NOW)
    said = read(key=key, entry_referrer="https://claude.ai/").row
    assert (said.source, said.campaign) == ("Claude (assistant)", None)
    assert (read(key=key).row.source, read(key=key).row.campaign) == ("Shop", "Spring")
    assert read(key=KEY, entry_referrer="https://claude.ai/").row.source == "Shop"


def test_the_company_is_that_of_the_address_unless_free_mail() -> None:
    assert read(ids={"email": "nina@north.example"}).row.domain == "north.example"
    assert read(ids={"email": "nina@gmail.com"}).row.domain is None
    assert read("group", ids={"user_id": "u1", "group_id": "acme.example"}).row.domain == "acme.example"
    assert read("group", ids={"user_id": "u1", "group_id": "g-1"}).row.domain is None


def test_traits_of_a_group_are_the_companys() -> None:
    said = read(
        "group", ids={"user_id": "u1", "group_id": "g"}, traits={"name": "Acme", "size": 7, "email": "i@a.example"}
    )
    assert (said.row.company, said.row.employees, said.row.full_name, said.row.email) == ("Acme", 7, "", None)


@pytest.mark.parametrize("ids", [[1], "u1", 5, True])
def test_what_was_never_a_call_is_told_so(ids: object) -> None:
    with pytest.raises(AssayError) as why:
        read(ids=ids)
    assert why.value.code == "no_statement"


TRAITS = st.dictionaries(
    st.sampled_from(
        ["name", "email", "title", "phone", "employees", "company", "address", "website", "created_at", "x"]
    )
    | st.text(max_size=10),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=400) | st.just(10**400),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=6,
)


@given(kind=st.sampled_from(["identify", "group", "alias"]), traits=TRAITS)
def test_whatever_the_traits_are_it_is_read_or_refused_in_a_sentence(kind: str, traits: dict[str, Any]) -> None:
    ids = {"user_id": "u1", "group_id": "acme.example", "previous_id": "v1"}
    try:
        row = read(kind, ids=ids, traits=traits).row
    except AssayError as error:
        told = (error.code, str(error))
    else:
        told = (row.user_id or "", row.source or "")
    assert all(told)
