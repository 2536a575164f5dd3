"""`assay demo`: a month of made-up leads to look around in."""

from datetime import datetime
from typing import Annotated

import typer

from assay.cli import clock
from assay.cli.acting import rule_at
from assay.cli.commands import load as load_command
from assay.cli.database import with_database
from assay.cli.funnel_views import View, show_funnel
from assay.cli.inbox import print_inbox
from assay.cli.options import Json, Now
from assay.cli.output import facts, say, show_json, table
from assay.cli.progress import progress
from assay.demo import MEMBERS, PASSWORD, is_loaded, load
from assay.policies import shipped
from assay.records.funnel import Period, counts
from assay.records.waiting import at_the_gate, waiting

TOP = 3
"""How many leads of the inbox are shown."""


@with_database
def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load, show and stop.")] = False,
    scale: Annotated[int, typer.Option(min=1, metavar="N", help="So many times the month.")] = 1,
    now: Now = None,
    json: Json = False,
) -> None:
    """Load a month of made-up leads, signals and decisions into an empty database, show it, and start the web pages.

    Where the demo is loaded already it is only shown. It never mixes with data of your own. With --json it stops
    after loading.

    \b
    Examples:
      assay demo
      ASSAY_HOME=~/assay-demo assay demo --no-serve --scale 10
    """
    at = clock.moment(now, shipped().zone) if now else clock.now()
    fresh = not is_loaded()
    if fresh:
        _load(at, scale)
    view = _funnel(at)
    if json:
        members = [{"name": member.name, "email": member.email, "role": member.role} for member in MEMBERS]
        show_json({"loaded": fresh, "members": members, "password": PASSWORD} | view.as_json())
        return
    _show(view, at, fresh)
    if not no_serve:
        say()
        load_command("assay.cli.serve:serve")()


def _load(at: datetime, scale: int) -> None:
    done_before = 0
    with progress("Playing the month") as advance:

        def tell(done: int, total: int) -> None:
            nonlocal done_before
            advance(done - done_before)
            done_before = done

        load(at, scale=scale, progress=tell)


def _funnel(at: datetime) -> View:
    policy = rule_at(at).policy
    return View.of("", counts(Period(at, policy.zone))[""], accept_is_sql=policy.gate.accept_is_sql)


def _show(view: View, at: datetime, fresh: bool) -> None:
    state = "is loaded" if fresh else "was loaded before"
    say(f"The demo month {state}. Every person, company and address in it is invented.\n")
    print_inbox(waiting(TOP), at_the_gate().count(), rule_at(at).policy.intent.signals, at)
    say("\nThe month's funnel\n")
    show_funnel(view)
    say(f"\nWho works here; everybody's password is {PASSWORD}\n")
    table(["Name", "Role", "Email"], [(member.name, member.role, member.email) for member in MEMBERS])
    say("\nTry next\n")
    facts(
        [
            ("assay inbox", "all that waits, and why"),
            ("assay accept LEAD --as sam@assay.example", "take one over"),
            ("assay funnel --by source", "where the good ones come from"),
            ("assay policy show", "the rule in plain words"),
        ]
    )
