"""What `assay doctor` looks at besides machine and database: what has to run, to be reached, and to be kept."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.mail import get_connection
from django.db.models import Max

from assay.actions.alive import last_beat
from assay.cli.clock import now, span
from assay.cli.finding import Finding, State
from assay.cli.words import counted
from assay.intake.crm.connect import configured
from assay.records.backup import last_backup
from assay.records.intake import waiting
from assay.records.models import CrmCursor, Lead, Signal, WebhookEndpoint
from assay.records.undelivered import undelivered
from assay.records.webhooks import WhyDisabled
from assay.settings import current

SILENT = timedelta(minutes=2)
"""Without a sign of life for so long, nothing works beside the web pages."""
LAGGING = timedelta(minutes=5)
"""A signal that has waited for so long shows that the scorer does not keep up."""
OLD = timedelta(days=2)
MOST_WAITING = 1_000_000
LATE_ROUNDS = 4
"""Rounds with a CRM that may fail, as when it is away for a while."""
LOOK = "assay webhook list, assay webhook log --dead"


# --- The machine ---------------------------------------------------------------------------------


def locale() -> Finding:
    """Whether names of files and what commands print may have any letter."""
    found = sys.getfilesystemencoding()
    if found.lower().replace("-", "") == "utf8":
        return Finding("Locale", "ok", found)
    return Finding("Locale", "warn", f"{found}, which lacks most letters", "Set LC_ALL=C.UTF-8.")


def address() -> Finding:
    """Whether links in mails lead anywhere, and faults are not shown to everybody."""
    if current.debug:
        return Finding("Web pages", "warn", "show every fault in detail", "Unset ASSAY_DEBUG.")
    if current.address:
        return Finding("Web pages", "ok", current.address)
    if current.mail:
        return Finding("Web pages", "warn", "mails carry no links", "Set ASSAY_ADDRESS.")
    return Finding("Web pages", "ok", f"answer to {', '.join(current.hosts)}")


def mail() -> Finding:
    """Whether the mail server answers and takes our name and password."""
    if not current.mail:
        return Finding("Mail", "ok", "not set: an admin passes links on, reports are not mailed")
    server = get_connection()
    try:
        server.open()
        server.close()
    except OSError as error:  # what smtplib raises is one, too
        return Finding("Mail", "fail", f"the server of ASSAY_MAIL: {error}", "Correct ASSAY_MAIL, or start the server.")
    return Finding("Mail", "ok", f"the server answers; sender {current.mail_from}")


OF_THE_MACHINE: tuple[Callable[[], Finding], ...] = (locale, address, mail)


# --- What the database tells ---------------------------------------------------------------------


def worker() -> Finding:
    """Whether signals are counted, mails sent and leads scored as time passes."""
    at, (signals, lag) = now(), waiting(now(), MOST_WAITING)
    beat, start = last_beat(), "Start `assay serve` or `assay work`."
    queue = f"{counted(signals, 'signal')} waiting" if signals else "nothing waits"
    if beat is None or at - beat > SILENT:
        since = f"no sign of life for {span(beat, at)}" if beat else "has not run lately"
        return Finding("Worker", "warn", f"{since}; {queue}", start)
    if lag > LAGGING:
        return Finding("Worker", "warn", f"{queue}, the oldest for {span(at - lag, at)}", "Start another `assay work`.")
    return Finding("Worker", "ok", f"alive {span(beat, at)} ago; {queue}")


def backups() -> Finding:
    """How old the last backup is."""
    last, at = last_backup(), now()
    if last is None:
        state: State = "warn" if Lead.objects.exists() else "ok"
        return Finding("Backup", state, "none made by `assay backup` yet", "assay backup FOLDER")
    found = f"{last.file}, {span(last.at, at)} ago"
    if at - last.at > OLD:
        return Finding("Backup", "warn", found, "assay backup FOLDER, every night: see docs/operations.md")
    return Finding("Backup", "ok", found)


def lake() -> Finding:
    """Whether there is a lake, and how far it is behind."""
    if "://" not in current.lake_place and not Path(current.lake_place).exists():
        return Finding("Lake", "ok", "none: `assay lake sync` makes one")
    from assay.engine.lake.store import Store  # takes longer to load than all the rest

    read = Store(current.lake_place).manifest().log("signals").last
    last = Signal.objects.aggregate(last=Max("pk"))["last"] or 0
    if last > read:
        return Finding("Lake", "ok", f"up to {last - read:,} signals behind", "assay lake sync")
    return Finding("Lake", "ok", f"{current.lake_place}, up to date")


def crm() -> Finding:
    """Whether the CRMs that are set were synced lately."""
    names, at = configured(), now()
    if not names:
        return Finding("CRM", "ok", "none is set")
    rounds = dict(CrmCursor.objects.filter(crm__in=names).values_list("crm", "synced_at"))
    told = {name: rounds.get(name) for name in names}
    found = ", ".join(f"{name} {f'{span(last, at)} ago' if last else 'never'}" for name, last in told.items())
    longest = LATE_ROUNDS * timedelta(minutes=current.crm_minutes)
    late = [name for name, last in told.items() if last is None or at - last > longest]
    if late:
        return Finding("CRM", "warn", f"synced: {found}", f"assay sync {late[0]} --once")
    return Finding("CRM", "ok", f"synced: {found}")


def outbox() -> Finding:
    """Whether others are told what they wanted to know."""
    left = undelivered(MOST_WAITING)
    off = WebhookEndpoint.objects.exclude(disabled_why__in=("", WhyDisabled.BY_HAND)).count()
    found = f"{counted(left.waiting, 'message')} waiting, {left.dead:,} given up"
    if off:
        return Finding("Outbox", "warn", f"{counted(off, 'webhook')} off as nobody took anything; {found}", LOOK)
    return Finding("Outbox", "warn" if left.dead else "ok", found, LOOK if left.dead else "")


OF_THE_DATABASE: tuple[Callable[[], Finding], ...] = (worker, outbox, backups, lake, crm)
