"""`assay audit`: the four mistakes between marketing and sales, in the order to fix them, and the leads behind each."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.audit_views import audit_object, show_audit, show_leads
from assay.cli.clock import day
from assay.cli.database import with_database
from assay.cli.funnel import midnight
from assay.cli.handing_out import hand_out
from assay.cli.options import Json, Limit, Now
from assay.cli.output import say, show_json
from assay.domain.audit import Mistake
from assay.domain.errors import BadInput
from assay.records.findings import audit as audit_of
from assay.records.findings import problems
from assay.records.funnel import Period
from assay.reports.contents import report
from assay.settings import current


@with_database
def audit(  # noqa: PLR0913 - an argument for each option
    mistake: Annotated[
        Mistake | None, typer.Argument(metavar="MISTAKE", show_default=False, help="List the leads behind this one.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the period.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the period.")] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it with the funnel as a PDF.")] = None,
    mail: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Send it with the funnel by mail, now.")] = None,
    limit: Limit = 20,
    now: Now = None,
    json: Json = False,
) -> None:
    """Show the four mistakes between marketing and sales in the order to fix them: how many, what it cost, what to do.

    With the name of one (raw_leads, slow_response, no_fit_filter, one_way_handoff) list the leads behind it. What was
    done counts where it was done in the period; what still stands counts in any case.

    \b
    Examples:
      assay audit
      assay audit slow_response
      assay audit --from 2026-10-01 --to 2026-10-31 --json
      assay audit --pdf october.pdf --from 2026-10-01 --to 2026-10-31
    """
    at = moment_or_now(now)
    policy = rule_at(at).policy
    first, last = day(from_) if from_ else None, day(to) if to else None
    if first and last and first > last:
        raise BadInput("bad_period", f"{first} is after {last}.", "Give the earlier day with --from.")
    after = last + timedelta(days=1) if last else None
    period = Period(at, policy.zone, midnight(first, policy), midnight(after, policy))
    if pdf or mail:
        hand_out(report(period, policy, current.address or ""), pdf, mail)
        return
    if mistake is not None and not json:
        show_leads(mistake, problems(mistake, period, policy), limit)
        return
    found = audit_of(period, policy)
    if json:
        behind = {one: problems(one, period, policy) for one in Mistake if mistake in (None, one)}
        show_json({"from": first, "to": last, "as_of": at, **audit_object(found, behind)})
        return
    show_audit(found)
    if found.first is not None:
        say(f"\nThe leads behind a mistake: assay audit {found.first.mistake}")
