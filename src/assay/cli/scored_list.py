"""The list that scoring files gives: shown to people, told to programs, or written to a file."""

import json
from collections.abc import Iterator, Sequence
from itertools import starmap
from pathlib import Path

import msgspec

from assay.cli.explain import score_object
from assay.cli.files import write_whole
from assay.cli.output import Card, Cell, cards, say
from assay.cli.words import asked_for, bullets, counted, labelled, who
from assay.domain.batch import Known
from assay.domain.errors import BadInput
from assay.domain.parts import main_reasons
from assay.domain.score import Score
from assay.intake.exports import Row, Value, write_table

Scored = tuple[Known, Score]

JSON, JSON_LINES = (".json",), (".jsonl", ".ndjson")
FORMATS = (".csv", ".jsonl", ".ndjson", ".json", ".parquet")
COLUMNS = (
    *("rank", "lead_id", "email", "name", "company", "temperature", "rung"),
    *("grid", "mql", "fit", "intent", "total", "coverage", "pattern"),
    *("insufficient_data", "missing", "reasons", "parts"),
)


def as_object(known: Known, score: Score) -> dict[str, object]:
    """A scored lead for programs."""
    row = known.row
    who = {"lead_id": row.lead_id, "email": row.email, "name": row.full_name or None, "company": row.company}
    return who | score_object(score)


def print_list(ranked: Sequence[Scored], total: int, under: str) -> None:
    """The list for people: a line a lead, its main reasons below."""
    say(f"{counted(total, 'lead')} by {under}\n")
    columns = [">", "Lead", "Label", "Grid", ">Fit", ">Intent"]
    cards(columns, [_card(number, *scored) for number, scored in enumerate(ranked, start=1)])
    if total > len(ranked):
        say(f"\nand {total - len(ranked):,} more; --limit 0 shows all, --out FILE writes them")


def _card(number: int, known: Known, score: Score) -> Card:
    name = who(name_of(known), known.row.title, known.row.company)
    labels: list[Cell] = [labelled(score.temperature, score.rung), score.grid, score.fit, score.intent]
    why = [*bullets(main_reasons(score.parts)), asked_for(score.missing, score.insufficient_data)]
    return Card([number, name, *labels], why)


def name_of(known: Known) -> str:
    """What a lead is called where it has no name: its address, phone or your id."""
    row = known.row
    return row.full_name or row.email or row.phone or row.lead_id or f"line {row.line}"


def check_writable(path: Path) -> None:
    """Raise BadInput for a file that names no format, or whose folder is not there."""
    if path.suffix.lower() not in FORMATS:
        raise BadInput("unknown_format", f"{path} names no format.", f"End the name with one of {', '.join(FORMATS)}.")
    if not path.parent.is_dir():
        raise BadInput("no_folder", f"There is no folder {path.parent}.", "Create it first.")


def write(path: Path, ranked: Iterator[Scored]) -> int:
    """Write the list in the format that the suffix names. Returns how many leads."""
    suffix = path.suffix.lower()
    if suffix in JSON:
        return write_whole(path, lambda draft: _write_json(draft, ranked, "[\n", ",\n", "\n]\n"))
    if suffix in JSON_LINES:
        return write_whole(path, lambda draft: _write_json(draft, ranked, "", "\n", "\n"))
    return write_whole(path, lambda draft: write_table(draft, COLUMNS, starmap(as_row, enumerate(ranked, start=1))))


def _write_json(path: Path, ranked: Iterator[Scored], start: str, between: str, end: str) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(start)
        for count, scored in enumerate(ranked, start=1):
            file.write((between if count > 1 else "") + msgspec.json.encode(as_object(*scored)).decode())
        file.write(end)
    return count


def as_row(rank: int, scored: Scored) -> Row:
    """A scored lead as a row of a table."""
    known, score = scored
    row = known.row
    parts = json.dumps([part._asdict() for part in score.parts], ensure_ascii=False)
    who: list[Value] = [rank, row.lead_id, row.email, row.full_name, row.company]
    labels: list[Value] = [score.temperature, score.rung.value, score.grid, score.mql]
    numbers: list[Value] = [score.fit, score.intent, score.total, score.coverage, score.pattern]
    why: list[Value] = [score.insufficient_data, "; ".join(score.missing), "; ".join(main_reasons(score.parts)), parts]
    return [*who, *labels, *numbers, *why]
