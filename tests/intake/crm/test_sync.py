"""Leads come in from HubSpot and Salesforce, and both are told how these stand: over HTTP, by their own libraries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import stamina

from assay.actions import crm as verbs
from assay.actions import gate
from assay.actions.actors import actor
from assay.actions.erasure import erase
from assay.actions.people import merge_people
from assay.actions.writing import in_transaction
from assay.domain.erasure import Why
from assay.domain.errors import AssayError, Refused
from assay.intake.crm import hubspot, salesforce
from assay.intake.crm.crm import Crm, Unreachable
from assay.intake.crm.hubspot import HubSpot
from assay.intake.crm.salesforce import Salesforce
from assay.intake.crm.sync import Synced, sync
from assay.records.models import CrmCursor, CrmRecord, Decision, Edit, Identity, Lead, Person
from assay.settings import Settings
from tests.intake.crm.servers import HubSpotHandler, SalesforceHandler, Theirs, minutes, speaking
from tests.people import NOW, a_lead, ada, max_, observe, sam

pytestmark = pytest.mark.django_db

DEFAULTS = Settings.model_fields
STAGES = ("lead", "opportunity")


@dataclass
class Side:
    """A CRM with what it keeps, our way to it, and what fields are called there."""

    theirs: Theirs
    crm: Crm
    called: Mapping[str, str]

    def put(self, number: int, at: datetime = NOW, **said: Any) -> str:
        """Somebody there makes or changes a record, told by our names of fields."""
        key = str(number) if self.crm.name == "hubspot" else f"00Q{number:012}"
        further = {"lifecyclestage": "lead"} if self.crm.name == "hubspot" else {}
        self.theirs.put(key, at, **{self.called[name]: value for name, value in said.items()}, **further)
        return key

    def round(self, at: datetime = NOW, **how: Any) -> Synced:
        return sync(self.crm, lambda: at, **how)

    def told(self, key: str) -> dict[str, Any]:
        """What we wrote to a record, by our names."""
        record = self.theirs.records[key]
        return {fact: record[name] for fact, name in self.crm.fields.items() if name in record}


@pytest.fixture(params=["hubspot", "salesforce"])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    kind = HubSpotHandler if request.param == "hubspot" else SalesforceHandler
    with speaking(kind) as theirs, stamina.set_testing(True, attempts=3):
        crm: Crm
        if request.param == "hubspot":
            fields = DEFAULTS["hubspot_fields"].get_default()
            crm = HubSpot("first", theirs.url, fields, STAGES, per_second=1e6)
            called = hubspot.PROPERTIES
        else:
            fields = DEFAULTS["salesforce_fields"].get_default()
            crm, called = Salesforce(theirs.url, "us", "quiet", fields), salesforce.FIELDS
        theirs.known_fields = set(fields.values())
        yield Side(theirs, crm, called)


NINA: Mapping[str, Any] = {
    "email": "nina@north.example",
    "first_name": "Nina",
    "last_name": "North",
    "title": "CEO",
    "company": "North",
}


def test_leads_come_in_and_how_they_stand_goes_back(side: Side) -> None:
    key = side.put(7, **NINA, country="France", source="Trade fair", captured_at="2026-10-01T08:00:00.000Z")
    done = side.round()
    assert (done.taken_in.new, done.taken_in.known, done.told) == (1, 0, 1)
    lead = Lead.objects.get()
    assert (str(lead.source), lead.external_id) == ("Trade fair", f"{side.crm.name}:{key}")
    assert lead.captured_at.isoformat() == "2026-10-01T08:00:00+00:00"
    assert (lead.person.name, lead.person.title, lead.company and lead.company.country) == ("Nina North", "CEO", "FR")
    assert Decision.objects.get().by_name == side.crm.source
    told = side.told(key)
    assert (told["rung"], told["temperature"], told["decision"], told["reason"]) == ("lead", "cold", "", "")
    assert float(told["fit"]) == round(lead.fit)

    lead = observe(lead, "demo_request")
    Lead.objects.filter(pk=lead.pk).update(rung="mql")
    gate.reject(lead.pk, actor(sam()), NOW, reason="bad_data")
    assert side.round(NOW + minutes(30)).told == 1
    told = side.told(key)
    assert (told["rung"], told["temperature"]) == ("lead", "hot")
    assert (told["decision"], told["reason"], float(told["intent"])) == ("reject", "bad_data", round(lead.intent))


def test_a_second_round_asks_for_what_changed_and_writes_nothing(side: Side) -> None:
    side.put(7, **NINA)
    side.put(8, NOW - minutes(60), email="old@old.example")
    side.round()
    before = side.theirs.writes()
    later = NOW + minutes(30)
    done = side.round(later)
    assert (done.taken_in.new, done.taken_in.known, done.told, side.theirs.writes()) == (0, 1, 0, before)
    cursor = CrmCursor.objects.get()
    assert (cursor.since, cursor.after, cursor.busy_until) == (later - verbs.OVERLAP, "", None)
    assert cursor.synced_at == later
    side.put(9, later, email="new@new.example")
    assert side.round(later + minutes(1)).taken_in.new == 1


def test_contact_facts_follow_what_was_changed_there_and_only_that(side: Side) -> None:
    key = side.put(7, **NINA)
    side.round()
    lead = Lead.objects.get()
    Person.objects.filter(pk=lead.person_id).update(title="Head of Sales", phone="+33142685300")
    side.put(7, NOW + minutes(1), last_name="South", company="Another")
    done = side.round(NOW + minutes(2))
    person = Person.objects.get()
    assert (person.last_name, person.name) == ("South", "Nina South")
    assert (person.title, person.phone) == ("Head of Sales", "+33142685300")  # changed here, not there
    assert done.taken_in.corrected == 1
    assert {edit.by_name for edit in Edit.objects.all()} == {side.crm.source}
    assert Lead.objects.get().facts["company.name"] == "North"
    side.put(7, NOW + minutes(3), title="Owner", email="nina@south.example")
    side.round(NOW + minutes(4))
    person.refresh_from_db()
    assert (person.title, person.email) == ("Owner", "nina@south.example")
    assert Identity.objects.filter(value="nina@south.example").exists()
    assert CrmRecord.objects.get().external_id == key


def test_somebody_known_by_address_is_not_a_second_lead_and_theirs_wins(side: Side) -> None:
    lead = a_lead(email="Nina@North.example", title="Student")
    key = side.put(7, **NINA)
    done = side.round()
    assert (done.taken_in.new, done.taken_in.known) == (0, 1)
    assert Lead.objects.get() == lead
    assert Person.objects.get().title == "CEO"
    assert side.told(key)["rung"] == "lead"


def test_a_record_that_cannot_be_a_lead_holds_up_no_other(side: Side) -> None:
    a_lead(email="bob@taken.example")
    side.put(7, **NINA)
    side.put(8, email="no address")
    side.put(9, email="ann@east.example")
    side.round()
    side.put(9, NOW + minutes(1), email="bob@taken.example")  # somebody else's
    done = side.round(NOW + minutes(2))
    assert {refusal.code for refusal in done.taken_in.refusals} == {"bad_email", "two_people"}
    assert Lead.objects.count() == 3
    assert Person.objects.filter(email="ann@east.example").exists()


def test_a_round_that_is_cut_off_goes_on_where_it_was(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (hubspot, salesforce):
        monkeypatch.setattr(module, "PAGE", 2)
    keys = [side.put(number, email=f"p{number}@firm{number}.example") for number in range(1, 6)]
    taken = verbs._take_in

    def cut_off(crm: str, rows: Any, at: datetime) -> verbs.TakenIn:
        if Lead.objects.exists():
            raise KeyboardInterrupt
        return taken(crm, rows, at)

    monkeypatch.setattr(verbs, "_take_in", cut_off)
    with pytest.raises(KeyboardInterrupt):
        side.round()
    cursor = CrmCursor.objects.get()
    assert (cursor.after, cursor.began, Lead.objects.count()) == (keys[1], NOW, 2)
    monkeypatch.setattr(verbs, "_take_in", taken)
    done = side.round(NOW + minutes(10))
    assert (done.taken_in.new, done.taken_in.known, done.told) == (3, 0, 5)
    assert CrmCursor.objects.get().since == NOW - verbs.OVERLAP  # as of when the reading began


def test_one_process_at_a_time(side: Side) -> None:
    verbs.begin(side.crm.name, NOW)
    with pytest.raises(Refused, match="Another process"):
        side.round(NOW + minutes(1))
    assert side.round(NOW + verbs.BUSY + minutes(1)).told == 0  # that one was killed


def test_it_is_asked_again_and_what_it_refuses_is_told(side: Side) -> None:
    first, second = side.put(7, **NINA), side.put(8, email="ann@east.example")
    side.theirs.refusing[first] = "It was deleted."
    side.theirs.faults = [(429, {"Retry-After": "0"}), (503, {})]
    done = side.round()
    assert (done.taken_in.new, done.told, done.refused) == (2, 1, {first: "It was deleted."})
    assert side.told(second)["rung"] == "lead"
    side.theirs.refusing.clear()
    assert side.round(NOW + minutes(10)).told == 1
    side.theirs.faults = [(500, {})] * 3
    with pytest.raises(Unreachable, match="answers 500"):
        side.round(NOW + minutes(20))
    assert CrmCursor.objects.get().busy_until is None


def test_a_dry_run_changes_nothing_on_either_side(side: Side) -> None:
    side.put(7, **NINA)
    lead = a_lead(email="ann@east.example")
    side.put(8, email="ann@east.example", title="CEO")
    done = side.round(dry_run=True)
    assert (done.taken_in.new, done.taken_in.known, done.taken_in.corrected) == (1, 1, 1)
    assert Lead.objects.get() == lead
    assert not CrmRecord.objects.exists()
    assert side.theirs.writes() == 0
    cursor = CrmCursor.objects.get()
    assert (cursor.since, cursor.after, cursor.synced_at) == (None, "", None)


def test_what_is_set_up_wrongly_is_said(side: Side) -> None:
    side.theirs.known_fields.discard(side.crm.fields["rung"])
    with pytest.raises(AssayError) as why:
        side.round()
    assert why.value.code == "crm_fields"
    assert side.crm.fields["rung"] in why.value.sentence
    side.theirs.tokens = ["another"]
    if side.crm.name == "hubspot":
        with pytest.raises(Unreachable, match="does not let us in"):
            side.round()
    else:  # it gets itself a new token
        side.theirs.known_fields = set(side.crm.fields.values())
        assert side.round().told == 0
        crm = Salesforce(side.theirs.url, "us", "wrong", side.crm.fields)
        with pytest.raises(Unreachable, match="does not let us in"):
            sync(crm, lambda: NOW)


def test_a_record_goes_with_the_person_and_is_gone_when_they_are_erased(side: Side) -> None:
    side.put(7, **NINA)
    side.put(8, email="nina@gmail.com")
    side.round()
    kept, merged = Lead.objects.order_by("pk")
    in_transaction(lambda: merge_people(kept.person_id, merged.person_id, actor(max_()), NOW, "one and the same"))
    observe(kept, "demo_request")
    later = NOW + minutes(30)
    side.round(later)
    assert {record.sent["temperature"] for record in CrmRecord.objects.all()} == {"hot"}
    erase(kept.person_id, actor(ada()), later, Why.ASKED)
    assert not CrmRecord.objects.exists()
    side.put(7, later, title="Owner")
    done = side.round(later + minutes(10))
    assert "erased" in {refusal.code for refusal in done.taken_in.refusals}
    assert not Person.objects.filter(title="Owner").exists()


def test_other_stages_than_the_named_do_not_come_in() -> None:
    with speaking(HubSpotHandler) as theirs:
        theirs.put("1", NOW, email="ann@east.example", lifecyclestage="customer")
        theirs.put("2", NOW, email="ben@east.example", lifecyclestage="lead")
        for stages, expected in ((STAGES, ["2"]), ((), ["1", "2"])):
            crm = HubSpot("first", theirs.url, {}, stages, per_second=1e6)
            assert [record.id for record in crm.changed(None, "")] == expected
