"""Which clicks a mail scanner made, and which a person may have."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.scanners import CLICK, OPEN, Hit, ScannerReason, hit_of, scanned

SENT = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def click(number: int, seconds: float, link: str = "a", links: int | None = None, delivered: bool = True) -> Hit:
    at = SENT + timedelta(seconds=seconds)
    return Hit(number, CLICK, at, "m", link, links, SENT if delivered else None)


@pytest.mark.parametrize(("seconds", "marked"), [(0, True), (-3, True), (10, True), (10.1, False), (-11, False)])
def test_within_seconds_of_the_delivery_nobody_has_read_it(seconds: float, marked: bool):
    assert scanned([click(1, seconds)]) == ({1: ScannerReason.SOON} if marked else {})


def test_an_open_within_seconds_is_a_scanners_too():
    assert scanned([Hit(1, OPEN, SENT, "m", delivered_at=SENT)]) == {1: ScannerReason.SOON}


def test_three_links_within_two_seconds():
    together = [click(1, 600, "a"), click(2, 601, "b"), click(3, 602, "c")]
    assert set(scanned([*together, click(4, 700, "a")])) == {1, 2, 3}
    assert scanned([click(1, 600, "a"), click(2, 601, "b"), click(3, 602.1, "c")]) == {}
    assert scanned([click(1, 600, "a"), click(2, 601, "a"), click(3, 602, "b")]) == {}, "twice the same link"


def test_every_link_of_a_mail_within_minutes():
    each = [click(number, 600 + 60 * number, link, links=4) for number, link in enumerate("abcd")]
    assert scanned(each) == dict.fromkeys(range(4), ScannerReason.ALL)
    assert scanned(each[:3]) == {}
    slowly = [click(number, 3_600 * (number + 1), link, links=4) for number, link in enumerate("abcd")]
    assert scanned(slowly) == {}, "a keen reader over hours"


def test_both_links_of_a_short_mail_are_a_readers():
    assert scanned([click(1, 600, "a", links=2), click(2, 610, "b", links=2)]) == {}


def test_of_several_reasons_the_surest_counts():
    hits = [click(1, 5, "a", links=3), click(2, 6, "b", links=3), click(3, 100, "c", links=3)]
    assert scanned(hits) == {1: ScannerReason.SOON, 2: ScannerReason.SOON, 3: ScannerReason.ALL}


hits = st.lists(
    st.builds(
        lambda seconds, link, links, kind, known: (kind, seconds, link, links, known),
        st.integers(0, 1_500),
        st.sampled_from("abcd"),
        st.sampled_from([None, 2, 3, 4]),
        st.sampled_from([CLICK, CLICK, OPEN]),
        st.booleans(),
    ),
    max_size=12,
).map(
    lambda rows: [
        Hit(number, kind, SENT + timedelta(seconds=at), "m", link, links, SENT if known else None)
        for number, (kind, at, link, links, known) in enumerate(rows)
    ]
)


@given(hits, st.data())
def test_more_hits_only_mark_more_in_any_order(some: list[Hit], data: st.DataObject):
    shuffled = data.draw(st.permutations(some))
    assert scanned(shuffled) == scanned(some)
    part = shuffled[: data.draw(st.integers(0, len(some)))]
    assert scanned(part).keys() <= scanned(some).keys()


def test_properties_are_read_from_texts_too():
    said = {"mail_id": 7, "link": "https://x.example/a", "links": "4", "delivered_at": "2026-11-04T09:00:00"}
    assert hit_of(1, CLICK, SENT, said) == Hit(1, CLICK, SENT, "7", "https://x.example/a", 4, SENT)
    assert hit_of(1, CLICK, SENT, {"mail_id": "m", "links": "some", "delivered_at": "then"}) == Hit(1, CLICK, SENT, "m")
    assert hit_of(1, CLICK, SENT, {"link": "a"}) is None
    assert hit_of(1, "page_view", SENT, said) is None
