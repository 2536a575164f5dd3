"""Asked twice, done once: what an idempotency key promises, also while the first request is still at work."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from time_machine import TimeMachineFixture

from assay.actions import gate
from assay.actions.actors import actor
from assay.actions.once import drop_answers
from assay.api.leads import moves
from assay.records.models import Decision, Lead, StoredAnswer
from tests import people
from tests.api.conftest import LATER
from tests.api.programs import problem, program_of

PATIENCE = 20


@pytest.mark.django_db
def test_the_same_again_is_answered_the_same_and_done_once():
    lead, program = people.an_mql(), program_of(people.sam())
    first = program.post(f"leads/{lead.pk}/accept", Idempotency_Key="a-1")
    again = program.post(f"leads/{lead.pk}/accept", Idempotency_Key="a-1")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert Decision.objects.filter(lead=lead, move="accept").count() == 1
    assert problem(program.post(f"leads/{lead.pk}/accept")) == (409, "already_decided")


@pytest.mark.django_db
def test_a_refusal_is_kept_as_well_and_has_changed_nothing():
    lead, program = people.an_mql(), program_of(people.sam())
    assert problem(program.post(f"leads/{lead.pk}/reject", {"reason": "no"}, Idempotency_Key="a")) == (
        422,
        "guard_failed",
    )
    gate.accept(lead.pk, actor(people.sam()), LATER)
    assert problem(program.post(f"leads/{lead.pk}/reject", {"reason": "no"}, Idempotency_Key="a")) == (
        422,
        "guard_failed",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["body", "path", "method"])
def test_a_key_is_for_one_request(other: str):
    lead, program = people.an_mql(), program_of(people.max_())
    body = {"reason": "too_early"}
    assert program.post(f"leads/{lead.pk}/reject", body, Idempotency_Key="k").status_code == 200
    asked: dict[str, Callable[[], Any]] = {
        "body": lambda: program.post(f"leads/{lead.pk}/reject", {"reason": "duplicate"}, Idempotency_Key="k"),
        "path": lambda: program.post(f"leads/{people.an_mql().pk}/reject", body, Idempotency_Key="k"),
        "method": lambda: program.patch(f"leads/{lead.pk}", {"facts": {"lead.note": "x"}}, Idempotency_Key="k"),
    }
    assert problem(asked[other]()) == (422, "key_reused")


@pytest.mark.django_db
def test_a_key_is_its_tokens_own():
    lead, key = people.a_lead(), {"Idempotency_Key": "same"}
    touch = {"kind": "call", "reached": False}
    for person in (people.mara(), people.max_()):
        assert program_of(person).post(f"leads/{lead.pk}/touches", touch, **key).status_code == 201
    assert lead.touches.count() == 2


@pytest.mark.django_db
def test_after_a_day_the_key_is_forgotten(time_machine: TimeMachineFixture):
    lead, program = people.a_lead(), program_of(people.mara())
    touch = {"kind": "email", "reached": False}
    program.post(f"leads/{lead.pk}/touches", touch, Idempotency_Key="daily")
    program.post(f"leads/{lead.pk}/touches", touch, Idempotency_Key="other")
    time_machine.move_to(LATER + timedelta(hours=24), tick=False)
    program.post(f"leads/{lead.pk}/touches", touch, Idempotency_Key="daily")
    assert lead.touches.count() == 3
    assert drop_answers(LATER + timedelta(hours=24)) == 1
    assert [answer.key for answer in StoredAnswer.objects.all()] == ["daily"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "with blank", "ü", "x" * 256])
def test_a_key_that_is_none_is_refused(key: str):
    program = program_of(people.mara())
    answer = program.post("leads", {"source": "Fair", "email": "a@south.example"}, Idempotency_Key=key)
    assert problem(answer) == (422, "bad_key")
    assert not Lead.objects.exists()


def test_of_two_at_once_one_does_it_and_the_other_is_told_to_wait(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
):
    lead, program = people.an_mql(), program_of(people.sam())
    inside, go_on = threading.Event(), threading.Event()
    accept = gate.accept

    def slowly(*args: Any, **said: Any) -> Decision:
        inside.set()
        assert go_on.wait(PATIENCE)
        return accept(*args, **said)

    monkeypatch.setattr(gate, "accept", slowly)
    told: list[Any] = []
    first = threading.Thread(target=_in_own_connection, args=(program, lead, told))
    first.start()
    try:
        assert inside.wait(PATIENCE)
        assert problem(program.post(f"leads/{lead.pk}/accept", Idempotency_Key="k")) == (409, "in_progress")
    finally:
        go_on.set()
        first.join(PATIENCE)
    again = program.post(f"leads/{lead.pk}/accept", Idempotency_Key="k")
    assert [answer.status_code for answer in told] == [200]
    assert again.content == told[0].content
    assert Decision.objects.filter(lead=lead, move="accept").count() == 1


def _in_own_connection(program: Any, lead: Lead, told: list[Any]) -> None:
    try:
        told.append(program.post(f"leads/{lead.pk}/accept", Idempotency_Key="k"))
    finally:
        connections.close_all()


def test_what_breaks_midway_leaves_nothing_and_may_be_tried_again(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
):
    lead, program = people.an_mql(), program_of(people.sam())
    with monkeypatch.context() as broken:

        def fails(*args: object) -> None:
            raise ZeroDivisionError

        broken.setattr(moves, "moved", fails)  # after the verb has done its work
        assert problem(program.post(f"leads/{lead.pk}/accept", Idempotency_Key="k")) == (500, "broken")
    assert Lead.objects.get(pk=lead.pk).rung == "mql"
    assert not StoredAnswer.objects.exists()
    assert not connection.in_atomic_block
    assert program.post(f"leads/{lead.pk}/accept", Idempotency_Key="k").status_code == 200
