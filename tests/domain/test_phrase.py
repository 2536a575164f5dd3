"""Phrases: English wherever text is wanted, and what they are made of for whoever says them otherwise."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from assay.domain.explanation import TEMPLATES, phrase_of
from assay.domain.facts import Facts
from assay.domain.fit import FitRule
from assay.domain.intent import IntentRule, Signal
from assay.domain.parts import Part, points_text
from assay.domain.phrase import Phrase, Template, either, heard, together
from assay.domain.policy_sections import Fit
from tests.domain.strategies import NOW, facts, fits, signals
from tests.domain.test_intent import rules


def test_a_phrase_is_its_english_text():
    phrase = Phrase("{who} has {count} left", who="Sam {x}", count=3)
    assert phrase == "Sam {x} has 3 left"
    assert json.dumps(phrase) == '"Sam {x} has 3 left"'
    assert (phrase.template, phrase.args) == ("{who} has {count} left", {"who": "Sam {x}", "count": 3})


@pytest.mark.parametrize(
    ("arg", "text"),
    [
        (date(2026, 11, 4), "2026-11-04"),
        (datetime(2026, 11, 4, 9, tzinfo=UTC), "2026-11-04 09:00 UTC"),
        (("need", "budget"), "need, budget"),
        (Phrase("within {days} days", days=2), "within 2 days"),
    ],
)
def test_its_english_writes_arguments_as_programs_read_them(arg: object, text: str):
    assert Phrase("{it}", it=arg) == text


def test_phrases_are_put_together_and_keep_what_they_are():
    both = together(Phrase("Wait."), "", Phrase("Ask {who}.", who="Max"))
    assert both == "Wait. Ask Max."
    assert [type(part) for part in both.args.values()] == [Phrase, Phrase]


def test_choices_are_joined_by_or():
    assert [str(either("a")), str(either("a", "b")), str(either("a", "b", "c"))] == ["a", "a or b", "a or b or c"]


def test_a_phrase_is_read_back_from_its_text():
    template = Template("{name}: {points} of {limit}")
    assert heard(template, "A: B: +7.5 of 20", name="A: B") == "A: B: +7.5 of 20"
    assert heard(template, "A: many of 20") is None
    assert heard(template, "A: +7.5 of 20", name="C") is None


@given(fits(), facts())
def test_whatever_a_criterion_says_is_read_back(fit: Fit, known: Facts):
    for part in FitRule(fit).score(known).parts:
        is_read_back(part)


@given(rules(), signals())
def test_whatever_is_said_of_signals_is_read_back(rule: IntentRule, drawn: list[Signal]):
    for part in rule.score(rule.fold(drawn, NOW), NOW).parts:
        is_read_back(part)


def is_read_back(part: Part) -> None:
    phrase = phrase_of(part)
    assert phrase.template in TEMPLATES[part.axis, part.verdict]
    assert part.sentence in (phrase, f"{phrase} ({points_text(part.points)})")


def test_a_sentence_of_another_version_stays_as_it_is():
    assert phrase_of(Part("fit", "Size", 5.0, "Grand (+5)", "match")) == "Grand"
    assert phrase_of(Part("intent", "visit", 5.0, "Came by", "counted")) == "Came by"
