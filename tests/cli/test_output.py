"""What is printed: aligned, within the page, and never taken for markup."""

import io
import sys
from collections.abc import Iterator

import pytest
from rich.text import Text

from assay.cli import output
from assay.cli.output import Card, cards, facts, paragraph, show_json_list, table
from assay.cli.progress import progress


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_numbers_stand_under_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    table([">Lead", "Name", ">Fit"], [(7, "Ann", 100.0), (1234, "Bo", 7.25), (8, None, None)])
    assert printed(capsys) == ["Lead  Name    Fit", "   7  Ann   100.0", "1234  Bo      7.2", "   8"]


def test_a_long_text_breaks_within_its_column(capsys: pytest.CaptureFixture[str]) -> None:
    table(["Code", "~Meaning"], [("too_early", "Not enough interest yet, perhaps next spring")])
    assert printed(capsys) == [
        "Code       Meaning",
        "too_early  Not enough interest yet,",
        "           perhaps next spring",
    ]


def test_the_second_column_of_a_card_gives_way(capsys: pytest.CaptureFixture[str]) -> None:
    long = "Alexandrina Wolkenstein-Featherstonehaugh"
    cards([">Lead", "Who", "Label", ">Fit"], [Card([1, long, "hot MQL", 100.0], ["Asked for a demo once", None])])
    lines = printed(capsys)
    assert lines == [
        "Lead  Who                 Label      Fit",
        "   1  Alexandrina Wolke…  hot MQL  100.0",
        "      Asked for a demo once",
    ]
    assert max(map(len, lines)) == 40


def test_wide_letters_keep_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    cards([">", "Who", "Label"], [Card([1, "山田太郎", "hot"], []), Card([2, "Ann", "cold"], [])])
    assert printed(capsys)[1:] == ["1  山田太郎  hot", "2  Ann       cold"]


def test_nothing_is_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    table(["Name"], [("[bold]Ann[/bold] :smile: https://x.example",)])
    paragraph("[red]5[/red]")
    facts([("name", "[i]Ann[/i]"), ("blank", ""), ("none", None)])
    out = capsys.readouterr().out
    assert "[bold]Ann[/bold]" in out
    assert ":smile:" in out
    assert "[red]5[/red]" in out
    assert "[i]Ann[/i]" in out
    assert "blank" not in out
    assert "\x1b" not in out


def test_colour_is_for_terminals_that_want_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    output.show(Text("hot", style="red"))
    assert "\x1b[31mhot" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    output.show(Text("hot", style="red"))
    assert capsys.readouterr().out == "hot\n"


def test_a_json_list_is_written_as_its_values_come(capsys: pytest.CaptureFixture[str]) -> None:
    def values() -> Iterator[dict[str, int]]:
        yield {"a": 1}
        assert capsys.readouterr().out == '[\n{"a":1}'
        yield {"b": 2}

    show_json_list(values())
    assert capsys.readouterr().out == ',\n{"b":2}\n]\n'
    show_json_list([])
    assert capsys.readouterr().out == "[]\n"


class Terminal(io.StringIO):
    """Standard error as somebody watches it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("patience", "seen"), [(-1.0, True), (3600.0, False)])
def test_a_bar_appears_once_it_takes_long(patience: float, seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("assay.cli.progress.PATIENCE", patience)
    with progress("Scoring", 100) as advance:
        advance(40)
    assert ("Scoring" in terminal.getvalue()) is seen


def test_nobody_watching_sees_no_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.cli.progress.PATIENCE", -1.0)
    with progress("Scoring") as advance:
        advance(1)
    assert capsys.readouterr() == ("", "")
