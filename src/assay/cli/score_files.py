"""Scoring files alone: read, join, sort, and hand on the list."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from assay.cli.clock import moment, now, shown
from assay.cli.output import note, show_json, show_json_list
from assay.cli.progress import progress
from assay.cli.refusals import Refusals
from assay.cli.score import Job
from assay.cli.scored_list import as_object, check_writable, print_list, write
from assay.cli.words import counted
from assay.domain.batch import Batch
from assay.domain.policy import Policy
from assay.intake.aliases import SIGNAL_ALIASES
from assay.intake.files import open_leads, open_signals
from assay.policies import SHIPPED, shipped

SHOWN = 50
"""How many leads people see unless they ask for more."""


def score_files(job: Job) -> None:
    """Read everything, then show or write the list."""
    if job.out:
        check_writable(job.out)
    policy = policy_named(job.policy)
    at = moment(job.now, policy.zone) if job.now else now()
    batch = Batch(policy, at)
    with _without_garbage_collection():
        _read_leads(batch, job, policy.zone)
        if job.signals:
            _read_signals(batch, job, job.signals, policy.zone)
        _show(batch, job, f"{policy.name}, as of {shown(at, policy.zone)}")


def policy_named(name: str | None) -> Policy:
    """A policy file, or a shipped policy by its name; the default without one."""
    if name is None:
        return shipped()
    return shipped(name) if name in SHIPPED else Policy.load(name)


def _read_leads(batch: Batch, job: Job, zone: ZoneInfo) -> None:
    opened = open_leads(job.leads, job.reading, zone, job.maps)
    refusals, visitor = Refusals(job.leads.name), visitor_column(opened.table.columns)
    with progress("Reading leads") as advance:
        for row in refusals.without(opened.rows):
            if refusal := batch.add_lead(row, str(row.attributes.get(visitor, ""))):
                refusals.add(refusal)
            advance(1)
    if not batch.leads:
        raise refusals.nothing_usable()
    refusals.tell()


def _read_signals(batch: Batch, job: Job, path: Path, zone: ZoneInfo) -> None:
    opened = open_signals(path, job.reading, zone, job.signal_maps)
    refusals, matched = Refusals(path.name), Counter[bool]()
    with progress("Reading signals") as advance:
        for row in refusals.without(opened.rows):
            matched[batch.add_signal(row)] += 1
            advance(1)
    if not matched:
        raise refusals.nothing_usable()
    refusals.tell()
    if strangers := matched[False]:
        match = "matches" if strangers == 1 else "match"
        note(f"{counted(strangers, 'signal')} of {path.name} {match} no lead of {job.leads.name}.")


def _show(batch: Batch, job: Job, under: str) -> None:
    most = job.limit if job.limit is not None or job.as_json or job.out else SHOWN
    ranked = islice(batch, most or None)
    if job.out:
        count = write(job.out, ranked)
        if job.as_json:
            show_json({"file": str(job.out), "leads": count})
        else:
            note(f"{counted(count, 'lead')} written to {job.out}.")
    elif job.as_json:
        show_json_list(as_object(*scored) for scored in ranked)
    else:
        print_list(list(ranked), len(batch.leads), under)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Millions of rows and not one cycle among them: looking for cycles would take a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def visitor_column(columns: Sequence[str]) -> str:
    """The further column of a lead file that holds the browser's id, if there is one."""
    names = {_bare(name) for name in ("visitor_id", *SIGNAL_ALIASES["visitor_id"])}
    return next((column for column in columns if _bare(column) in names), "")


def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
