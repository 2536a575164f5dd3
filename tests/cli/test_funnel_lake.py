"""`assay funnel --lake`: the lake gives the counts that the database has."""

from datetime import timedelta
from pathlib import Path

import pytest

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.actions.sources import count_visitors
from assay.cli import funnel_lake, lake
from assay.domain.ladder import Rung
from assay.settings import current
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, a_lead_on, an_mql, mara, observe, sam

LONG_AGO = NOW - timedelta(days=95)
LATER = NOW - timedelta(days=34)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake of the test's own."""
    own = current.model_copy(update={"lake": str(tmp_path / "lake")})
    for module in (lake, funnel_lake):
        monkeypatch.setattr(module, "current", own)
    return tmp_path / "lake"


def a_history() -> None:
    """Leads on every rung, over four months with one of no captures: skipped, rejected, recycled and reopened ones."""
    for rung in (Rung.WON, Rung.DISQUALIFIED, Rung.PQL, Rung.SQL, Rung.LEAD):
        a_lead_on(rung, LONG_AGO)
    gate.reject(an_mql(LONG_AGO).pk, actor(sam()), LONG_AGO, reason="bad_data")
    lost = a_lead_on(Rung.LOST, LONG_AGO)
    work.recycle(lost.pk, actor(sam()), LONG_AGO, reason="not_now")
    gate.accept(observe(lost, "demo_request", at=LATER).pk, actor(sam()), LATER)
    out = a_lead_on(Rung.DISQUALIFIED, LATER)
    work.reopen(out.pk, actor(mara()), NOW, text="New director")
    observe(out, "demo_request", at=NOW)
    work.reopen(a_lead_on(Rung.WON, LATER).pk, actor(mara()), NOW, text="A second firm")
    a_lead_on(Rung.SAL, NOW)
    a_lead(NOW, captured_at=LATER + timedelta(minutes=1))
    for days in (0, 34, 60):
        count_visitors((NOW - timedelta(days=days)).date(), "Website", None, days + 1)


@pytest.mark.usefixtures("transactional_db")
def test_the_lake_counts_as_the_database(assay: Assay, place: Path) -> None:
    a_history()
    assert "assay lake sync" in assay("funnel", "--lake").err
    assay("lake", "sync")
    for words in (
        (),
        ("--flow",),
        ("--by", "month"),
        ("--by", "month", "--flow", "--from", "2026-10-01"),
        ("--by", "month", "--from", "2026-08-01"),
        ("--cohort", "2026-10"),
        ("--from", "2026-10-01", "--to", "2026-10-31", "--flow"),
        ("--now", (NOW - timedelta(days=50)).isoformat()),
        ("--by", "month", "--to", "2020-01-01"),
    ):
        told = assay("funnel", "--json", *words).json
        told.pop("times")
        assert assay("funnel", "--lake", "--json", *words).json == told, words
    assert assay("funnel", "--by", "month").out.startswith(assay("funnel", "--lake").out)

    refused = assay("funnel", "--lake", "--by", "source", "--json")
    assert (refused.code, refused.error["error"]) == (2, "bad_usage")

    # It stays as it was synced.
    before = assay("funnel", "--lake").out
    an_mql()
    assert assay("funnel", "--lake").out == before

    next(place.rglob("decisions/*/*.parquet")).unlink()
    assert "assay lake verify" in assay("funnel", "--lake").err
