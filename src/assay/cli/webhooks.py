"""`assay webhook`: other systems that are told what happens here, and what became of it."""

from typing import Annotated

import typer

from assay.actions import replaying, webhooks
from assay.actions.webhooks import endpoint_named
from assay.cli.acting import acting, rule_at
from assay.cli.clock import now, shown
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.options import As, Json, Limit
from assay.cli.output import note, paragraph, say, show_json, show_json_list, table
from assay.cli.webhook_log import endpoint_object, log_rows, message_object, send_now, state_of
from assay.cli.words import counted
from assay.domain.errors import BadInput
from assay.domain.events import EVENTS
from assay.records.models import WebhookEndpoint
from assay.records.webhooks import ALL

Endpoint = Annotated[
    str, typer.Argument(metavar="ENDPOINT", show_default=False, help="Its number, name or address, as listed.")
]
SHOWN = 20

app = group()


@app.callback()
def webhook() -> None:
    """Tell other systems what happens here, by the Standard Webhooks specification.

    \b
    Example:
      assay webhook add https://crm.firm.example/hooks --types lead.accepted,deal.won
    """


@app.command("add")
@with_database
def add(
    url: Annotated[str, typer.Argument(metavar="URL", show_default=False, help="Where it listens.")],
    types: Annotated[str, typer.Option(metavar="TYPES", help="Types of events, with commas; * for all.")] = ALL,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is; else its host.")] = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Tell another system of events from now on. Its secret is shown once, now.

    \b
    Examples:
      assay webhook add https://crm.firm.example/hooks --types lead.accepted,deal.won
      assay webhook add https://chat.firm.example/hooks --name Chat
    """
    endpoint, secret = webhooks.add_endpoint(url, types.split(","), acting(as_), now(), name)
    _show_secret(endpoint, secret, json, f"Webhook {endpoint.pk} tells {endpoint.name} of {_wanted(endpoint)}.")


@app.command("list")
@with_database
def list_webhooks(json: Json = False) -> None:
    """List those who are told, and whether it works.

    \b
    Example:
      assay webhook list
    """
    rows = WebhookEndpoint.objects.order_by("pk")
    if json:
        show_json_list(map(endpoint_object, rows))
        return
    entries = [(row.pk, row.name, row.url, _wanted(row), state_of(row)) for row in rows]
    if entries:
        table([">Number", "Name", "~Address", "~Types", "State"], entries)
    else:
        say("There is none yet: assay webhook add URL --types TYPES")


@app.command("types")
def list_types(json: Json = False) -> None:
    """List the types of events there are.

    \b
    Example:
      assay webhook types
    """
    if json:
        show_json({name: entry.sentence for name, entry in EVENTS.items()})
    else:
        table(["Type", "~What happened"], [(name, entry.sentence) for name, entry in EVENTS.items()])


@app.command("remove")
@with_database
def remove(endpoint: Endpoint, as_: As = None) -> None:
    """Tell it nothing more, and forget it with its secret.

    \b
    Example:
      assay webhook remove Chat
    """
    gone = webhooks.remove_endpoint(endpoint_named(endpoint).pk, acting(as_), now())
    say(f"Removed {gone.name}. What was sent to it stays in the log for a while.")


@app.command("disable")
@with_database
def disable(endpoint: Endpoint, as_: As = None) -> None:
    """Tell it nothing until it is enabled. What waits for it is kept and can be replayed.

    \b
    Example:
      assay webhook disable Chat
    """
    row = webhooks.disable_endpoint(endpoint_named(endpoint).pk, acting(as_), now())
    say(f"{row.name} is told nothing more.")


@app.command("enable")
@with_database
def enable(endpoint: Endpoint, as_: As = None) -> None:
    """Tell it again of what happens from now on.

    \b
    Example:
      assay webhook enable Chat
    """
    row = webhooks.enable_endpoint(endpoint_named(endpoint).pk, acting(as_))
    say(f"{row.name} is told again. What it missed: assay webhook replay --dead --endpoint {row.pk}")


@app.command("rotate")
@with_database
def rotate(endpoint: Endpoint, as_: As = None, json: Json = False) -> None:
    """Give it a new secret, shown once. For a day everything is signed with the former one as well.

    \b
    Example:
      assay webhook rotate Chat
    """
    row, secret = webhooks.rotate_secret(endpoint_named(endpoint).pk, acting(as_), now())
    _show_secret(row, secret, json, f"{row.name} has a new secret; the former one holds for a day.")


@app.command("test")
@with_database
def try_out(endpoint: Endpoint, as_: As = None) -> None:
    """Send it a message that says it is a test, now, and say what it answers.

    \b
    Example:
      assay webhook test Chat
    """
    _send_now([replaying.send_test(endpoint_named(endpoint), acting(as_), now()).pk])


@app.command("log")
@with_database
def log(
    endpoint: Annotated[str, typer.Argument(metavar="[ENDPOINT]", help="Only of this one.")] = "",
    dead: Annotated[bool, typer.Option("--dead", help="Only what was given up.")] = False,
    limit: Limit = SHOWN,
    json: Json = False,
) -> None:
    """What was sent, the last first, and what came of it.

    \b
    Examples:
      assay webhook log Chat
      assay webhook log --dead --json
    """
    rows = log_rows(endpoint_named(endpoint) if endpoint else None, dead=dead, most=limit)
    if json:
        show_json_list(map(message_object, rows))
        return
    zone, names = rule_at(now()).policy.zone, dict(WebhookEndpoint.objects.values_list("pk", "name"))
    entries = [
        (
            row.pk, shown(row.created_at, zone), names.get(int(row.destination), "removed"), row.type, row.lead_id,
            row.state, row.attempts, row.last_error,
        )
        for row in rows
    ]  # fmt: skip
    if entries:
        table([">Number", "When", "To", "Type", ">Lead", "State", ">Tries", "~Last failure"], entries)
    else:
        say("Nothing was given up." if dead else "Nothing was sent yet.")


@app.command("replay")
@with_database
def replay(
    messages: Annotated[
        list[int] | None, typer.Argument(metavar="[MESSAGE]...", help="Numbers of messages, from the log.")
    ] = None,
    dead: Annotated[bool, typer.Option("--dead", help="All that was given up.")] = False,
    endpoint: Annotated[str, typer.Option(metavar="ENDPOINT", help="With --dead, only of this one.")] = "",
    as_: As = None,
) -> None:
    """Send messages again, as they were. One that was received before is known by its webhook-id.

    \b
    Examples:
      assay webhook replay 4711
      assay webhook replay --dead --endpoint Chat
    """
    by = acting(as_)
    if dead == bool(messages):
        raise BadInput("what_to_replay", "Say what to send again.", "Give numbers from assay webhook log, or --dead.")
    if dead:
        number = replaying.replay_dead(by, now(), endpoint_named(endpoint) if endpoint else None)
        say(f"{counted(number, 'message')} will be sent again by assay serve or assay work.")
    else:
        _send_now([replaying.replay(number, by, now()).pk for number in messages or ()])


def _send_now(numbers: list[int]) -> None:
    """Send what can be sent at once, and say of each what came of it."""
    for number in numbers:
        say(send_now(number))


def _wanted(row: WebhookEndpoint) -> str:
    return "everything" if ALL in row.types else ", ".join(row.types)


def _show_secret(row: WebhookEndpoint, secret: str, json: bool, sentence: str) -> None:
    if json:
        show_json({**endpoint_object(row), "secret": secret})
        return
    paragraph(sentence)
    say(secret)
    note("That is its secret, by which it knows that a message is ours. It is not shown again.")
