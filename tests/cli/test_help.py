"""Every command explains itself, quickly, and a wrong one is answered in a sentence."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.core import TyperGroup

from assay.cli.commands import COMMANDS
from tests.cli.conftest import Assay

HEAVY = ("babel", "django", "duckdb", "holidays", "numpy", "pydantic", "rich", "scipy")


def command_lines() -> Iterator[tuple[str, ...]]:
    """Every command there is, those in groups included."""
    for name, entry in COMMANDS.items():
        yield (name,)
        command = entry.load(name)
        if isinstance(command, TyperGroup):
            yield from ((name, inner) for inner in command.commands)


@pytest.mark.parametrize("words", list(command_lines()), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...], assay: Assay) -> None:
    done = assay(*words, "--help")
    assert done.code == 0
    assert (
        f"\n    assay {' '.join(words)}" in done.out or f" assay {' '.join(words)}" in done.out.partition("Example")[2]
    )


def test_the_list_of_commands_names_each_with_its_purpose(assay: Assay) -> None:
    done = assay("--help")
    assert done.code == 0
    for name, entry in COMMANDS.items():
        assert any(line.split() == [name, *entry.help.split()] for line in done.out.splitlines()), name


def test_without_a_command_the_list_is_shown(assay: Assay) -> None:
    assert assay().out == assay("--help").out


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from assay.cli.main import run; code = run(['--help']); "
        f"print(code, sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"


def test_the_version_is_told(assay: Assay) -> None:
    done = assay("--version")
    assert (done.code, done.out.startswith("assay ")) == (0, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["inbocks"], 'There is no command "inbocks".\n  Did you mean: assay inbox\n'),
        (["zzz"], 'There is no command "zzz".\n  List them with: assay --help\n'),
        (["inbox", "--limt", "3"], "No such option: --limt"),
        (["--nonsense"], "No such option: --nonsense"),
        (["inbox", "--limit", "many"], "valid integer"),
        (["inbox", "--limit", "-1"], "greater than or equal to 0"),
        (["accept"], "Missing argument 'LEAD'.\n  See: assay accept --help\n"),
        (["import"], "Missing command.\n  See: assay import --help\n"),
        (["policy", "shwo"], "Did you mean 'show'?"),
        (["user", "add", "mara@assay.example"], "--role"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_answered_in_a_sentence(
    words: list[str], sentence: str, assay: Assay
) -> None:
    done = assay(*words)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert len(done.err.splitlines()) <= 2


def test_programs_get_a_usage_error_as_json(assay: Assay) -> None:
    done = assay("inbox", "--limit", "many", "--json")
    assert (done.code, done.out, done.error["error"]) == (2, "", "bad_usage")
    assert set(done.error) == {"error", "message", "hint"}
