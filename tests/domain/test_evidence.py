"""What a comparison may claim: ranges hold, small samples claim nothing, explored leads weigh what they stand for."""

import random
from collections.abc import Iterator

import pytest

from assay.domain.evidence import Says, Share, Tried, compare, evidence, same_criteria
from assay.domain.policy import Policy
from assay.policies import shipped

FITS, MISFITS = ("fit", "Budget", "match"), ("fit", "Budget", "miss")
DEMO = ("intent", "demo_request", "counted")


def a_share(hits: int, leads: int) -> Share:
    share = Share()
    share.add(True, hits, 1.0)
    share.add(False, leads - hits, 1.0)
    return share


def line(name: str, *groups: Tried):
    return next(line for line in evidence(shipped(), groups).lines if line.name == name)


def test_twice_as_often_is_a_lift_of_two_within_its_range():
    found = compare(a_share(400, 1000), a_share(200, 1000))
    assert found.lift == pytest.approx(2.0, abs=0.02)
    assert found.low is not None
    assert found.high is not None
    # On the logarithm the variance is about (1-p)/(np) on each side: here a spread of 1.28 * sqrt(.0015 + .004).
    assert (found.low, found.high) == pytest.approx((1.815, 2.195), abs=0.02)
    assert found.says is Says.MORE


@pytest.mark.parametrize(
    ("having", "lacking", "says"),
    [
        ((29, 29), (0, 500), Says.CANNOT_TELL),
        ((0, 500), (29, 29), Says.CANNOT_TELL),
        ((0, 0), (5, 50), Says.CANNOT_TELL),
        ((30, 30), (0, 500), Says.MORE),
        ((5, 100), (60, 100), Says.FEWER),
        ((50, 100), (50, 100), Says.NO_DIFFERENCE),
    ],
)
def test_a_small_side_claims_nothing_however_large_the_lift(having, lacking, says):
    assert compare(a_share(*having), a_share(*lacking)).says is says


def test_the_range_holds_the_true_lift_about_four_times_in_five():
    chance = random.Random(8)
    held = 0
    for _ in range(400):
        sides = [a_share(sum(chance.random() < p for _ in range(80)), 80) for p in (0.3, 0.2)]
        found = compare(*sides)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 1.5 <= found.high
    assert 0.74 < held / 400 < 0.87


def test_unknown_counts_on_neither_side():
    found = line("Budget", Tried([FITS], True), Tried([MISFITS], False, reason="bad_data"), Tried([], True, number=3))
    assert (found.accepted.having.leads, found.accepted.lacking.leads, found.unknown) == (1, 1, 3)
    assert found.reasons == (("bad_data", 0, 1),)


def test_a_kind_that_was_not_there_is_without_it():
    found = line("demo_request", Tried([DEMO], True, won=True, number=2), Tried([], True, won=False), Tried([], False))
    assert (found.accepted.having.leads, found.accepted.lacking.leads) == (2, 2)
    assert (found.won.having.rate, found.won.lacking.rate) == (1.0, 0.0)


def test_what_nobody_decided_is_no_evidence():
    assert evidence(shipped(), [Tried([DEMO], None)]).decided == 0


def test_an_explored_lead_stands_for_those_that_were_not_sent():
    found = line("demo_request", Tried([DEMO], True, number=10), Tried([DEMO], False, number=10, probability=0.1))
    assert found.accepted.having.leads == 20
    assert found.accepted.having.rate == pytest.approx(10 / 110)
    # Few leads that weigh much say less than as many equal ones: (10 + 100)^2 / (10 + 1000).
    assert found.accepted.having.size == pytest.approx(110**2 / 1010)


def test_only_criteria_that_ask_the_same_are_comparable():
    changed = (
        shipped().text.replace("between = [10, 1000]", "between = [50, 1000]").replace("points = 15", "points = 15.0")
    )
    names = {item.name for item in shipped().fit.criteria}
    assert same_criteria(Policy.parse(changed), shipped()) == names - {"Company size"}


def test_a_million_alike_are_one_step():
    def groups() -> Iterator[Tried]:
        yield Tried([DEMO], True, won=True, number=1_000_000)

    assert evidence(shipped(), groups()).won == 1_000_000
