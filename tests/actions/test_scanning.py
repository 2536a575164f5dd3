"""Clicks of mail scanners are marked and weigh nothing, whatever order they come in."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.actions.counting import count_all_waiting, count_waiting
from assay.actions.receive import Arrival, receive
from assay.actions.scoring import refolded, states_of
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.scanners import scanned
from assay.intake.statements import read_statement
from assay.records.models import Lead, Signal
from tests.actions.arrivals import arrived
from tests.people import NOW, a_lead, a_signal
from tests.records.dump import taken_back

pytestmark = pytest.mark.django_db

SENT = NOW - timedelta(hours=1)
LATER = NOW + timedelta(minutes=5)
EMAIL = "nina@north.example"

Click = tuple[str, int, str, int]
"""Kind, seconds after the delivery, link, and which of two mails."""


def clicked(number: int, click: Click) -> Arrival:
    kind, seconds, link, mail = click
    said = {"mail_id": f"mail {mail}", "link": link, "links": 3, "delivered_at": SENT.isoformat()}
    at = SENT + timedelta(seconds=seconds)
    return arrived(kind, email=EMAIL, at=at, properties=said, message_id=f"click {number}")


def marks() -> dict[str, str]:
    """Reason by message, of those that are marked."""
    return dict(Signal.objects.filter(bot=True).values_list("message_id", "bot_reason"))


def come_in(arrivals: Sequence[Arrival], *, counted: int | None = None) -> None:
    """Stored, and counted so many at a time; not yet where None."""
    receive(arrivals, [], Counter(), NOW)
    while counted and count_waiting(counted, NOW, read_statement).signals:
        pass


def is_a_recount(lead: Lead) -> bool:
    states, counted = states_of([lead.pk])[lead.pk], refolded([lead.pk], NOW)[lead.pk]
    numbers = {kind: (state.count, state.first, state.last, state.days) for kind, state in states.items()}
    return (
        numbers == {kind: (state.count, state.first, state.last, state.days) for kind, state in counted.items()}
    ) and all(
        states[kind].weight_at(NOW.timestamp()) == pytest.approx(counted[kind].weight_at(NOW.timestamp()))
        for kind in states
    )


BURST: list[Click] = [("email_click", 600, "a", 1), ("email_click", 601, "b", 1), ("email_click", 602, "c", 1)]


def test_a_burst_weighs_nothing_though_its_first_clicks_were_counted():
    lead = a_lead(email=EMAIL)
    first, second, third = (clicked(number, click) for number, click in enumerate(BURST))
    come_in([first, second], counted=1)
    assert Lead.objects.get(pk=lead.pk).intent > 0
    come_in([third], counted=1)
    assert marks() == {f"click {number}": "scanner_burst" for number in range(3)}
    assert Lead.objects.get(pk=lead.pk).intent == 0
    assert not lead.states.exists()


def test_a_reader_s_click_stays_and_weighs():
    lead = a_lead(email=EMAIL)
    come_in(
        [clicked(number, click) for number, click in enumerate([*BURST, ("email_click", 3_000, "a", 1)])], counted=9
    )
    assert len(marks()) == 3
    [state] = lead.states.all()
    assert (state.kind, state.count) == ("email_click", 1)


def test_the_mail_to_somebody_else_is_another_mail():
    for number, (_, seconds, link, _) in enumerate(BURST):
        email = f"reader{number}@north.example"
        said = {"mail_id": "newsletter", "link": link}
        come_in([arrived("email_click", email=email, at=SENT + timedelta(seconds=seconds), properties=said)], counted=9)
    assert marks() == {}


def test_clicks_of_a_file_are_looked_at_as_well():
    lead = a_lead(email=EMAIL)
    for number, (kind, seconds, link, mail) in enumerate(BURST):
        said = {"mail_id": str(mail), "link": link}
        row = a_signal(kind, SENT + timedelta(seconds=seconds), EMAIL, message_id=f"click {number}", properties=said)
        in_transaction(partial(record_signals, [row], NOW))
    assert len(marks()) == 3
    assert Lead.objects.get(pk=lead.pk).intent == 0


def test_what_a_file_calls_a_robot_s_stays_so():
    rows = [
        a_signal(kind, SENT + timedelta(seconds=seconds), EMAIL, bot=True, properties={"mail_id": "m", "link": link})
        for kind, seconds, link, _ in BURST
    ]
    in_transaction(lambda: record_signals(rows, NOW))
    assert set(marks().values()) == {""}


def test_opens_weigh_nothing_by_default():
    lead = a_lead(email=EMAIL)
    come_in(
        [arrived("email_open", email=EMAIL, at=SENT + timedelta(minutes=20), properties={"mail_id": "m"})], counted=9
    )
    assert Lead.objects.get(pk=lead.pk).intent == 0


@settings(max_examples=settings().max_examples // 2)
@given(
    clicks=st.lists(
        st.tuples(
            st.sampled_from(["email_click", "email_click", "email_open"]),
            st.sampled_from([1, 599, 600, 601, 602, 700, 900, 2_000, 3_000]),
            st.sampled_from("abc"),
            st.sampled_from([1, 2]),
        ),
        max_size=9,
    ),
    data=st.data(),
)
def test_any_order_gives_the_same_marks_and_the_score_of_a_full_recount(clicks: list[Click], data: st.DataObject):
    arrivals = [clicked(number, click) for number, click in enumerate(clicks)]
    with taken_back():
        a_lead(email=EMAIL)
        come_in(arrivals, counted=100)
        expected = marks()
    with taken_back():
        known_before = data.draw(st.booleans())
        lead = a_lead(email=EMAIL) if known_before else None
        for arrival in data.draw(st.permutations(arrivals)):
            come_in([arrival], counted=data.draw(st.sampled_from([None, 1, 5])))
        lead = lead or a_lead(email=EMAIL)
        count_all_waiting(NOW, read_statement)
        assert marks() == expected
        assert is_a_recount(lead)


def test_a_mark_is_never_taken_back():
    a_lead(email=EMAIL)
    come_in([clicked(number, click) for number, click in enumerate(BURST)], counted=9)
    for change in ({"bot": False}, {"bot_reason": ""}, {"bot_reason": "crawler"}, {"url": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signal.objects.update(**change)
    assert scanned([]) == {}
