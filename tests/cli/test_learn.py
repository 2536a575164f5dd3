"""Learning from a shell: from any table, and from the leads on record."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Assay
from tests.learned import a_prediction, a_version
from tests.people import an_mql

Write = Callable[[str, str | bytes], Path]


def a_table(rows: int = 260) -> str:
    """Deals, newest first: those with many visits are mostly won, and a won one has an invoice."""
    chance = random.Random(4)
    lines = []
    for row in range(rows):
        visits = chance.randint(0, 9)
        won = chance.random() < visits / 10
        day = date(2026, 1, 1) + timedelta(days=rows - row)
        stage = "Closed Won" if won else chance.choice(("Lost", "No answer"))
        lines.append(f"{day},{visits},{chance.choice('abc')},{'I-1' if won else ''},{stage}")
    return "\n".join(["created,visits,letter,invoice,Stage", *lines, "2026-01-01,3,a,,"])


def test_any_table_with_outcomes(assay: Assay, write: Write) -> None:
    file = write("deals.csv", a_table())
    asked = ("learn", "--leads", file, "--outcome", "Stage")
    assert assay(*asked, "--json").error["error"] == "which_is_won"
    done = assay(*asked, "--won", "closed won", "--time", "created")
    assert done.code == 0
    assert "Learned from 260 outcomes, " in done.out
    assert "visits: " in done.out
    [leak] = [line for line in done.out.splitlines() if line.startswith("invoice")]
    assert " no " in leak
    assert "filled in for 100 % of the successes and for 0 % of the others" in leak
    assert "Counted as not won: " in done.err
    assert "1 row without an outcome or a time left out." in done.err
    assert "hold dates" not in done.err, "the column of times was asked for"


def test_what_a_table_can_be_wrong_in_is_one_sentence(assay: Assay, write: Write) -> None:
    file = write("few.csv", a_table(30))
    few = assay("learn", "--leads", file, "--outcome", "Stage", "--won", "Closed Won", "--json")
    assert (few.code, few.json["says"], few.json["outcomes"], few.json["dates"]) == (0, "too few", 30, ["created"])
    bare = write("bare.csv", "id,won\n" + "\n".join(f"lead {row},{row % 2}" for row in range(220)))
    for arguments, code in (
        (("--leads", file), "no_outcome"),
        (("--outcome", "Stage"), "no_table"),
        (("--leads", file, "--outcome", "Stadium"), "unknown_column"),
        (("--leads", file, "--outcome", "Stage", "--won", "Closed Won", "--drop", "x"), "unknown_column"),
        (("--leads", file, "--outcome", "Stage", "--won", "Champion"), "which_is_won"),
        (("--leads", bare, "--outcome", "won"), "nothing_to_learn_from"),
    ):
        done = assay("learn", *arguments, "--json")
        assert (done.code, done.error["error"]) == (2, code)


@pytest.mark.django_db
def test_the_leads_on_record(assay: Assay) -> None:
    assert assay("learn", "--status", "--json").error["error"] == "nothing_learned"
    assert "It cannot tell yet: 0 outcomes" in assay("learn").out
    lead = an_mql()
    a_prediction(lead, a_version())
    shown = assay("learn", "--status").out
    assert "Learned from 412 outcomes, 99 of them won, by scorecard, gradient boosting." in shown
    assert "× 1.8  Source: Partner" in shown
    assert "No lead has ended since." in shown
    told = assay("learn", "--status", "--json").json
    assert (told["outcomes"], told["best"]["auc"], told["since"]["ended"]) == (412, 0.81, 0)
    assert "Predicted win 12 % (6 to 20 %), learned from 412 outcomes\n  Source: Partner" in assay("lead", lead.pk).out
    assert assay("lead", lead.pk, "--json").json["predicted_win"]["chance"] == 0.12
