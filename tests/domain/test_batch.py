"""Leads and signals scored without a record: who is who, and the same score however the rows come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from assay.domain.batch import Batch
from assay.domain.intent import Signal
from assay.domain.ladder import Rung
from assay.domain.rows import LeadRow, SignalRow
from assay.domain.score import Score, Scorer
from assay.policies import shipped

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
POLICY = shipped()
NINA = LeadRow(line=2, lead_id="L1", email="nina@north.example", email_key="nina@north.example", name="Nina North")
FITTING: Any = {"title": "CEO", "employees": 120.0, "industry": "Software", "country": "FR", "budget": 20_000.0}


def a_batch(*rows: LeadRow) -> Batch:
    batch = Batch(POLICY, NOW)
    for row in rows:
        assert batch.add_lead(row) is None
    return batch


def a_signal(kind: str = "page_view", **said: Any) -> SignalRow:
    return SignalRow(**{"message_id": "m1", "at": NOW, "kind": kind, **said})


def the_score(batch: Batch) -> Score:
    [known] = batch.leads
    return batch.score(known)


def test_rows_of_one_person_are_one_lead() -> None:
    batch = a_batch(NINA, LeadRow(line=3, lead_id="L1", title="CEO"), LeadRow(line=4, email_key="nina@north.example"))
    [known] = batch.leads
    assert (known.row.name, known.row.title, known.row.line) == ("Nina North", "CEO", 2)


def test_a_later_row_never_overwrites() -> None:
    batch = a_batch(NINA, LeadRow(line=3, lead_id="L1", name="Somebody Else", attributes={"size": 38}))
    assert (batch.leads[0].row.name, batch.leads[0].row.attributes) == ("Nina North", {"size": 38})


def test_a_row_that_leads_to_two_people_is_refused() -> None:
    batch = a_batch(NINA, LeadRow(line=3, lead_id="L2"))
    refusal = batch.add_lead(LeadRow(line=4, lead_id="L2", email="n@n.example", email_key="nina@north.example"))
    assert refusal
    assert (refusal.line, refusal.code) == (4, "two_people")
    assert len(batch.leads) == 2


@pytest.mark.parametrize("names", [{"lead_id": "L1"}, {"email_key": "nina@north.example"}, {"visitor_id": "v1"}])
def test_a_signal_finds_its_lead(names: dict[str, str]) -> None:
    batch = Batch(POLICY, NOW)
    batch.add_lead(NINA, "v1")
    assert batch.add_signal(a_signal(**names))
    assert the_score(batch).temperature == "warm"


def test_a_signal_of_a_stranger_finds_nobody() -> None:
    batch = a_batch(NINA)
    assert not batch.add_signal(a_signal(lead_id="L9", email_key="who@else.example"))
    assert the_score(batch).temperature == "cold"


def test_an_id_nobody_has_leaves_the_address_to_tell() -> None:
    assert a_batch(NINA).add_signal(a_signal(lead_id="L9", email_key="nina@north.example"))


@pytest.mark.parametrize(
    "said",
    [{"bot": True}, {"kind": "unheard_of"}, {"at": NOW + timedelta(seconds=1)}],
    ids=["a robot", "a kind without points", "the future"],
)
def test_what_weighs_nothing(said: dict[str, Any]) -> None:
    batch = a_batch(NINA)
    assert batch.add_signal(a_signal(lead_id="L1", **said))
    assert the_score(batch).intent == 0


def test_colleagues_know_what_the_first_row_of_their_company_says() -> None:
    first = LeadRow(
        line=2, email_key="a@north.example", domain="north.example", employees=120.0, country="FR", budget="about 20k"
    )
    second = LeadRow(line=3, email_key="b@north.example", domain="north.example", country="BR")
    batch = a_batch(first, second)
    verdicts = [
        {part.name: part.verdict for part in batch.score(known).parts if part.axis == "fit"} for known in batch.leads
    ]
    assert [verdict["Company size"] for verdict in verdicts] == ["match", "match"]
    assert [verdict["Country we sell to"] for verdict in verdicts] == ["match", "miss"]
    assert batch.score(batch.leads[1]).missing == ("person.title", "company.industry", "company.budget")
    assert "about" in next(part.sentence for part in batch.score(batch.leads[0]).parts if part.name == "Budget")
    assert "about" not in next(part.sentence for part in batch.score(batch.leads[1]).parts if part.name == "Budget")


def test_the_list_is_best_first() -> None:
    batch = a_batch(NINA, LeadRow(line=3, lead_id="L2", **FITTING), LeadRow(line=4, lead_id="L3", **FITTING))
    batch.add_signal(a_signal("demo_request", lead_id="L3"))
    assert [(known.row.lead_id, score.rung) for known, score in batch] == [
        ("L3", Rung.MQL),
        ("L2", Rung.LEAD),
        ("L1", Rung.LEAD),
    ]


def test_value_from_the_product_says_more_than_the_score() -> None:
    batch = a_batch(LeadRow(line=2, lead_id="L1", **FITTING))
    batch.add_signal(a_signal("product_milestone", lead_id="L1"))
    assert the_score(batch).rung is Rung.PQL


moments = st.timedeltas(timedelta(days=-300), timedelta(days=30)).map(lambda ago: NOW + ago)
kinds = st.sampled_from([*POLICY.intent.signals, "unheard_of"])


@given(st.lists(st.tuples(kinds, moments, st.integers(0, 30)), max_size=40))
def test_a_batch_scores_exactly_as_the_fold_does(drawn: list[tuple[str, datetime, int]]) -> None:
    batch = a_batch(NINA)
    for kind, at, number in drawn:
        batch.add_signal(SignalRow(str(number), at, kind, lead_id="L1"))
    scorer = Scorer(POLICY)
    # The first of several signals with one message id is the one that counts, listed kind or not.
    first = {number: Signal(str(number), kind, at) for kind, at, number in reversed(drawn)}
    states = scorer.intent.fold([first[number] for number in dict.fromkeys(number for *_, number in drawn)], NOW)
    expected = scorer.score(NINA.facts(), states, NOW)
    assert _without_noise(the_score(batch)) == _without_noise(expected)


def _without_noise(score: Score) -> list[tuple[str, float]]:
    return [(part.name, round(part.points, 9)) for part in score.parts]
