"""What happens by itself as time passes."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from assay.actions.counting import count_all_waiting
from assay.actions.signals import record_signals
from assay.intake.statements import read_statement
from assay.records.models import Lead
from assay.work import sweep as sweeping
from assay.work.sweep import sweep, sweep_while
from tests import people


@pytest.mark.django_db
def test_a_hot_lead_cools_by_itself():
    lead = people.an_mql()
    assert lead.temperature == "hot"
    sweep(people.NOW + timedelta(days=40))
    lead.refresh_from_db()
    assert (lead.temperature, lead.rung, lead.cooling) == ("cold", "mql", True)


@pytest.mark.django_db
def test_a_signal_of_tomorrow_promotes_tomorrow():
    lead = people.observe(people.a_lead(), "page_view")
    record_signals([people.a_signal("demo_request", people.NOW + timedelta(days=1), lead.person.email)], people.NOW)
    assert count_all_waiting(people.NOW, read_statement) == 0
    assert count_all_waiting(people.NOW + timedelta(days=2), read_statement) == 1
    assert Lead.objects.get(pk=lead.pk).rung == "mql"


def test_a_database_that_is_away_is_tried_again_next_time(monkeypatch: pytest.MonkeyPatch):
    def away(now: object) -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(sweeping, "rescore", away)
    assert sweep(people.NOW) == 0


def test_it_sweeps_at_once_and_stops_when_nobody_wants_it(monkeypatch: pytest.MonkeyPatch):
    swept: list[object] = []
    monkeypatch.setattr(sweeping, "sweep", swept.append)
    monkeypatch.setattr("assay.work.regularly.close_old_connections", lambda: None)
    answers = iter([True, True, True, False])
    sweep_while(lambda: next(answers), pause=0)
    assert len(swept) == 1
