"""Looking: lists, one lead, its score now and then, the ledger."""

from datetime import timedelta

import pytest

from assay.domain.ladder import Rung
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, a_lead_on, an_mql, an_opportunity, observe

pytestmark = pytest.mark.django_db


def test_leads_are_listed_best_first_and_narrowed(assay: Assay) -> None:
    cold, mql = a_lead(name="Colin Cold", company="Ice"), an_mql()
    assert [lead["id"] for lead in assay("leads", "--json").json] == [mql.pk, cold.pk]
    assert [lead["id"] for lead in assay("leads", "--rung", "lead", "--json").json] == [cold.pk]
    assert [lead["id"] for lead in assay("leads", "--temperature", "hot", "--json").json] == [mql.pk]
    for text in ("colin", "PERSON0", "Colin Cold"):
        assert [lead["id"] for lead in assay("leads", "--search", text, "--json").json] == [cold.pk]
    listed = assay("leads", "--limit", 1).out
    assert "2 leads\n" in listed
    assert "and 1 more; --limit 0 shows all" in listed


def test_lists_without_any_lead_say_so(assay: Assay) -> None:
    assert "There are no leads yet" in assay("leads").out
    assert "No lead is like that." in assay("leads", "--rung", "won").out
    assert "Nothing was decided yet." in assay("ledger").out


def test_one_lead_with_everything(assay: Assay) -> None:
    lead = an_opportunity(campaign="Autumn", budget=20_000.0, attributes={"Lead Origin": "Web"})
    done = assay("lead", lead.pk)
    assert done.code == 0
    for line in (
        f"Lead {lead.pk}: Nina North, Head of Operations · North",
        "hot opportunity, grid A2, stage opportunity",
        "Next: Move the deal: agree the next date",
        "source       Website / Autumn",
        "lead origin  Web",
        "budget       20000",
        "   +25  Can decide: Head of Operations (+25)",
        " 100.0  Fit, 100 % of it known",
        "value      12,000.00 EUR",
        "authority  signs herself",
        "2026-11-04 10:00  touch     call, reached",
        "2026-11-04 10:00  decision  promote: lead to mql",
        "2026-11-04 10:00  signal    Asked for a demo",
    ):
        assert line in done.out
    told = assay("lead", lead.pk, "--json").json
    assert (told["stage"], told["owner"], told["deal"]["value"]) == ("opportunity", "sam@assay.example", "12000.00")
    assert [decision["move"] for decision in told["decisions"]] == [
        *("capture", "promote", "accept", "qualify", "open_deal"),
    ]
    assert told["facts"]["lead.lead_origin"] == "Web"


def test_only_the_newest_of_what_happened_is_shown(assay: Assay) -> None:
    lead = a_lead()
    for days in range(5):
        observe(lead, "page_view", at=NOW - timedelta(days=days))
    events = assay("lead", lead.pk, "--limit", 3, "--json").json["timeline"]
    assert [event["at"][:10] for event in events] == ["2026-11-04", "2026-11-04", "2026-11-03"]


def test_the_stored_score_is_shown_with_its_parts(assay: Assay) -> None:
    lead = an_mql()
    done = assay("score", lead.pk)
    assert f"Nina North · North (lead {lead.pk})\nhot MQL, A2, as of 2026-11-04 10:00\n" in done.out
    assert "   +40  Asked for a demo once" in done.out
    told = assay("score", lead.pk, "--json").json
    assert (told["rung"], told["fit"], told["intent"], told["mql"]) == ("mql", 100, 40, True)


def test_the_score_of_another_time_comes_from_the_log(assay: Assay) -> None:
    lead = a_lead(at=NOW - timedelta(days=20))
    observe(lead, "page_view", at=NOW - timedelta(days=10))
    observe(lead, "demo_request")
    then = assay("score", lead.pk, "--now", "2026-10-26T12:00", "--json").json
    assert (then["rung"], then["temperature"], then["mql"]) == ("lead", "warm", False)
    assert then["as_of"] == "2026-10-26T11:00:00Z"
    now = assay("score", lead.pk, "--now", NOW.isoformat(), "--json").json
    stored = assay("score", lead.pk, "--json").json
    assert {key: now[key] for key in stored} == stored
    later = assay("score", lead.pk, "--now", "2026-11-25T10:00", "--json").json
    assert later["intent"] == pytest.approx(20, abs=0.5)
    assert assay("score", lead.pk, "--json").json == stored


def test_there_is_no_score_before_the_lead_came(assay: Assay) -> None:
    done = assay("score", a_lead().pk, "--now", "2026-01-01")
    assert (done.code, done.out) == (2, "")
    assert "was not captured yet.\n  It came on 2026-11-04." in done.err


def test_the_ledger_is_read_newest_first(assay: Assay) -> None:
    lead, other = a_lead_on(Rung.DISQUALIFIED), a_lead()
    done = assay("ledger", lead.pk)
    last, first = done.out.splitlines()[1:]
    assert last.split()[3:5] == ["Nina", "North"]
    assert last.endswith("disqualify  lead to disqualified  Mara    wrong_fit")
    assert "capture" in first
    assert [row["lead"] for row in assay("ledger", "--json").json] == [other.pk, lead.pk, lead.pk]
    assert len(assay("ledger", "--limit", 1, "--json").json) == 1


def test_rescoring_counts_what_changed(assay: Assay) -> None:
    lead = a_lead()
    observe(lead, "demo_request", at=NOW + timedelta(days=1))
    assert assay("rescore").out == "1 lead scored, 0 promoted.\n"
    assert assay("rescore", "--json").json == {"scored": 1, "promoted": 0}
