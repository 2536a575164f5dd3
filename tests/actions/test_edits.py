"""Correcting what is known of somebody: kept with what it said before, scored anew, and an answer to a rejection."""

from datetime import timedelta

import pytest

from assay.actions.actors import actor
from assay.actions.edits import correct
from assay.actions.gate import reject
from assay.actions.roles import set_role
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.errors import AssayError, BadInput, MoveRefused, NotFound, Refused
from assay.domain.facts import Value
from assay.domain.ladder import Rung
from assay.records.models import Answer, Decision, Edit, Lead, Membership
from tests.people import NOBODY, NOW, a_lead, a_signal, an_mql, an_sql, mara, max_, observe, sam, sia

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def again(lead: Lead) -> Lead:
    """The lead as it is now."""
    return Lead.objects.select_related("person", "company", "score").get(pk=lead.pk)


def test_a_correction_keeps_what_was_said_before():
    lead = a_lead(title="Planner")
    [edit] = correct(lead.pk, actor(mara()), LATER, {"person.title": "  Head of   Planning "})
    assert (edit.field, edit.before, edit.after) == ("person.title", "Planner", "Head of Planning")
    assert (edit.lead, edit.by, edit.by_name, edit.at) == (lead, mara(), "Mara", LATER)
    assert list(Edit.objects.all()) == [edit]
    assert again(lead).person.title == "Head of Planning"


def test_the_score_follows_in_the_same_act():
    lead = a_lead(title="Planner")
    assert lead.fit == 75
    correct(lead.pk, actor(mara()), LATER, {"person.title": "CEO"})
    now = again(lead)
    assert (now.fit, now.score.as_of) == (100, LATER)
    assert "Can decide: CEO (+25)" in [part["sentence"] for part in now.score.parts]


def test_who_crosses_the_threshold_by_it_goes_to_the_gate():
    lead = observe(a_lead(employees=None, industry=None, budget=None), "demo_request")
    assert lead.rung == Rung.LEAD
    correct(lead.pk, actor(mara()), LATER, {"company.employees": 120, "company.industry": "Software"})
    assert again(lead).rung == Rung.MQL


def test_what_is_the_same_is_no_correction():
    lead = a_lead()
    assert (
        correct(lead.pk, actor(mara()), LATER, {"company.employees": 120, "person.title": "Head of Operations"}) == []
    )
    assert again(lead).score.as_of == NOW


def test_blank_takes_a_fact_away():
    lead = a_lead(phone="+33 1 42 68 53 00", attributes={"Product": "B"})
    edits = correct(lead.pk, actor(mara()), LATER, {"company.budget": None, "person.phone": "", "lead.product": " "})
    assert [(edit.before, edit.after) for edit in edits] == [(20_000, None), ("+33 1 42 68 53 00", None), ("B", None)]
    now = again(lead)
    assert (now.company and now.company.budget, now.person.phone, "lead.product" in now.facts) == (None, "", False)


def test_a_fact_of_the_company_holds_for_all_its_people():
    lead, colleague = a_lead(employees=120), a_lead(employees=80)
    stranger = a_lead(email="ben@south.example", employees=5)
    edits = correct(lead.pk, actor(mara()), LATER, {"company.employees": 300})
    assert [(edit.lead_id, edit.before, edit.after) for edit in edits] == [(lead.pk, 120, 300), (colleague.pk, 80, 300)]
    for each in (lead, colleague):
        assert "company.employees" not in again(each).facts
        assert any("Company size: 300" in part["sentence"] for part in again(each).score.parts)
    assert again(stranger).facts["company.employees"] == 5


def test_without_a_company_the_fact_stays_with_the_lead():
    lead = a_lead(email="nina@gmail.com", employees=5)
    correct(lead.pk, actor(mara()), LATER, {"company.employees": "120"})
    now = again(lead)
    assert (now.company, now.facts["company.employees"]) == (None, 120)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"person.email": "nina at north"}, '"nina at north" is not an email address.'),
        ({"company.country": "Atlantis"}, '"Atlantis" is not a country.'),
        ({"company.employees": "many"}, 'Employees: "many" is not a number.'),
        ({"company.revenue": -5}, 'Revenue: "-5" is not a number.'),
        ({"person.title": "x" * 301}, "The title is too long."),
        ({"person.shoe_size": 42}, '"person.shoe_size" is not a fact that can be corrected.'),
        ({"lead.source": "Fair"}, '"lead.source" is not a fact that can be corrected.'),
        ({"company.domain": "a.example"}, '"company.domain" is not a fact that can be corrected.'),
        ({"person.name": "", "person.email": "", "person.phone": ""}, "Somebody without name, email and phone"),
    ],
)
def test_what_makes_no_sense_changes_nothing(changes: dict[str, Value], says: str):
    lead = a_lead()
    with pytest.raises(BadInput, match=says):
        correct(lead.pk, actor(mara()), LATER, {"person.first_name": "N.", **changes})
    assert (again(lead).person.first_name, Edit.objects.count()) == ("", 0)


