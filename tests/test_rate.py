"""How fast a key may send."""

from hypothesis import given
from hypothesis import strategies as st

from assay.rate import BURST, Bucket


class Clock:
    """Time as a test tells it."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_ten_seconds_worth_may_come_at_once_and_then_as_much_as_the_rate() -> None:
    clock = Clock()
    bucket = Bucket(5, clock)
    assert [bucket.take(1) for _ in range(51)] == [0] * 50 + [1]
    clock.now += 1
    assert [bucket.take(1) for _ in range(6)] == [0] * 5 + [1]


def test_idle_time_fills_it_no_higher_than_full() -> None:
    clock = Clock()
    bucket = Bucket(5, clock)
    clock.now += 3_600
    assert bucket.take(50) == 0
    assert bucket.take(1) == 1


@given(rate=st.integers(1, 50), takes=st.lists(st.tuples(st.floats(0, 20), st.integers(1, 200)), max_size=30))
def test_over_any_time_no_more_passes_than_the_rate_and_a_full_bucket(
    rate: int, takes: list[tuple[float, int]]
) -> None:
    clock = Clock()
    bucket, start, passed = Bucket(rate, clock), clock.now, 0
    for pause, count in takes:
        clock.now += pause
        wait = bucket.take(count)
        if wait:
            clock.now += wait
            assert bucket.take(count) == 0  # what it says is enough
        passed += count
        assert passed <= rate * (clock.now - start + BURST) + max(0, count - rate * BURST)
