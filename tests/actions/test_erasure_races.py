"""Somebody is erased while events and files that name them still come in: nothing slips in between."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from assay.actions.actors import actor
from assay.actions.counting import count_all_waiting, count_waiting
from assay.actions.erasure import erase
from assay.actions.imports import import_leads
from assay.actions.receive import receive
from assay.actions.writing import in_transaction
from assay.domain.erasure import Why
from assay.intake.statements import read_statement
from assay.records.models import Erasure, Lead, PendingSignal, Signal
from assay.records.privacy import erased
from tests.actions.arrivals import arrived
from tests.people import NOW, a_lead, a_row, ada, mara
from tests.records.dump import everything

pytestmark = pytest.mark.slow

ROUNDS = 6


def at_once(*deeds: Callable[[], object]) -> None:
    """Do all at the same moment, each on a connection of its own; what one raises is raised."""
    together = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> None:
        together.wait()
        try:
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(do, deed) for deed in deeds]:
            done.result()


def test_nothing_slips_in_while_somebody_is_erased(transactional_db: None):
    for number in range(ROUNDS):
        meet(f"zqx{number}")
    assert (Erasure.objects.count(), Lead.objects.count()) == (ROUNDS, ROUNDS)
    assert not PendingSignal.objects.exists()
    assert set(Signal.objects.values_list("url", flat=True)) <= {""}


def meet(word: str) -> None:
    """Events and a file that name somebody, the scorer, and whoever erases them, all at once."""
    email, admin, marketer = f"{word}@north.example", actor(ada()), actor(mara())
    person = a_lead(email=email).person_id
    said = {"ids": {"email": email}, "traits": {"title": word}}
    events = [
        [arrived("identify", email=email, properties=said), arrived("page_view", email=email, url=f"/{word}")]
        for _ in range(8)
    ]
    at_once(
        lambda: [receive(some, [], Counter(), NOW) for some in events],
        lambda: [count_waiting(3, NOW, read_statement) for _ in range(12)],
        lambda: import_leads([a_row(email, title=email)], "again.csv", {}, marketer, NOW),
        lambda: erase(person, admin, NOW + timedelta(minutes=1), Why.ASKED),
    )
    count_all_waiting(NOW, read_statement)
    assert word not in repr(everything()).lower()
    assert in_transaction(lambda: erased([("email", email)]))


def test_two_who_erase_the_same_at_once_erase_once(transactional_db: None):
    admin, lead = actor(ada()), a_lead(email="nina@north.example")

    def forget() -> None:
        erase(lead.person_id, admin, NOW, Why.ASKED)

    at_once(forget, forget)
    assert Lead.objects.get().decisions.filter(text="Erased").count() == 1
    assert len(in_transaction(lambda: erased([("email", "nina@north.example")]))) == 1
