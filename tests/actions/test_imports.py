"""Bringing files in: counted, refused row by row, tried without trace, repeated without effect."""

from datetime import timedelta

import pytest

from assay.actions import imports
from assay.actions.actors import actor
from assay.actions.imports import import_leads, import_signals
from assay.domain.ladder import Rung
from assay.domain.rows import LeadRow, Refusal, SignalRow
from assay.records.models import Decision, Import, ImportChange, Lead, Person, Quarantine, Signal
from tests.people import NOW, a_lead, a_row, a_signal, mara
from tests.records.dump import everything

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
BROKEN = Refusal(3, "bad_email", '"nina@" is not an address.', {"email": "nina@"})

LEADS: list[LeadRow | Refusal] = [
    a_row("ann@north.example", line=2),
    BROKEN,
    a_row("bob@south.example", line=4),
    a_row("Ann@north.example", line=5, phone="+33199001234"),
    a_row("eve@west.example", line=6, source=None),
]
SIGNALS: list[SignalRow | Refusal] = [
    a_signal("demo_request", email="ann@north.example"),
    a_signal("demo_request", email="ann@north.example"),
    a_signal("page_view", visitor_id="v-1"),
    BROKEN,
]


def bring_leads(rows: list[LeadRow | Refusal], *, dry_run: bool = False) -> Import:
    """Mara imports a file of leads."""
    return import_leads(rows, "leads.csv", {"email": "E-Mail"}, actor(mara()), NOW, dry_run=dry_run)


def bring_signals(rows: list[SignalRow | Refusal]) -> Import:
    """Mara imports a file of signals."""
    return import_signals(rows, "signals.csv", {"at": "Time"}, actor(mara()), NOW)


def test_every_row_of_a_file_of_leads_is_accounted_for() -> None:
    done = bring_leads(LEADS)
    assert done.counts == {"rows": 5, "new": 2, "known": 1, "quarantined": 2}
    assert (done.kind, done.file_name, done.mapping, done.by) == ("leads", "leads.csv", {"email": "E-Mail"}, mara())
    assert Import.objects.get().counts == done.counts
    assert Import.objects.get().finished_at == NOW
    assert set(Lead.objects.values_list("imported_by", flat=True)) == {done.pk}


def test_every_row_of_a_file_of_signals_is_accounted_for() -> None:
    lead = a_lead(email="ann@north.example")
    done = bring_signals(SIGNALS)
    assert done.counts == {"rows": 4, "new": 2, "known": 1, "waiting": 1, "promoted": 1, "quarantined": 1}
    lead.refresh_from_db()
    assert lead.rung == Rung.MQL
    assert set(Signal.objects.values_list("imported_by", flat=True)) == {done.pk}


def test_refused_rows_are_kept_with_line_reason_and_content() -> None:
    bring_leads(LEADS)
    early, late = Quarantine.objects.order_by("line")
    assert (early.line, early.code, early.sentence) == (3, "bad_email", '"nina@" is not an address.')
    assert early.raw == {"email": "nina@"}
    assert (late.line, late.code, late.raw["person.email"]) == (6, "guard_failed", "eve@west.example")


def test_what_fills_blanks_is_counted_and_noted() -> None:
    a_lead(email="ann@north.example", title=None)
    done = bring_leads([a_row("ann@north.example", title="CEO")])
    assert done.counts == {"rows": 1, "known": 1, "filled": 1}
    change = ImportChange.objects.get(imported_by=done)
    assert (change.model, change.field, change.before, change.after) == ("person", "title", "", "CEO")


def test_a_file_of_nothing_is_an_import_too() -> None:
    done = bring_leads([])
    assert (done.counts, done.finished_at) == ({}, NOW)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_the_size_of_batches_makes_no_difference(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(imports, "BATCH", batch)
    told: list[int] = []
    by = actor(mara())
    done = import_leads(LEADS, "leads.csv", {}, by, NOW, progress=told.append)
    assert sum(told) == 5
    assert max(told) <= batch
    assert {name: done.counts[name] for name in ("rows", "new", "known", "quarantined")} == {
        "rows": 5,
        "new": 2,
        "known": 1,
        "quarantined": 2,
    }
    assert Person.objects.get(email="ann@north.example").phone == "+33199001234"


# --- again ---------------------------------------------------------------------------------------


def test_the_same_file_again_adds_nothing() -> None:
    a_lead(email="ann@north.example", title=None)
    for _ in range(2):
        bring_leads(LEADS[:1] + LEADS[2:4])
        bring_signals(SIGNALS[:3])
    before = everything(without=[Import])
    leads, signals = bring_leads(LEADS[:1] + LEADS[2:4]), bring_signals(SIGNALS[:3])
    assert leads.counts == {"rows": 3, "known": 3}
    assert signals.counts == {"rows": 3, "known": 3}
    assert everything(without=[Import]) == before


# --- dry run -------------------------------------------------------------------------------------


def test_a_dry_run_counts_and_leaves_nothing() -> None:
    a_lead(email="ann@north.example", title=None)
    by = mara()
    before = everything()
    leads = import_leads(LEADS, "leads.csv", {}, actor(by), NOW, dry_run=True)
    signals = import_signals(SIGNALS, "signals.csv", {}, actor(by), NOW, dry_run=True)
    assert leads.counts == {"rows": 5, "new": 1, "known": 2, "filled": 1, "quarantined": 2}
    assert signals.counts["promoted"] == 1
    assert everything() == before


def test_a_dry_run_sees_its_own_earlier_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BATCH", 1)
    done = bring_leads(LEADS, dry_run=True)
    assert (done.counts["new"], done.counts["known"]) == (2, 1)
    assert not Decision.objects.exists()
