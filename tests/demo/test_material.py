"""What the month is made of: rhythms, names, companies and profiles."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.demo import profiles
from assay.demo.campaigns import shares
from assay.demo.cast import Casting
from assay.demo.firms import SERVED_TRADES, STEMS
from assay.demo.habits import PAGES
from assay.demo.names import CULTURES, name, plain
from assay.demo.personas import PERSONAS
from assay.demo.profiles import Profile
from assay.demo.rhythm import Rhythm
from assay.domain.contact import company_domain
from assay.policies import shipped
from tests.demo.rehearsal import SCORER

PARIS = ZoneInfo("Europe/Paris")
# The night in which 02:00 to 03:00 comes twice lies within.
AUTUMN = Rhythm(
    datetime(2026, 10, 20, tzinfo=PARIS),
    datetime(2026, 11, 3, 9, 20, tzinfo=PARIS),
    PARIS,
    lambda local: 2.0 if 9 <= local.hour < 17 else 0.5 * (local.hour == 2),
)


@given(st.floats(0, 0.999_999))
def test_a_share_of_a_rhythm_leads_to_a_moment_and_back(share: float) -> None:
    assert AUTUMN.share(AUTUMN.at(share)) == pytest.approx(share, abs=2 / 3600 / AUTUMN.total * 2)


@given(st.floats(0, 0.9), st.floats(0, 0.09))
def test_later_shares_are_later_moments_in_hours_that_count(share: float, more: float) -> None:
    assert AUTUMN.at(share) <= AUTUMN.at(share + more)
    hour = AUTUMN.at(share).astimezone(PARIS).hour
    assert hour == 2 or 9 <= hour < 17


def test_an_hour_that_comes_twice_counts_twice() -> None:
    days = AUTUMN.by_day()
    assert list(days) == [date(2026, 10, 20) + timedelta(days=number) for number in range(15)]
    assert {weight for day, weight in days.items() if day.day != 25 and day.month == 10} == {16.5}
    assert days[date(2026, 10, 25)] == 17
    assert sum(days.values()) == pytest.approx(AUTUMN.total)


def test_hours_are_counted_over_nights_and_never_beyond_the_end() -> None:
    evening = datetime(2026, 10, 21, 16, 30, tzinfo=PARIS)
    assert AUTUMN.after(evening, 2.5) == datetime(2026, 10, 22, 9, 30, tzinfo=PARIS)  # 1.0 before, 0.5 at night
    assert AUTUMN.before(evening, 1_000) == datetime(2026, 10, 20, 2, tzinfo=PARIS)
    with pytest.raises(ValueError, match="outside the span"):
        AUTUMN.after(evening, 1_000)


@given(st.integers(0, 10**7), st.lists(st.floats(0.01, 100), min_size=1, max_size=40))
def test_shares_add_up_exactly(total: int, weights: list[float]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    assert all(abs(part - total * weight / sum(weights)) < 1.01 for part, weight in zip(parts, weights, strict=True))


def test_names_come_around_only_after_all_pairs_were_used() -> None:
    for country, (firsts, lasts) in CULTURES.items():
        assert len(lasts) == len(firsts) + 1
        pairs = len(firsts) * len(lasts)
        mailboxes = [name(country, number).mailbox for number in range(2 * pairs)]
        assert len(set(mailboxes)) == 2 * pairs
        assert all(mailbox.endswith("2") for mailbox in mailboxes[pairs:])


def test_names_are_spelled_plainly_in_addresses() -> None:
    assert [plain(text) for text in ("Østergaard & Søn", "Kjær", "Élodie")] == ["ostergaard-son", "kjaer", "elodie"]


def test_stems_and_trades_make_companies_of_their_own() -> None:
    assert len(set(STEMS)) == len(STEMS) == 53
    assert len(STEMS) % len(SERVED_TRADES)
    cast = Casting().cast(PERSONAS, 1)
    domains = {character.row.domain for character in cast if character.row.domain}
    assert len(domains) > 150
    assert all(company_domain(f"https://www.{domain}/") == domain for domain in domains)


FIT = {
    "IDEAL": {100},
    "NO_BUDGET": {85},
    "JUNIOR": {75},
    "GATEKEEPER": {100},
    "RECRUITER": {100},
    "COMPETITOR": {100},
    "ELSEWHERE": {55},
    "TINY": {40},
    "FOREIGN": {0},
    "STUDENT": {0},
    "UNKNOWN": {0},
    "ANONYMOUS": {0},
}


@pytest.mark.parametrize("kind", FIT)
def test_a_profile_fits_as_well_as_it_says(kind: str) -> None:
    profile: Profile = getattr(profiles, kind)
    cast = [who for who in Casting().cast(PERSONAS, 3) if who.persona.profile == profile]
    scores = [SCORER.fit.score(who.row.facts()) for who in cast]
    assert {score.fit for score in scores} == FIT[kind]
    assert all((score.coverage < SCORER.policy.fit.min_coverage) == profile.silent for score in scores)


def test_every_kind_of_signal_of_the_rule_but_replies_and_meetings_has_its_pages() -> None:
    seen_elsewhere = {"email_reply", "event_met", "product_milestone"}
    assert set(shipped().intent.signals) == set(PAGES) | seen_elsewhere
