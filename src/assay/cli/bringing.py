"""Bringing a file in: shown as it was understood, counted, and what was refused told."""

from collections.abc import Callable, Iterator
from itertools import chain, islice

from assay.cli.failures import NothingUsable
from assay.cli.output import facts, say, show_json
from assay.cli.progress import progress
from assay.cli.refusals import TOLD, Refusals
from assay.cli.words import counted
from assay.domain.rows import Refusal
from assay.intake.files import Opened, Row
from assay.records.models import Import, Quarantine

PATIENCE = 10_000
"""Refused rows at the start of a file after which it is brought in nevertheless, as they cannot all be held."""

COUNTS = {
    "new": "new",
    "known": "known already",
    "filled": "of these with blanks filled",
    "changed": "corrected",
    "waiting": "waiting for somebody who is no lead yet",
    "promoted": "promoted",
    "quarantined": "refused",
}


def bring_in(
    opened: Opened[Row],
    act: Callable[[Iterator[Row | Refusal], Callable[[int], None]], Import],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in what can be used. Raises NothingUsable, before anything is written where that shows in time."""
    refusals = Refusals(opened.table.path.name)
    rows = refusals.noting(opened.rows)
    start = _until_usable(rows, refusals)
    if not as_json:
        _show_understanding(opened)
    with progress("Bringing in") as advance:
        done = act(chain(start, rows), advance)
    if not dry_run:
        kept = Quarantine.objects.filter(imported_by=done).order_by("pk")[:TOLD]
        refusals.first = [Refusal(row.line, row.code, row.sentence, row.raw) for row in kept]
    refusals.count = done.counts.get("quarantined", 0)
    if refusals.count == done.counts.get("rows", 0):
        where = "Nothing was changed." if dry_run else f"They are kept: assay import errors {done.pk}"
        raise NothingUsable(refusals.name, refusals.lines(), where)
    refusals.tell()
    if as_json:
        show_json(_object(opened, done, dry_run))
    else:
        _show_counts(done, dry_run)


def _until_usable(rows: Iterator[Row | Refusal], refusals: Refusals) -> list[Row | Refusal]:
    """The rows up to the first that can be used, so that a file without any changes nothing."""
    start: list[Row | Refusal] = []
    for row in islice(rows, PATIENCE):
        start.append(row)
        if not isinstance(row, Refusal):
            return start
    if len(start) < PATIENCE:
        raise refusals.nothing_usable()
    return start


def _format(opened: Opened[Row]) -> dict[str, str]:
    found = opened.table.format
    known = {"kind": found.kind, "encoding": found.encoding, "delimiter": found.delimiter, "sheet": found.sheet}
    return {name: value for name, value in known.items() if value}


def _further(opened: Opened[Row]) -> list[str]:
    return [column for column in opened.table.columns if column not in opened.mapping.values()]


def _show_understanding(opened: Opened[Row]) -> None:
    """Which column was taken for which field, to be seen before trusting the counts."""
    look = ", ".join(repr(value) if name == "delimiter" else value for name, value in _format(opened).items())
    say(f"{opened.table.path.name} ({look})\n")
    facts([*opened.mapping.items(), ("kept as they are", ", ".join(_further(opened)))])
    say()


def _show_counts(done: Import, dry_run: bool) -> None:
    counts = [f"{done.counts[name]:,} {words}" for name, words in COUNTS.items() if done.counts.get(name)]
    say(f"{counted(done.counts.get('rows', 0), 'row')}: {', '.join(counts)}.")
    if dry_run:
        say("This was a dry run: nothing was changed.")
    else:
        say(f"Import {done.pk}; undo it with: assay import undo {done.pk}")


def _object(opened: Opened[Row], done: Import, dry_run: bool) -> dict[str, object]:
    return {
        "import": None if dry_run else done.pk,
        "dry_run": dry_run,
        "kind": done.kind,
        "file": done.file_name,
        "format": _format(opened),
        "mapping": dict(opened.mapping),
        "further": _further(opened),
        "counts": done.counts,
    }
