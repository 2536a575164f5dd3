"""However a lead comes to be known by another name, the search finds it by that, and by the old one no more."""

import pytest

from assay.actions.actors import INTAKE, actor
from assay.actions.capture import capture
from assay.actions.edits import correct
from assay.actions.imports import import_leads
from assay.actions.undo import undo_import
from assay.actions.writing import in_transaction
from assay.domain.rows import LeadRow
from assay.records.models import Lead, LeadText
from assay.records.words import matching, words_of_lead
from tests.people import NOW, a_lead, a_row, mara

pytestmark = pytest.mark.django_db


def found(text: str) -> set[int]:
    return set(Lead.objects.filter(matching(text)).values_list("pk", flat=True))


def comes_in(*rows: LeadRow) -> None:
    in_transaction(lambda: capture(rows, INTAKE, NOW))


@pytest.fixture(autouse=True)
def filed() -> object:
    """Whatever a test does, each lead is filed once, under what is known of it in the end."""
    yield
    leads = Lead.objects.select_related("person", "company")
    assert dict(LeadText.objects.values_list("pk", "words")) == {lead.pk: words_of_lead(lead) for lead in leads}


def test_a_new_lead():
    lead = a_lead(name="Nina North")
    assert found("nina") == {lead.pk}


def test_a_name_that_came_later():
    lead = a_lead(name=None, title=None, email="nn@north.example")
    assert found("nina") == set()
    comes_in(a_row("nn@north.example", name="Nina North"))
    assert found("nina") == {lead.pk}


def test_a_company_named_by_a_later_row_names_it_for_all_its_people():
    leads = [a_lead(email=f"{name}@nw.example", company=None) for name in ("a", "b")]
    comes_in(a_row("b@nw.example", company="Northwind Traders"))
    assert found("northwind") == {lead.pk for lead in leads}


def test_a_corrected_name_and_a_corrected_company():
    nina, nils = a_lead(name="Nnia North"), a_lead(name="Nils North")
    correct(nina.pk, actor(mara()), NOW, {"person.name": "Nina North", "company.name": "Southwind"})
    assert found("nnia") == set()
    assert found("nina") == {nina.pk}
    assert found("southwind") == {nina.pk, nils.pk}


def test_an_address_that_brings_a_company():
    lead = a_lead(email=None, name="Nina North", lead_id="17", company=None)
    correct(lead.pk, actor(mara()), NOW, {"person.email": "nina@northwind.example"})
    assert found("northwind.example") == {lead.pk}


def test_an_import_that_is_undone():
    known = a_lead(name=None, email="nn@north.example")
    rows = [a_row("nn@north.example", name="Nina North"), a_row("new@north.example", name="Ned New")]
    source = import_leads(rows, "file.csv", {}, actor(mara()), NOW)
    assert found("nina") == {known.pk}
    assert len(found("ned")) == 1
    undo_import(source.pk, actor(mara()), NOW)
    assert found("nina") == found("ned") == set()
    assert found("nn@north") == {known.pk}
