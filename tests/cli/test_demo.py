"""The demo from a shell: loaded once, shown ever after, never mixed with data of one's own."""

import pytest

from assay.records.models import Lead
from tests.cli.conftest import Assay
from tests.people import a_lead

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_month_is_loaded_once_and_shows_the_worked_example(assay: Assay) -> None:
    done = assay("demo", "--no-serve")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("The demo month is loaded. Every person, company and address in it is invented.\n")
    for line in (
        "Visitors       10,000",
        "MQL                78  31.2 %",
        "It leaks most from MQL to SQL: 10 of 78 go on (13 %).",
        "sam@assay.example",
        "assay accept LEAD --as sam@assay.example",
    ):
        assert line in done.out
    count = Lead.objects.count()
    again = assay("demo", "--no-serve", "--json").json
    assert (again["loaded"], again["leakiest"], Lead.objects.count()) == (False, "mql_to_sql", count)
    assert [step["count"] for step in again["steps"]] == [10_000, 250, 78, 10, 10, 4, 1]


def test_it_never_mixes_with_data_of_ones_own(assay: Assay) -> None:
    a_lead()
    done = assay("demo", "--no-serve")
    assert (done.code, done.out) == (1, "")
    assert "This database holds leads already" in done.err
    assert Lead.objects.count() == 1
