"""`assay policy`: show, check, sign and publish the rule."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from assay.actions import policies
from assay.cli.acting import acting, moment_or_now, rule_at
from assay.cli.backtest import command as backtest
from assay.cli.clock import now, shown
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.files import write_whole
from assay.cli.funnel import days_of, midnight
from assay.cli.options import As, Json, Now
from assay.cli.output import Cell, paragraph, say, show_json, show_json_list, table, write
from assay.cli.plain_policy import show_policy
from assay.cli.policy_diff import command as diff
from assay.cli.policy_files import version as version_of
from assay.cli.words import counted
from assay.domain.ladder import Desk
from assay.domain.policy import Policy
from assay.domain.proposal import Change, Proposal, drafted
from assay.records.evidence import Promoted
from assay.records.models import PolicyVersion
from assay.records.outcomes import proposal_for
from assay.records.policies import rule_at as row_at

Version = Annotated[int, typer.Argument(metavar="VERSION", show_default=False, help="The number of a version.")]
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="A policy file.")]

app = group()


@app.callback()
def policy() -> None:
    """Show, check, sign and publish the rule that marketing and sales agreed on.

    \b
    Example:
      assay policy show
    """


@app.command("show")
@with_database
def show(
    version: Annotated[int | None, typer.Argument(metavar="VERSION", help="Else the one in force.")] = None,
    toml: Annotated[bool, typer.Option("--toml", help="The text of its file.")] = False,
    json: Json = False,
) -> None:
    """Show the rule in plain words.

    \b
    Examples:
      assay policy show
      assay policy show --toml > policy.toml
    """
    row = version_of(version or rule_at(now()).version)
    if json:
        show_json(version_object(row) | {"text": row.text})
    elif toml:
        write(row.text)
    else:
        say(f"{row} ({_state(row)})\n")
        show_policy(row.policy)


@app.command("check")
def check(file: File, json: Json = False) -> None:
    """Check a policy file and list every mistake.

    \b
    Example:
      assay policy check policy.toml
    """
    found = Policy.load(file)
    if json:
        show_json({"ok": True, "name": found.name, "digest": found.digest})
    else:
        criteria, kinds = counted(len(found.fit.criteria), "criterion", "criteria"), len(found.intent.signals)
        say(f'"{found.name}" is sound: {criteria}, {counted(kinds, "kind")} of signals.')


@app.command("list")
@with_database
def list_versions(json: Json = False) -> None:
    """List the versions, newest first, and who signed them.

    \b
    Example:
      assay policy list
    """
    rule_at(now())
    rows = PolicyVersion.objects.prefetch_related("keys__by").order_by("-pk")
    if json:
        show_json_list(map(version_object, rows))
    else:
        columns = [">Version", "Name", "State", "~Signed by"]
        table(columns, [(row.pk, row.name, _state(row), ", ".join(_signatures(row))) for row in rows])


@app.command("sign")
@with_database
def sign(
    file: File,
    desk: Annotated[
        Literal["marketing", "sales"], typer.Option(metavar="DESK", show_default=False, help="marketing or sales.")
    ],
    as_: As = None,
    json: Json = False,
) -> None:
    """Turn one of the two keys on a policy file: one person of marketing and one of sales sign the same text.

    \b
    Example:
      assay policy sign policy.toml --desk sales --as sam@firm.example
    """
    row = policies.sign(Policy.load(file), acting(as_), Desk(desk), now())
    if json:
        show_json(version_object(row))
        return
    lacking = sorted({"marketing", "sales"} - {key.desk for key in row.keys.all()})
    then = f"Now {lacking[0]} signs it." if lacking else f"Both keys are there: assay policy publish {row.pk}"
    say(f"Signed {row} for {desk}. {then}")


@app.command("publish")
@with_database
def publish(
    version: Version,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="By itself, once it is that time.")] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Put a version with both keys in force, for decisions from now on.

    \b
    Examples:
      assay policy publish 2
      assay policy publish 2 --at 2026-12-01
    """
    row = policies.publish(version, acting(as_), now(), moment_or_now(at) if at else None)
    if json:
        show_json(version_object(row))
    elif row.publish_at and not row.published_at:
        say(f"{row} comes into force on {shown(row.publish_at, row.policy.zone)}, where assay serve or work runs.")
    else:
        say(f"{row} is in force. Score every lead by it: assay rescore")


app.command("diff")(diff)
app.command("backtest")(backtest)


@app.command("propose")
@with_database
def propose(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the draft to this file.")] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Promoted on this day or later.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Promoted on this day or earlier.")] = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Draft a better rule from how leads fared, near the present one, each change with its evidence.

    With too few outcomes it says so and changes nothing.

    \b
    Examples:
      assay policy propose
      assay policy propose --out draft.toml
    """
    at = moment_or_now(now)
    rule = rule_at(at).policy
    first, after = days_of(None, from_, to)
    found = proposal_for(rule, Promoted(at, midnight(first, rule), midnight(after, rule)))
    draft = drafted(rule, found)
    if json:
        show_json(proposal_object(found) | {"text": draft})
        return
    paragraph(found.says)
    if found.changes:
        say()
        table(["~Line", "Key", ">Now", ">Proposed", "~Evidence"], [_change(change) for change in found.changes])
    if found.changes and out:
        write_whole(out, lambda path: path.write_text(draft, encoding="utf-8"))
        say(f"\nThe draft stands in {out}. Look it over, then sign it: assay policy sign {out} --desk DESK")


def _change(change: Change) -> list[Cell]:
    return [change.label, str(change.path[-1]), f"{change.before:g}", f"{change.after:g}", str(change.why)]


def proposal_object(found: Proposal) -> dict[str, object]:
    """A proposal for programs."""
    changes = [
        {"path": list(change.path), "label": change.label, "before": change.before, "after": change.after}
        | {"why": str(change.why)}
        for change in found.changes
    ]
    numbers = {"basis": found.basis, "outcomes": found.outcomes, "successes": found.successes}
    return numbers | {"says": str(found.says), "changes": changes}


def _state(row: PolicyVersion) -> str:
    if row.published_at is None:
        return f"from {shown(row.publish_at, row.policy.zone)}" if row.publish_at else "draft"
    current = row_at(now())
    since = shown(row.published_at, row.policy.zone)
    return f"in force since {since}" if current and current.pk == row.pk else f"published {since}"


def _signatures(row: PolicyVersion) -> list[str]:
    return [f"{key.by} ({key.desk})" for key in row.keys.all()]


def version_object(row: PolicyVersion) -> dict[str, object]:
    """A version for programs."""
    keys = [{"desk": key.desk, "by": key.by.email, "at": key.at} for key in row.keys.all()]
    times = {"published_at": row.published_at, "publish_at": row.publish_at}
    return {"version": row.pk, "name": row.name, "digest": row.digest} | times | {"keys": keys}
