"""Scores found in bulk are written back: at once under a new rule, and nobody who works meanwhile is held up."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection

from assay.actions import gate, rescoring
from assay.actions.actors import actor
from assay.actions.gate import accept
from assay.actions.rescoring import Folded, write_back
from assay.actions.scoring import lock, promote_all, refolded
from assay.domain.intent import KindState
from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead, Score, SignalState
from tests.people import NOW, a_lead, a_rule, an_mql, mara, observe, sam

LATER = NOW + timedelta(days=3)

Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lead a chunk."""
    monkeypatch.setattr(rescoring, "CHUNK", 1)


def folded() -> list[Folded]:
    """Every lead with what its signals come to."""
    leads = list(Lead.objects.order_by("pk").values_list("pk", flat=True))
    return sorted(refolded(leads, LATER).items())


def elsewhere(work: Callable[[], Result]) -> Result:
    """What somebody else gets who works at this moment."""

    def done() -> Result:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def asked(at: float) -> dict[str, KindState]:
    """What somebody has done who asked for a demo just now."""
    kinds = {"demo_request": (21.0, 1), "pricing_view": (10.0, 3)}
    today = {datetime.fromtimestamp(at, UTC).toordinal()}
    return {kind: KindState(half, float(times), at, times, at, at, today) for kind, (half, times) in kinds.items()}


def rungs() -> list[str]:
    return list(Lead.objects.order_by("pk").values_list("rung", flat=True))


def versions() -> set[int]:
    return set(Score.objects.values_list("policy", flat=True))


def test_under_a_new_rule_nobody_sees_scores_of_two_and_nobody_waits(transactional_db: None) -> None:
    """Somebody reads all scores, and another accepts, while they are made ready."""
    leads = [an_mql(email="a@north.example"), an_mql(email="b@south.example"), a_lead(email="c@west.example")]
    observe(leads[2], "pricing_view", at=NOW)
    seller = sam()
    [old] = versions()
    new = a_rule(("half_life_days = 10, cap = 25", "half_life_days = 3, cap = 5"), at=NOW).pk
    seen = list[set[int]]()

    def meanwhile(_: int) -> None:
        seen.append(elsewhere(versions))
        if len(seen) == 2:
            elsewhere(lambda: accept(leads[0].pk, actor(seller), LATER))

    assert write_back(folded(), LATER, meanwhile) == (3, 0)
    assert (seen, versions()) == ([{old}] * 3, {new})
    assert Lead.objects.get(pk=leads[0].pk).rung == Rung.SQL
    assert set(SignalState.objects.filter(kind="pricing_view").values_list("half_life_days", flat=True)) == {3}


@pytest.mark.django_db
def test_states_that_are_right_are_left_alone_and_wrong_ones_replaced() -> None:
    busy, other = an_mql(email="a@north.example"), an_mql(email="b@south.example")
    for days in (1, 2):
        observe(busy, "pricing_view", "page_view", at=NOW + timedelta(days=days))
    states = folded()
    SignalState.objects.filter(lead=other).update(weight=7)
    before = list(SignalState.objects.filter(lead=busy).order_by("pk").values())
    assert write_back(states, LATER) == (2, 0)
    assert list(SignalState.objects.filter(lead=busy).order_by("pk").values()) == before
    assert not SignalState.objects.filter(weight=7).exists()
    assert set(Score.objects.values_list("as_of", flat=True)) == {LATER}


@pytest.mark.django_db
def test_who_crosses_is_promoted_once() -> None:
    lead = a_lead()
    at = LATER.timestamp()
    assert write_back([(lead.pk, asked(at))], LATER) == (1, 1)
    assert write_back([(lead.pk, asked(at))], LATER) == (1, 0)
    assert Decision.objects.filter(lead=lead, move="promote").count() == 1


def test_a_crash_among_the_promotions_leaves_the_scores_and_the_next_rescore_promotes_the_rest(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [a_lead(email=f"{name}@north.example").pk for name in "abc"]
    at = LATER.timestamp()
    states = [(lead, asked(at)) for lead in leads]
    a_rule(("half_life_days = 10, cap = 25", "half_life_days = 10, cap = 24"), at=NOW)
    chunks = list[int]()

    def crashing(some: Sequence[Lead], *rest: Any) -> Any:
        chunks.append(len(some))
        if len(chunks) == 2:
            raise MemoryError
        return promote_all(some, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(rescoring, "promote_all", crashing)
        with pytest.raises(MemoryError):
            write_back(states, LATER)
    assert set(Score.objects.values_list("as_of", flat=True)) == {LATER}
    assert rungs() == [Rung.MQL, Rung.LEAD, Rung.LEAD]
    assert write_back(states, LATER) == (3, 2)
    assert rungs() == [Rung.MQL] * 3
    assert Decision.objects.filter(move="promote").count() == 3


def test_whoever_promotes_by_hand_between_the_scores_and_a_promotion_is_not_repeated(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, at = a_lead(), LATER.timestamp()
    marketer = actor(mara())

    def promoting(lead_ids: Sequence[int]) -> None:
        gate.promote(lead.pk, marketer, LATER, text="She called us.")
        lock(lead_ids)

    monkeypatch.setattr(rescoring, "lock", promoting)
    assert write_back([(lead.pk, asked(at))], LATER) == (1, 0)
    assert list(Decision.objects.filter(lead=lead, to_rung=Rung.MQL).values_list("by", flat=True)) == [marketer.user_id]
