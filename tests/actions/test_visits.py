"""Visitors of the funnel: each browser once, on its first day, under where it came from."""

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest

from assay.actions.counting import count_all_waiting
from assay.actions.receive import Arrival, receive
from assay.intake.statements import read_statement
from assay.records.models import Campaign, Source, VisitCount, WriteKey
from tests.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> WriteKey:
    source = Source.objects.create(name="Website")
    return WriteKey.objects.create(name="Site", key="site", source=source, created_at=NOW)


def come(
    key: WriteKey, *visitors: str, at: datetime = NOW, campaign: str = "", bot: bool = False, referrer: str = ""
) -> None:
    """Page views of these browsers, received at one time and counted."""
    moment = at.replace(tzinfo=None).isoformat(" ")
    said = {"utm_campaign": campaign, "referrer": referrer}
    properties = json.dumps({name: text for name, text in said.items() if text})
    number = VisitCount.objects.count()
    views = [
        Arrival(
            f"{moment}-{visitor}-{number}-{place}",
            "visitor",
            visitor,
            "page_view",
            moment,
            moment,
            "",
            bot,
            "crawler" if bot else "",
            properties,
            key.pk,
        )
        for place, visitor in enumerate(visitors)
    ]
    receive(views, [], Counter(), at)
    count_all_waiting(at, read_statement)


def counted() -> dict[tuple[str, str, str], int]:
    return {
        (str(row.day), row.source.name, row.campaign.name if row.campaign else ""): row.visitors
        for row in VisitCount.objects.select_related("source", "campaign")
    }


def test_a_browser_counts_once_on_the_day_it_first_came(key: WriteKey):
    come(key, "ann", "ben", "ann")
    come(key, "ann", "cem", at=NOW + timedelta(days=1))
    assert counted() == {("2026-11-04", "Website", ""): 2, ("2026-11-05", "Website", ""): 1}


def test_it_counts_for_the_campaign_of_its_first_page(key: WriteKey):
    come(key, "ann", campaign="Spring")
    come(key, "ann", campaign="Autumn", at=NOW + timedelta(hours=1))
    assert counted() == {("2026-11-04", "Website", "Spring"): 1}


def test_a_robot_is_no_visitor(key: WriteKey):
    come(key, "ann", bot=True)
    assert counted() == {}


def test_the_day_is_one_of_the_policys_zone(key: WriteKey):
    come(key, "ann", at=NOW.replace(hour=23, minute=30))  # half past midnight in Paris
    assert list(counted()) == [("2026-11-05", "Website", "")]


def test_it_counts_where_it_came_from_only_if_the_key_leaves_that_to_the_visit(key: WriteKey):
    WriteKey.objects.update(campaign=Campaign.objects.create(source=key.source, name="Home"))
    come(key, "ann", referrer="https://www.google.com/")
    WriteKey.objects.update(source_of_visit=True)
    come(key, "ben", referrer="https://www.google.com/")
    come(key, "cem", referrer="https://chatgpt.com/", campaign="Spring")
    come(key, "dan", referrer="https://www.firm.example/")
    assert counted() == {
        ("2026-11-04", "Website", "Home"): 2,
        ("2026-11-04", "Google (search)", ""): 1,
        ("2026-11-04", "ChatGPT (assistant)", "Spring"): 1,
    }
