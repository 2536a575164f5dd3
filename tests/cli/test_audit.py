"""The audit as people and programs see it."""

from pathlib import Path
from typing import Any

import pytest

from assay.actions import work
from assay.actions.actors import actor
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, max_, sam
from tests.postbox import Postbox, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def raw() -> int:
    """A lead that Sam called, and owns, and nobody accepted."""
    lead = a_lead(name="Rosa Raw")
    work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    work.assign(lead.pk, actor(max_()), NOW, sam().pk)
    return lead.pk


def test_people_see_four_findings_in_order_with_cost_and_next_step(assay: Assay, raw: int) -> None:
    done = assay("audit")
    titles = ["1. Raw leads passed to sales", "2. Slow first response", "3. No fit filter", "4. One-way handoff"]
    assert [done.out.index(title) for title in titles] == sorted(done.out.index(title) for title in titles)
    assert "1  leads, 100 % of the leads that sales worked or owned (1, few to go by)" in done.out
    assert "0.2 h of sales' time (0.1 to 0.3)" in done.out
    assert "Nobody worked a lead that does not fit." in done.out
    assert done.out.endswith("assay audit raw_leads\n")


def test_one_mistake_lists_its_leads_and_why(assay: Assay, raw: int) -> None:
    done = assay("audit", "raw_leads")
    assert "Raw leads passed to sales: 1 lead" in done.out
    assert "Rosa Raw" in done.out
    assert "owned by somebody in sales, and not accepted" in " ".join(done.out.split())
    assert assay("audit", "no_fit_filter").out == "Nobody worked a lead that does not fit.\n"


def test_programs_get_every_lead_and_figure(assay: Assay, raw: int) -> None:
    done = assay("audit", "--json", "--from", "2026-11-01", "--to", "2026-11-30").json
    assert (done["from"], done["to"], done["fix_first"]) == ("2026-11-01", "2026-11-30", "raw_leads")
    [first, *others] = done["findings"]
    assert (first["mistake"], first["count"], first["of"], first["share"], first["leads"]) == (
        "raw_leads",
        1,
        1,
        1.0,
        [raw],
    )
    assert {one["problem"]: one["leads"] for one in first["problems"]} == {"worked_raw": [raw], "owned_raw": [raw]}
    assert first["cost"]["hours"]["value"] == pytest.approx(1 / 6)
    assert [one["count"] for one in others] == [0, 0, 0]


def test_what_makes_no_sense_is_said(assay: Assay) -> None:
    assert "is after" in assay("audit", "--from", "2026-11-02", "--to", "2026-11-01").err
    assert assay("audit", "laziness").code == 2
    for command in ("audit", "funnel"):
        for option, far in (("--from", "0001-01-01"), ("--to", "9999-12-31")):
            assert "too far away" in assay(command, option, far).err


def test_it_is_written_as_a_pdf_and_sent_by_mail(assay: Assay, raw: int, tmp_path: Path, postbox: Postbox) -> None:
    file = tmp_path / "audit.pdf"
    done = assay("audit", "--pdf", file, "--mail", "boss@firm.example", "--from", "2026-11-01", "--to", "2026-11-30")
    assert done.out == f"Wrote {file}\nSent to boss@firm.example\n"
    assert file.read_bytes().startswith(b"%PDF-")
    assert postbox.recipients == ["boss@firm.example"]
    assert "1 November 2026 to 30 November 2026" in parts(postbox.mails[0])["text/plain"]
    postbox.full = True
    refused = assay("audit", "--mail", "boss@firm.example")
    assert (refused.code, refused.err.startswith("The mail server did not take it")) == (2, True)


def test_a_mail_needs_an_address_and_a_server(assay: Assay, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "is not an email address" in assay("audit", "--mail", "boss").err
    assert "ASSAY_MAIL" in assay("audit", "--mail", "boss@firm.example").err
