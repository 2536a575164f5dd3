"""`assay key`: what websites and products send their events with."""

from typing import Annotated

import typer

from assay.actions.keys import add_key, revoke_key
from assay.cli.clock import now, shown
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.options import Json
from assay.cli.output import say, show_json, show_json_list, table
from assay.domain.errors import BadInput, NotFound
from assay.domain.write_keys import Rule, event_rule, origin, page_rule
from assay.records.models import WriteKey
from assay.records.policies import rule_at

app = group()


@app.callback()
def keys() -> None:
    """Make, list and revoke write keys: what websites and products send their events with.

    \b
    Example:
      assay key add "Our website" --source Website --page "/pricing*=pricing_view"
    """


@app.command("add")
@with_database
def add(  # noqa: PLR0913 - an argument for each option
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="What it is for.")],
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Where all it brings come from; else where each visit says, or Website."),
    ] = None,
    campaign: Annotated[str, typer.Option(metavar="NAME", help="Their campaign, where an event names none.")] = "",
    page: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN=KIND", help="Which kind of signal a page is; repeatable.")
    ] = None,
    event: Annotated[
        list[str] | None, typer.Option(metavar="NAME=KIND", help="Which kind of signal an event is; repeatable.")
    ] = None,
    origin_: Annotated[
        list[str] | None, typer.Option("--origin", metavar="URL", help="A website that may use it; else any may.")
    ] = None,
    rate: Annotated[int, typer.Option(min=0, metavar="N", help="Most events a second; 0 for no limit.")] = 0,
    json: Json = False,
) -> None:
    """Make a write key. It works at once, and is no secret: it stands in the pages that use it.

    \b
    Examples:
      assay key add "Our website" --page "/pricing*=pricing_view" --origin https://www.firm.example
      assay key add "The product" --source Product --event "Signed Up=trial_started"
    """
    rules = [page_rule(*_both(text)) for text in page or ()] + [event_rule(*_both(text)) for text in event or ()]
    origins = [origin(text) for text in origin_ or ()]
    key = add_key(
        name,
        source or "Website",
        now(),
        campaign=campaign,
        rules=rules,
        origins=origins,
        rate=rate,
        source_of_visit=source is None,
    )
    if json:
        show_json(key_object(key))
    else:
        say(f"Made the write key {key.key} for {key.name}. Send with it to /v1/track, /v1/page or /v1/identify.")


def _both(text: str) -> tuple[str, str]:
    """What stands before the last equals sign, and the kind after it. Raises BadInput."""
    what, sign, kind = text.rpartition("=")
    if not sign:
        raise BadInput("bad_rule", f'"{text}" is no rule.', 'Write it like "/pricing*=pricing_view".')
    return what, kind


@app.command("list")
@with_database
def list_keys(json: Json = False) -> None:
    """List write keys, those that were revoked included.

    \b
    Example:
      assay key list
    """
    rows = WriteKey.objects.select_related("source", "campaign").order_by("pk")
    if json:
        show_json_list(map(key_object, rows))
        return
    entries = [(row.name, row.key, row.source.name, _rules(row.rules), _state(row)) for row in rows]
    if entries:
        table(["Name", "Key", "Source", "~Rules", "State"], entries)
    else:
        say("There is none yet: assay key add NAME --source SOURCE")


def _rules(rules: list[Rule]) -> str:
    return ", ".join(f"{rule.get('path') or rule.get('event')} = {rule['kind']}" for rule in rules)


def _state(row: WriteKey) -> str:
    if row.revoked_at is None:
        return "in use"
    rule = rule_at(now())
    return f"revoked {shown(row.revoked_at, rule.policy.zone)}" if rule else f"revoked {row.revoked_at:%Y-%m-%d}"


@app.command("revoke")
@with_database
def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", show_default=False, help="The key, or its name.")],
    json: Json = False,
) -> None:
    """Take no more events with a key. What came in with it stays.

    \b
    Example:
      assay key revoke "Our website"
    """
    row = revoke_key(_find(key).pk, now())
    if json:
        show_json(key_object(row))
    else:
        say(f"Revoked the write key of {row.name}. Running servers stop taking it within seconds.")


def _find(text: str) -> WriteKey:
    """The key somebody means, those in use first. Raises NotFound for none and for several of a name."""
    named = list(WriteKey.objects.filter(key=text)) or list(WriteKey.objects.filter(name=text).order_by("pk"))
    found = [row for row in named if row.revoked_at is None] or named
    if len(found) != 1:
        many = f'{len(found)} write keys are called "{text}".' if found else f'There is no write key "{text}".'
        raise NotFound("unknown_key", many, "Give the key itself; list them with: assay key list")
    return found[0]


def key_object(row: WriteKey) -> dict[str, object]:
    """A write key for programs."""
    return {
        "name": row.name,
        "key": row.key,
        "source": row.source.name,
        "campaign": row.campaign.name if row.campaign else None,
        "source_of_visit": row.source_of_visit,
        "rules": row.rules,
        "origins": row.origins,
        "rate": row.rate,
        "created_at": row.created_at,
        "revoked_at": row.revoked_at,
    }
