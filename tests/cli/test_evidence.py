"""The evidence from a shell."""

import pytest

from assay.domain.ladder import Rung
from tests.cli.conftest import Assay
from tests.people import a_lead_on, an_sql

pytestmark = pytest.mark.django_db


def test_evidence_by_line_for_people_and_programs(assay: Assay) -> None:
    a_lead_on(Rung.WON)
    an_sql()
    shown = assay("evidence").out
    assert "2 promotions decided, 2 accepted; 1 of those ended, 1 won." in shown
    demo = next(row for row in shown.splitlines() if "Asked for a demo" in row)
    assert " ".join(demo.split()).startswith("+40 Asked for a demo 2 0 100 % : - ?")
    told = assay("evidence", "--json").json
    [line] = [line for line in told["lines"] if line["name"] == "demo_request"]
    assert (line["accepted"]["with"]["leads"], line["accepted"]["says"]) == (2, "cannot tell yet")
    assert assay("evidence", "--to", "2026-10-01", "--json").json["decided"] == 0
