"""Loading: exact on any day, whole or not at all, never into data that is there, and as much of it as asked for."""

from datetime import UTC, datetime

import pytest

from assay.actions.policies import start_with
from assay.demo import is_loaded, load
from assay.demo.personas import PERSONAS
from assay.domain.errors import BadInput
from assay.domain.policy import Policy
from assay.policies import shipped
from assay.records.models import Lead
from tests.demo.test_month import EXAMPLE, found_by_audit
from tests.people import NOW, a_lead
from tests.records.dump import everything, refused

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_counts_are_exact_on_new_years_night() -> None:
    demo = load(datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC))
    assert demo.steps == EXAMPLE
    assert found_by_audit(demo) == {mistake: set(leads) for mistake, leads in demo.planted.items()}


@pytest.mark.slow
def test_twice_the_scale_is_twice_of_everything_half_an_hour_into_summer_time() -> None:
    calls: list[tuple[int, int]] = []
    now = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    demo = load(now, scale=2, progress=lambda done, total: calls.append((done, total)))
    assert demo.steps == {step: 2 * count for step, count in EXAMPLE.items()}
    assert [done for done, _ in calls] == sorted({done for done, _ in calls})
    assert calls[-1][0] == calls[-1][1] > 2 * 2_500
    for mistake, lead_ids in demo.planted.items():
        assert len(lead_ids) == 2 * sum(persona.count for persona in PERSONAS if mistake in persona.plants)
    assert found_by_audit(demo) == {mistake: set(leads) for mistake, leads in demo.planted.items()}


def test_it_is_not_loaded_beside_a_real_lead() -> None:
    a_lead()
    with refused("not_empty"):
        load(NOW)
    assert not is_loaded()


def test_it_is_not_loaded_under_another_rule() -> None:
    start_with(Policy.parse(shipped().text.replace("threshold = 100", "threshold = 90")), NOW)
    with refused("other_policy"):
        load(NOW)


def test_a_load_that_breaks_off_leaves_nothing_behind() -> None:
    class BreaksOff(Exception):
        pass

    def halfway(done: int, total: int) -> None:
        if 2 * done > total:
            assert Lead.objects.exists()
            raise BreaksOff

    before = everything()
    with pytest.raises(BreaksOff):
        load(NOW, progress=halfway)
    assert everything() == before


def test_a_scale_below_one_makes_no_sense() -> None:
    with pytest.raises(BadInput, match="scale of 1 or more"):
        load(NOW, scale=0)
