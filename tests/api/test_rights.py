"""Every operation of the specification and every role and scope: who may, who may not, and that nothing is left out."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client

from assay.api.docs import document
from assay.domain.ladder import LADDER, MOVES, Desk, Rung
from assay.domain.roles import DESKS, Role
from assay.domain.tokens import Scope
from assay.records.models import Deal, Lead
from tests import people
from tests.api.programs import EVERY, Program, problem, program_of
from tests.people import BANT, NOW

pytestmark = pytest.mark.django_db

PEOPLE = {
    Role.MARKETER: people.mara,
    Role.REP: people.sam,
    Role.MANAGER: people.max_,
    Role.ADMIN: people.ada,
    Role.VIEWER: people.vic,
}
SPEC: Mapping[str, Any] = document()


class Case(NamedTuple):
    """A request that is right in itself: whether it is let through is up to who asks."""

    rung: Rung
    body: object = None


CASES: Mapping[str, tuple[Case, ...]] = {
    "create_lead": (Case(Rung.LEAD, {"source": "Fair", "email": "new@south.example"}),),
    "correct_lead": (Case(Rung.LEAD, {"facts": {"person.title": "CFO"}}),),
    "log_touch": (Case(Rung.SQL, {"kind": "call", "reached": True}),),
    "assign": (Case(Rung.SQL, {"owner": "sia@assay.example"}),),
    "confirm": (Case(Rung.SQL, {"need": "two tools to replace"}),),
    "change": (Case(Rung.OPPORTUNITY, {"value": "15000.00"}),),
    "draft_decision": (Case(Rung.MQL, {"move": "reject", "why": "Too small for us", "reason": "too_early"}),),
    "promote": (Case(Rung.LEAD, {"text": "Met them at the fair"}),),
    "withdraw": (Case(Rung.MQL, {"text": "Wrong data"}),),
    "accept": (Case(Rung.MQL),),
    "reject": (Case(Rung.MQL, {"reason": "too_early"}),),
    "disqualify": (Case(Rung.LEAD, {"reason": "no_need"}), Case(Rung.SQL, {"reason": "no_need"})),
    "recycle": (Case(Rung.SQL, {"reason": "not_now"}),),
    "reopen": (Case(Rung.DISQUALIFIED, {"text": "New job"}),),
    "open_deal": (Case(Rung.SQL, {"value": "12000.00", "close_date": "2026-12-01", **BANT}),),
    "win": (Case(Rung.OPPORTUNITY),),
    "lose": (Case(Rung.OPPORTUNITY, {"reason": "price"}),),
    # Last, because there is a SAL only where the rule has accept and qualify as two acts.
    "qualify": (Case(Rung.SAL, {"fit_note": "our size", "intent_note": "wants a demo"}),),
}
"""What to send for each operation that writes, and where the lead has to stand."""

OPERATIONS = {
    said["operationId"]: (method.upper(), path, said)
    for path, methods in SPEC["paths"].items()
    for method, said in methods.items()
}
WRITES = [name for name, (method, *_) in OPERATIONS.items() if method != "GET"]
READS = [name for name in OPERATIONS if name not in WRITES]


def test_every_write_of_the_specification_is_among_the_cases():
    assert set(CASES) == set(WRITES)
    assert set(MOVES) - {"capture", "promote_product"} <= set(WRITES), "every move of people is an operation"


def test_every_operation_asks_for_a_scope_and_says_who_decides():
    for name, (_, _, said) in OPERATIONS.items():
        assert said["x-scope"] in list(Scope), name
        assert said["security"] == [{"Bearer": []}], name
        assert bool(said.get("x-desks")) is (name in WRITES), name


def address(path: str, lead: Lead) -> str:
    deal = Deal.objects.filter(lead=lead).first()
    numbers = {"lead_id": lead.pk, "deal_id": deal.pk if deal else 0, "company_id": lead.company_id}
    return path.format(**numbers)


def ask(program: Program | None, name: str, lead: Lead, body: object = None) -> Any:
    """Ask, and take back whatever was done."""
    method, path, _ = OPERATIONS[name]
    with transaction.atomic():
        if program is None:
            answer = Client().generic(method, address(path, lead), b"{}", "application/json")
        elif body is None and method == "POST":
            answer = program.post(address(path, lead))
        else:
            answer = program.send(method, address(path, lead), body)
        transaction.set_rollback(True)
    return answer


def allowed(name: str, rung: Rung) -> frozenset[Desk]:
    """The desks that may, by the ladder where it is a move."""
    rows = [row.desks for row in LADDER if row.name == name and rung in row.origins]
    return frozenset[Desk]().union(*rows) if rows else frozenset(OPERATIONS[name][2]["x-desks"])


def test_a_write_is_for_the_desks_that_decide_it():
    people.sia()
    programs = {role: program_of(person()) for role, person in PEOPLE.items()}
    leads: dict[Rung, Lead] = {}
    wrong = []
    for name, (rung, body) in ((name, case) for name, cases in CASES.items() for case in cases):
        lead = leads.get(rung) or leads.setdefault(rung, standing_on(rung))
        for role, program in programs.items():
            answer = ask(program, name, lead, body)
            if DESKS[role] & allowed(name, rung):
                right = answer.status_code < 300
            else:
                right = problem(answer) == (403, "wrong_desk")
            if not right:
                wrong.append((role, name, rung, answer.status_code, answer.content))
    assert wrong == []


def standing_on(rung: Rung) -> Lead:
    """A lead on this rung, whom Sam has spoken to where it is an SQL."""
    lead = people.a_lead_on(rung)
    if rung is Rung.SQL:
        people._is_reached(lead, NOW)
    return lead


def test_every_role_reads_what_its_scopes_let_it():
    lead = people.an_opportunity()
    for person in PEOPLE.values():
        program = program_of(person())
        for name in READS:
            answer = ask(program, name, lead)
            assert answer.status_code == 200, f"{person.__name__} cannot read {name}: {answer.content}"


def test_without_its_scope_an_operation_is_refused_whoever_asks():
    lead = people.an_opportunity()
    for scope in Scope:
        lacking = program_of(people.max_(), *(other for other in EVERY if other != scope))
        for name, (_, _, said) in OPERATIONS.items():
            if said["x-scope"] == scope:
                case = CASES.get(name, [Case(Rung.LEAD)])[0]
                assert problem(ask(lacking, name, lead, case.body)) == (403, "missing_scope"), name


def test_without_a_token_nothing_is_told():
    lead = people.a_lead()
    for name in OPERATIONS:
        assert problem(ask(None, name, lead)) == (401, "no_token"), name


def test_a_rep_works_own_leads_and_a_manager_anybodys():
    lead = people.an_sql()
    body = {"kind": "call", "reached": False}
    assert problem(program_of(people.sia()).post(f"leads/{lead.pk}/touches", body)) == (403, "not_yours")
    assert program_of(people.max_()).post(f"leads/{lead.pk}/touches", body).status_code == 201
