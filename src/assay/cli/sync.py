"""`assay sync`: leads in from a CRM, and back how they stand."""

import time
from collections.abc import Iterable
from typing import Annotated, Literal

import typer

from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.options import Json
from assay.cli.output import note, say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.domain.errors import AssayError
from assay.intake.crm.connect import connect
from assay.intake.crm.crm import Crm
from assay.intake.crm.sync import Synced
from assay.intake.crm.sync import sync as sync_crm
from assay.settings import current

TOLD = 10
Name = Literal["hubspot", "salesforce"]


@with_database
def sync(
    crm: Annotated[Name, typer.Argument(metavar="CRM", show_default=False, help="hubspot or salesforce.")],
    once: Annotated[bool, typer.Option("--once", help="One round, then stop.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what a round would do; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Take in leads that changed in a CRM, and tell it how its leads stand: rung, scores, decision.

    Without --once it goes on, a round every ASSAY_CRM_MINUTES. `assay serve` and `assay work` do it by themselves for
    a CRM that is set.

    \\b
    Examples:
      assay sync hubspot --dry-run
      assay sync salesforce --once
    """
    connected = connect(crm)
    _round(connected, dry_run, json)
    while not (once or dry_run):
        time.sleep(60 * current.crm_minutes)
        try:
            _round(connected, dry_run, json)
        except AssayError as error:  # it may be there again the next time
            note(str(error))


def _round(crm: Crm, dry_run: bool, as_json: bool) -> None:
    with progress(f"Syncing with {crm.source}") as advance:
        done = sync_crm(crm, now, dry_run=dry_run, advance=advance)
    _show_json(crm, done, dry_run) if as_json else _show(crm, done, dry_run)


def _show_json(crm: Crm, done: Synced, dry_run: bool) -> None:
    taken = done.taken_in
    counts = {name: getattr(taken, name) for name in ("new", "known", "corrected", "promoted")}
    refused = [{"code": row.code, "message": row.sentence} for row in taken.refusals]
    said = {"crm": crm.name, "dry_run": dry_run, **counts, "told": done.told}
    show_json({**said, "refused": refused, "refused_there": done.refused})


def _show(crm: Crm, done: Synced, dry_run: bool) -> None:
    taken = done.taken_in
    would = "Would be: " if dry_run else ""
    say(
        f"{would}{taken.new:,} new, {taken.known:,} known, {taken.corrected:,} corrected, {taken.promoted:,} promoted; "
        f"{counted(done.told, 'record')} of {crm.source} told how they stand."
    )
    _tell("not taken in", (row.sentence for row in taken.refusals), len(taken.refusals))
    _tell(f"refused by {crm.source}", (f"{one}: {why}" for one, why in done.refused.items()), len(done.refused))


def _tell(what: str, sentences: Iterable[str], number: int) -> None:
    if number:
        first = [sentence for _, sentence in zip(range(TOLD), sentences, strict=False)]
        note("\n  ".join([f"{counted(number, 'record')} {what}:", *first]))