def test_a_country_is_written_however_one_likes():
    lead = a_lead()
    correct(lead.pk, actor(mara()), LATER, {"company.country": "Deutschland"})
    company = again(lead).company
    assert company is not None
    assert company.country == "DE"


# --- addresses -----------------------------------------------------------------------------------


def test_a_new_address_leads_to_the_person_as_the_old_one_does():
    lead = a_lead(email="nina@north.example", title="Planner")
    in_transaction(lambda: record_signals([a_signal("demo_request", email="n.north@north.example")], NOW))
    assert again(lead).intent == 0
    correct(lead.pk, actor(mara()), LATER, {"person.email": "n.north@north.example"})
    assert again(lead).intent > 39
    in_transaction(lambda: record_signals([a_signal("pricing_view", LATER, "nina@north.example")], LATER))
    assert again(lead).intent > 47


def test_the_address_of_somebody_else_is_refused():
    lead = a_lead(email="nina@north.example")
    a_lead(email="ben@north.example", name="Ben Best")
    with pytest.raises(Refused, match=r"Ben@north\.example is the address of Ben Best"):
        correct(lead.pk, actor(mara()), LATER, {"person.email": "Ben@north.example"})


def test_a_work_address_brings_the_company():
    lead = a_lead(email="nina@gmail.com")
    edits = correct(lead.pk, actor(mara()), LATER, {"person.email": "nina@south.example"})
    assert [(edit.field, edit.after) for edit in edits] == [
        ("person.email", "nina@south.example"),
        ("company.domain", "south.example"),
    ]
    now = again(lead)
    assert str(now.company) == "south.example"
    assert Membership.objects.filter(person=now.person, company=now.company).exists()


# --- who may, and what it answers ----------------------------------------------------------------


def test_better_data_from_marketing_answers_the_rejection():
    lead = an_mql()
    rejection = reject(lead.pk, actor(sam()), NOW, reason="bad_data")
    correct(lead.pk, actor(mara()), LATER, {"company.employees": 130, "person.title": "COO"})
    answer = Answer.objects.get(decision=rejection)
    assert (answer.by, answer.at, answer.text) == (mara(), LATER, "Corrected: company.employees, person.title")
    correct(lead.pk, actor(mara()), LATER, {"person.title": "CEO"})
    assert Answer.objects.count() == 1


def test_better_data_from_sales_answers_nothing():
    lead = an_mql()
    reject(lead.pk, actor(sam()), NOW, reason="bad_data")
    correct(lead.pk, actor(sam()), LATER, {"person.title": "CEO"})
    assert not Answer.objects.exists()


def test_a_rep_corrects_no_lead_that_another_works():
    lead = an_sql()
    with pytest.raises(MoveRefused, match="it belongs to Sam"):
        correct(lead.pk, actor(sia()), LATER, {"person.title": "CEO"})
    for by in (sam(), max_(), mara()):
        correct(lead.pk, actor(by), LATER, {"person.title": f"CEO, says {by}"})


def test_whoever_sits_at_no_desk_corrects_nothing():
    with pytest.raises(MoveRefused, match="Nobody cannot correct data"):
        correct(a_lead().pk, NOBODY, LATER, {"person.title": "CEO"})


def test_an_unknown_lead_is_named():
    with pytest.raises(NotFound, match="There is no lead 404"):
        correct(404, actor(mara()), LATER, {"person.title": "CEO"})


def test_a_correction_is_no_move():
    lead = an_sql()
    before = Decision.objects.count()
    correct(lead.pk, actor(sam()), LATER, {"person.title": "Intern"})
    assert (again(lead).rung, Decision.objects.count()) == (Rung.SQL, before)


# --- parts in buying -----------------------------------------------------------------------------


def test_somebody_is_given_a_part_in_buying():
    lead = a_lead()
    set_role(lead.person_id, lead.company_id or 0, actor(sam()), "champion")
    assert Membership.objects.get(person=lead.person_id).role == "champion"


@pytest.mark.parametrize(("person", "role", "error"), [(0, "champion", NotFound), (None, "boss", BadInput)])
def test_a_part_that_makes_no_sense_is_refused(person: int | None, role: str, error: type[AssayError]):
    lead = a_lead()
    with pytest.raises(error):
        set_role(lead.person_id if person is None else person, lead.company_id or 0, actor(sam()), role)
    assert Membership.objects.get(person=lead.person_id).role == "unknown"
