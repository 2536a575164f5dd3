"""Two policies differ line by line, in words."""

from assay.domain.plain import plain
from assay.domain.policy import Policy
from assay.domain.policy_changes import differences
from assay.policies import shipped

TEXT = shipped().text


def told(*changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [(str(one.label), str(one.before), str(one.after)) for one in differences(shipped(), Policy.parse(text))]


def test_alike_policies_differ_in_nothing():
    assert told(("# The default policy", "# Another comment")) == []


def test_numbers_lists_and_switches_are_told_by_name():
    assert told(("threshold = 100", "threshold = 110.5"), ("accept_is_sql = true", "accept_is_sql = false")) == [
        ("Fit and intent together", "100", "110.5"),
        ("Accepting also qualifies", "yes", "no"),
    ]
    assert told(('warm = "8h"', 'warm = "9h"'), ("closed = []", 'closed = ["2026-12-24"]')) == [
        ("clocks.closed", "", "2026-12-24"),
        ("clocks.gate.warm", "480 min of working time", "540 min of working time"),
    ]


def test_criteria_and_kinds_are_one_line_each():
    assert told(("between = [10, 1000]", "between = [50, 1000]"), ("Asked to be called", "Wants a call")) == [
        ("Company size", "25: employees from 10 to 1000", "25: employees from 50 to 1000"),
        ("Wants a call", "", "35, halved in 21 days, at most 50; hot, raised hand"),
        ("Asked to be called", "35, halved in 21 days, at most 50; hot, raised hand", ""),
    ]


def test_what_is_new_and_what_went_are_told():
    added = 'demo_call = { label = "Took a call", points = 5, half_life_days = 7, cap = 10 }\ncareers_view'
    assert told(("careers_view", added)) == [("Took a call", "", "5, halved in 7 days, at most 10")]
    assert told(('duplicate = "Already in the pipeline", ', "")) == [
        ("gate.reasons.rejection.duplicate", "Already in the pipeline", "")
    ]


def test_an_explored_share_is_said_in_plain_words():
    explores = Policy.parse(TEXT.replace("explore = 0.0", "explore = 0.05"))
    assert "Of leads just under the threshold 5 % are sent as an exploration." in plain(explores).gate
    assert len(plain(explores).gate) == len(plain(shipped()).gate) + 1
