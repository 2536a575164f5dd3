"""Visitors who never say who they are, and the robots among them."""

from collections.abc import Iterator
from datetime import timedelta

from assay.demo.chance import chance_of
from assay.demo.events import Seen
from assay.demo.habits import PAGES
from assay.demo.month import Month
from assay.domain.rows import SignalRow

VISITORS = 480
ROBOTS = 12
LOOKS_AT = ("page_view",) * 7 + ("pricing_view", "case_study_view", "careers_view")


def strangers(month: Month, scale: int) -> Iterator[Seen]:
    """The signals of visitors known by their browser only: most view a page or two, robots view many in seconds."""
    chance = chance_of("strangers")
    for number in range((VISITORS + ROBOTS) * scale):
        robot = number >= VISITORS * scale
        name = f"{'robot' if robot else 'visitor'}-{number}"
        at, gap = month.web.at(chance.random()), 1 if robot else 90
        for page in range(chance.randint(8, 20) if robot else chance.randint(1, 5)):
            kind = chance.choice(LOOKS_AT)
            url = chance.choice(PAGES[kind])
            row = SignalRow(f"demo {name} {page}", at, kind, visitor_id=name, url=url, bot=robot)
            yield Seen(at, row)
            at = min(at + timedelta(seconds=gap * chance.uniform(0.5, 2)), month.now)
