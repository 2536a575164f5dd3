"""`assay import leads`, `assay import signals` and `assay import costs`."""

from pathlib import Path
from typing import Annotated

import typer

from assay.actions.imports import import_costs, import_leads, import_signals
from assay.cli.acting import acting, rule_at
from assay.cli.bringing import bring_in
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.options import As, Delimiter, Encoding, Json, Order, Sheet
from assay.domain.money import currency as currency_code
from assay.intake.costs import Unsaid
from assay.intake.files import Reading, open_costs, open_leads, open_signals

File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="CSV, XLSX, JSON lines or Parquet.")]
Maps = Annotated[
    list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column is which field; repeatable.")
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Count what would happen and change nothing.")]


@with_database
def leads(  # noqa: PLR0913 - an argument for each option
    file: File,
    maps: Maps = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Source of rows without one; else the file's name.")
    ] = None,
    dry_run: Dry = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    date_order: Order = "auto",
    as_: As = None,
    json: Json = False,
) -> None:
    """Bring in a file of leads. Somebody known already is not entered twice: blanks are filled in.

    Columns of HubSpot, Salesforce, Pipedrive and Segment are recognised. Look first with --dry-run.

    \b
    Examples:
      assay import leads crm.csv --dry-run
      assay import leads fair.xlsx --source "Trade fair" --map email="Mail 1"
    """
    by, at = acting(as_), now()
    reading = Reading(encoding, delimiter, sheet, date_order)
    opened = open_leads(file, reading, rule_at(at).policy.zone, maps or [], source or f"Import: {file.name}")
    bring_in(
        opened,
        lambda rows, tell: import_leads(rows, file.name, opened.mapping, by, at, dry_run=dry_run, progress=tell),
        dry_run=dry_run,
        as_json=json,
    )


@with_database
def signals(  # noqa: PLR0913 - an argument for each option
    file: File,
    maps: Maps = None,
    dry_run: Dry = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    date_order: Order = "auto",
    as_: As = None,
    json: Json = False,
) -> None:
    """Bring in a file of signals: what people did, and when. The same signal twice counts once.

    Signals of somebody who is no lead yet wait for them.

    \b
    Examples:
      assay import signals clicks.csv --dry-run
      assay import signals events.jsonl --map kind=event --map at=timestamp
    """
    by, at = acting(as_), now()
    reading = Reading(encoding, delimiter, sheet, date_order)
    opened = open_signals(file, reading, rule_at(at).policy.zone, maps or [])
    bring_in(
        opened,
        lambda rows, tell: import_signals(rows, file.name, opened.mapping, by, at, dry_run=dry_run, progress=tell),
        dry_run=dry_run,
        as_json=json,
    )


@with_database
def costs(  # noqa: PLR0913 - an argument for each option
    file: File,
    maps: Maps = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Source of rows that name none.")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Currency of rows that name none; else the policy's.")
    ] = None,
    dry_run: Dry = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    date_order: Order = "auto",
    as_: As = None,
    json: Json = False,
) -> None:
    """Bring in a file of costs: a month, or from and to, a source, a campaign, the amount and its currency.

    Exports of Google Ads, LinkedIn and Meta are recognised. Rows of one campaign and the same days are added up.
    Costs of the same days as before correct those; one that shares only some of its days is refused.

    \b
    Examples:
      assay import costs budget.xlsx --dry-run
      assay import costs google-ads.csv --source "Google Ads"
    """
    by, at = acting(as_), now()
    policy = rule_at(at).policy
    unsaid = Unsaid(source or "", currency_code(currency) if currency else policy.currency)
    opened = open_costs(file, Reading(encoding, delimiter, sheet, date_order), unsaid, maps or [])
    bring_in(
        opened,
        lambda rows, tell: import_costs(rows, file.name, opened.mapping, by, at, dry_run=dry_run, progress=tell),
        dry_run=dry_run,
        as_json=json,
    )
