"""Whatever is typed or handed in wrong is answered in one sentence, with code 2 and no traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.records.models import Import, Lead
from tests.cli.conftest import Assay
from tests.cli.files import LEADS

pytestmark = pytest.mark.django_db

Write = Callable[[str, str | bytes], Path]

FILES: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("leads.csv", "", "is empty"),
    "only a header": ("leads.csv", "email,name\n", "no rows"),
    "binary": ("leads.csv", b"\x7fELF" + bytes(range(256)) * 8, "is a program, not a table"),
    "noise": ("leads.csv", bytes(range(1, 32)) * 100, "is not text"),
    "a picture": ("leads.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "is a picture"),
    "a damaged workbook": ("leads.xlsx", b"PK\x03\x04 and then nothing", "damaged workbook"),
    "wrong columns": ("leads.csv", "colour,size\nred,5\n", "needs a column with the email"),
    "no header": ("leads.csv", "ann@acme.example,Ann\n", "holds data, not the names of columns"),
    "the same column twice": ("leads.csv", "email,email\na@acme.example,b@acme.example\n", "more than one column"),
    "31 February": ("leads.csv", "email,captured_at\nann@acme.example,2026-02-31\n", "No row"),
    "31/02": ("leads.csv", "email,captured_at\nann@acme.example,31/02/2026\n", "No row"),
    "days and months mixed up": ("leads.csv", "email,captured_at\na@acme.example,03/04/2026\n", "--date-order"),
    "a cell of 10 MB": ("leads.csv", "email,name\nann@acme.example," + "x" * 10_000_000 + "\n", "No row"),
    "NUL bytes": ("leads.csv", "email,name\nann@acme.example,A\0nn\n", "No row"),
    "a formula": ("leads.csv", 'email,name\nann@acme.example,"=HYPERLINK(""x"")"\n', "No row"),
    "not an address": ("leads.csv", "email\nann at acme\n", "No row"),
}


def _said(assay: Assay, *words: object) -> str:
    """What a command says that must fail for its input: in words, and the same for programs."""
    done = assay(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("\n")
    told = assay(*words, "--json")
    assert (told.code, told.out) == (2, "")
    assert told.error["message"] == done.err.splitlines()[0]
    return done.err


@pytest.mark.parametrize("fault", FILES)
@pytest.mark.parametrize("words", [("score", "--leads"), ("import", "leads")], ids=" ".join)
def test_a_file_that_cannot_be_used(words: tuple[str, ...], fault: str, assay: Assay, write: Write) -> None:
    name, contents, sentence = FILES[fault]
    assert sentence in _said(assay, *words, write(name, contents))
    assert not Lead.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize("words", [("score", "--leads"), ("import", "leads"), ("import", "signals")], ids=" ".join)
def test_a_file_that_is_not_there(words: tuple[str, ...], assay: Assay, tmp_path: Path) -> None:
    assert f"There is no file {tmp_path / 'none.csv'}." in _said(assay, *words, tmp_path / "none.csv")
    assert "is a folder" in _said(assay, *words, tmp_path)


def test_the_reasons_of_a_file_without_a_usable_row_are_told(assay: Assay, write: Write) -> None:
    said = _said(assay, "import", "leads", write("leads.csv", "email\nann at acme\nbo at birch\n"))
    assert 'line 2: The email "ann at acme" is not an address' in said
    assert 'line 3: The email "bo at birch" is not an address' in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--now", "yesterday"], '"yesterday" is not a time.'),
        (["--now", "2026-02-31"], '"2026-02-31" is not a time.'),
        (["--policy", "nowhere.toml"], "The policy nowhere.toml cannot be read"),
        (["--map", "email"], '"email" maps nothing.'),
        (["--map", "email=Mail"], 'The file has no column "Mail".'),
        (["--map", "e-post=name 2"], 'There is no field "e-post".'),
        (["--encoding", "klingon"], 'There is no encoding "klingon".'),
        (["--date-order", "ddd"], "--date-order"),
        (["--out", "list.docx"], "list.docx names no format."),
        (["--out", "nowhere/list.csv"], "There is no folder nowhere."),
        (["--signals", "none.csv"], "There is no file none.csv."),
    ],
)
def test_options_of_scoring_files(words: list[str], sentence: str, assay: Assay, write: Write) -> None:
    assert sentence in _said(assay, "score", "--leads", write("leads.csv", LEADS), *words)


def test_scoring_wants_a_lead_or_a_file(assay: Assay, write: Write) -> None:
    assert "Name one lead, or a file" in _said(assay, "score")
    assert "Name one lead, or a file" in _said(assay, "score", "12", "--leads", write("leads.csv", LEADS))
    assert "--signals goes with --leads" in _said(assay, "score", "12", "--signals", "x.csv")


@pytest.mark.parametrize(
    "words",
    [
        ["score", "nobody@else.example"],
        ["lead", "99"],
        ["ledger", "99"],
        ["accept", "99"],
        ["reject", "99", "--reason", "duplicate"],
        ["touch", "99"],
        ["win", "99"],
        ["lead", "9" * 40],
        ["lead", ""],
    ],
    ids=" ".join,
)
def test_a_lead_that_nobody_knows(words: list[str], assay: Assay) -> None:
    assert _said(assay, *words) == f'There is no lead "{words[1]}".\n  Search with: assay leads --search TEXT\n'


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["open-deal", "1", "--value", "12 k", "--close", "2026-12-24"], '"12 k" is not an amount above zero.'),
        (["open-deal", "1", "--value", "-5", "--close", "2026-12-24"], '"-5" is not an amount above zero.'),
        (["open-deal", "1", "--value", "5", "--close", "31/02"], '"31/02" is not a date.'),
        (["open-deal", "1", "--value", "5", "--close", "2026-12-24", "--currency", "EURO"], '"EURO" is not a currency'),
        (["win", "1", "--value", "NaN"], '"NaN" is not an amount above zero.'),
        (["win", "1", "--value", "5", "--on", "2026-02-31"], '"2026-02-31" is not a date.'),
        (["lose", "1", "--on", "2027-01-01"], "2027-01-01 is in the future."),
        (["recycle", "1", "--look-again", "soon"], '"soon" is not a date.'),
        (["inbox", "--now", "noon"], '"noon" is not a time.'),
        (["funnel", "--cohort", "2026-13"], '"2026-13" is not a month.'),
        (["funnel", "--cohort", "2026-10", "--flow"], "--cohort goes without"),
        (["funnel", "--from", "2026-11-01", "--to", "2026-10-01"], "2026-11-01 is after 2026-10-01."),
        (["funnel", "--by", "weather"], "--by"),
        (["leads", "--rung", "top"], '"top" is no rung.'),
        (["leads", "--temperature", "lukewarm"], '"lukewarm" is no temperature.'),
        (["capture"], "A lead needs a name or a contact detail."),
        (["capture", "--email", "ann at acme", "--source", "Fair"], 'The email "ann at acme" is not an address'),
        (["capture", "--email", "ann@acme.example"], "A lead needs a source"),
        (["capture", "--email", "ann@acme.example", "--source", "Fair", "--set", "x"], '"x" sets nothing.'),
        (["confirm", "1"], "Nothing to confirm."),
        (["accept", "1", "--as", "ghost@assay.example"], "There is no user ghost@assay.example."),
        (["import", "errors", "7"], "There is no import 7."),
        (["import", "undo", "7"], "There is no import 7."),
        (["export", "leads", "--to", "leads.docx"], "leads.docx names no format."),
        (["export", "leads", "--to", "nowhere/leads.csv"], "There is no folder nowhere."),
        (["policy", "show", "7"], "There is no policy version 7."),
        (["policy", "publish", "7"], "There is no policy version 7."),
        (["policy", "check", "nowhere.toml"], "The policy nowhere.toml cannot be read"),
        (["user", "add", "sam", "--role", "rep"], '"sam" is not an email address.'),
        (["user", "add", "sam@assay.example", "--role", "boss"], '"boss" is not a role.'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_typed_wrong(words: list[str], sentence: str, assay: Assay) -> None:
    assert sentence in _said(assay, *words)


def test_every_mistake_of_a_policy_is_told_one_a_line(assay: Assay, write: Write) -> None:
    path = write("policy.toml", 'name = "x"\ntimezone = "Mars/Base"\n')
    done = assay("policy", "check", path)
    lines = done.err.splitlines()
    assert (done.code, done.out, lines[0]) == (2, "", "The policy cannot be used:")
    assert '  timezone: "Mars/Base" is not a time zone; use an IANA name such as "Europe/Paris"' in lines
    assert "  fit is missing: add it" in lines
    told = assay("policy", "check", path, "--json")
    assert told.code == 2
    assert [f"  {mistake}" for mistake in told.error["mistakes"]] == lines[1:]
