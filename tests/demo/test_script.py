"""The script alone, for many a now: every persona's outcome is certain, whenever the month ends."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from assay.demo.campaigns import EFFORTS
from assay.demo.cast import Casting
from assay.demo.events import Done
from assay.demo.load import script
from assay.demo.month import DAYS, Month
from assay.demo.personas import PERSONAS
from assay.demo.personas.accepted import ACCEPTED, DEALS
from assay.demo.personas.returned import REJECTED
from assay.demo.personas.undecided import UNDECIDED
from assay.domain.working_time import working_time
from assay.policies import shipped
from tests.demo.rehearsal import AT_THE_GATE, SCORER, rehearse
from tests.people import NOW

ODD_TIMES = [
    datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC),  # a year, a holiday and an hour of local time have just begun
    datetime(2025, 12, 28, 23, 30, tzinfo=UTC),  # after Christmas, already Monday in Paris
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # half an hour into summer time, on a Sunday
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # within the hour that comes twice
    datetime(2024, 5, 20, 21, 59, 59, 999_999, tzinfo=UTC),  # Whit Monday, the fifth French holiday of this month
    datetime(2024, 5, 14, 2, 19, 1, tzinfo=UTC),  # before dawn, and hardly a working day in the two weeks before
    datetime(2025, 11, 3, 22, 49, 17, tzinfo=UTC),  # thirty days that are an hour longer, as clocks went back
    datetime(2028, 2, 29, 8, 0, tzinfo=UTC),  # a day that is rare
]
ANY_TIMES = [
    datetime(2026, 1, 3, 5, tzinfo=UTC) + number * timedelta(days=31, hours=7, minutes=13) for number in range(12)
]


@pytest.mark.parametrize("now", [*ODD_TIMES, *ANY_TIMES], ids=str)
def test_whenever_the_month_ends_each_lead_crosses_or_never_can(now: datetime) -> None:
    floor = SCORER.policy.intent.floor
    for part in rehearse(now):
        scores = list(part.scores())
        if part.name == "override":
            assert not any(score.fits for _, score in scores)
        elif part.name in AT_THE_GATE:
            crossed = [at for at, score in scores if score.mql or (score.milestone and score.fits)]
            assert crossed, part.name
            assert crossed[0] <= part.peak
            assert all(done.at > part.peak for done in part.done)
        else:
            # Stronger than "no MQL": a colleague who tells the firm's budget can raise fit and still changes nothing.
            assert not any(score.fits and score.pattern and score.intent >= floor for _, score in scores), part.name


@pytest.mark.parametrize("now", [*ODD_TIMES, *ANY_TIMES], ids=str)
def test_whenever_the_month_ends_all_of_it_lies_within_thirty_days(now: datetime) -> None:
    month, hours = Month(now, shipped()), working_time(shipped())
    events = script(Casting().cast(PERSONAS, 1), month, 1)
    assert now - timedelta(days=DAYS) <= month.start < events[0].at
    assert events[-1].at <= now
    assert [event.at for event in events] == sorted(event.at for event in events)
    for done in (event for event in events if isinstance(event, Done)):
        assert hours.is_open(done.at)


@pytest.mark.parametrize("now", [*ODD_TIMES, *ANY_TIMES], ids=str)
def test_at_the_end_some_are_fresh_some_forgotten_and_some_have_cooled(now: datetime) -> None:
    parts = rehearse(now)
    undecided = [persona.name for persona in UNDECIDED]
    waited = {name: [now - part.peak for part in parts if part.name == name] for name in undecided}
    assert min(waited["fresh_hot"]) < timedelta(hours=1)
    assert max(waited["fresh_hot"]) < timedelta(hours=1), "else an audit would rightly call them slow"
    assert all(timedelta(hours=9) < time < timedelta(days=7) for time in waited["left_overnight"])
    assert all(timedelta(days=1) < time for time in waited["waiting"])
    assert all(time > timedelta(days=6) for time in waited["forgotten"])
    for part in parts:
        if part.name in ("fresh_hot", "left_overnight", "tiny_hot", "unknown_hot"):
            assert part.score_at(now).temperature == "hot"
        if part.name in ("cooling", "withdrawn"):
            assert not part.score_at(now).mql


def test_the_personas_add_up_to_the_worked_example() -> None:
    counts = {persona.name: persona.count for persona in PERSONAS}
    assert len(counts) == len(PERSONAS)
    assert sum(counts.values()) == 250
    assert sum(counts[name] for name in AT_THE_GATE) == 78
    assert sum(persona.count for persona in ACCEPTED) == 10
    assert sum(persona.count for persona in DEALS) == 4
    assert sum(persona.count for persona in REJECTED) == 40
    assert sum(effort.visitors for effort in EFFORTS) == 10_000


def test_every_lead_comes_from_a_source_that_has_a_campaign() -> None:
    assert {source for persona in PERSONAS for source in persona.sources} == {effort.source for effort in EFFORTS}


def test_the_same_now_and_scale_give_the_same_script() -> None:
    first, second = (script(Casting().cast(PERSONAS, 2), Month(NOW, shipped()), 2) for _ in range(2))
    assert first == second


def test_people_of_a_large_month_have_addresses_of_their_own() -> None:
    rows = [character.row for character in Casting().cast(PERSONAS, 30)]
    assert len({row.email_key for row in rows}) == len(rows) == 250 * 30
    firms = Counter((row.domain, row.company) for row in rows if row.domain and row.company)
    assert len({domain for domain, _ in firms}) == len(firms)
