"""The error tree: every refusal has a code, a sentence, and what to do; shells get the exit code from it."""

import pytest

from assay.domain.errors import (
    AlreadyDecided,
    AssayError,
    BadInput,
    MoveRefused,
    NotFound,
    PolicyInvalid,
    Refused,
)


def test_an_error_reads_as_sentence_and_hint() -> None:
    error = BadInput("no_file", "There is no file leads.csv.", "Check the name.")
    assert str(error) == "There is no file leads.csv. Check the name."
    assert (error.code, error.sentence, error.hint) == ("no_file", "There is no file leads.csv.", "Check the name.")


def test_an_error_without_a_hint_ends_with_its_sentence() -> None:
    assert str(Refused("late", "It is too late.")) == "It is too late."


@pytest.mark.parametrize("error", [Refused, MoveRefused, AlreadyDecided])
def test_what_a_rule_refuses_exits_with_1(error: type[AssayError]) -> None:
    assert issubclass(error, Refused)
    assert error.exit_code == 1


@pytest.mark.parametrize("error", [BadInput, PolicyInvalid, NotFound])
def test_what_cannot_be_read_or_found_exits_with_2(error: type[AssayError]) -> None:
    assert error.exit_code == 2


def test_a_policy_names_all_its_mistakes() -> None:
    error = PolicyInvalid(["mql is missing: add it", "name is empty: write a text"])
    assert error.mistakes == ("mql is missing: add it", "name is empty: write a text")
    assert str(error) == "The policy has 2 mistakes: mql is missing: add it; name is empty: write a text"
    assert str(PolicyInvalid(["mql is missing: add it"])) == "The policy has a mistake: mql is missing: add it"
