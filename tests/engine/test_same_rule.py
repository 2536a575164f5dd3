"""One rule, two evaluators: the engine gives what the domain gives, to the same parts, on every backend."""

from itertools import groupby
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assay import Policy, score
from assay.domain.policy_sections import Fit, Intent, Temperature
from tests import cases
from tests.domain.strategies import NOW, facts, fits, intents, signals, temperatures
from tests.engine.tables import by_the_domain, differences, leads_table, rows_of, signals_table

ZONES = ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
CASES = sorted(cases.read(), key=lambda case: (case.policy, case.now))
TOGETHER = [list(group) for _, group in groupby(CASES, key=lambda case: (case.policy, case.now))]


def test_the_named_cases() -> None:
    for group in TOGETHER:
        policy, now = cases.policy(group[0].policy), group[0].now
        leads, drawn = [case.facts for case in group], [case.signals for case in group]
        table = score(policy, leads_table(leads), signals_table(drawn), now=now)
        for case, row, by_hand in zip(group, rows_of(table), by_the_domain(policy, leads, drawn, now), strict=True):
            assert (case.name, differences(row, by_hand)) == (case.name, [])


def policies() -> st.SearchStrategy[Policy]:
    """The cases' policy with any fit, intent and zone."""

    def changed(fit: Fit, intent: Intent, temperature: Temperature, zone: str) -> Policy:
        update = {"fit": fit, "intent": intent, "temperature": temperature, "timezone": zone}
        return cases.policy().model_copy(update=update)

    return st.builds(changed, fits(), intents(), temperatures(), st.sampled_from(ZONES))


@settings(max_examples=40)
@given(policies(), st.lists(st.tuples(facts(), signals()), min_size=1, max_size=6))
def test_any_policy_on_any_leads(policy: Policy, drawn: list[Any]) -> None:
    leads, theirs = [facts for facts, _ in drawn], [signals for _, signals in drawn]
    table = score(policy, leads_table(leads), signals_table(theirs), now=NOW)
    rows = rows_of(table)
    for row, by_hand in zip(rows, by_the_domain(policy, leads, theirs, NOW), strict=True):
        assert differences(row, by_hand) == []
