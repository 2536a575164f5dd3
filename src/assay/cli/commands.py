"""The one table of commands. A command's module is imported when the command is called, so that help is quick."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import NamedTuple, Protocol, cast

import typer
from typer.core import TyperCommand, TyperGroup

from assay.domain.errors import BadInput


class Entry(NamedTuple):
    """A command or group of commands: ``module:name``, its heading in the list, and what it does in one line."""

    target: str
    section: str
    help: str
    data: bool = True
    """Its module needs Django set up, because it names the records."""

    def load(self, name: str) -> TyperCommand | TyperGroup:
        """Import the command and make it ready to parse its arguments."""
        if self.data:
            load("assay.cli.setup:set_up")()
        app = target = load(self.target)
        if not isinstance(app, typer.Typer):
            app = group()
            app.command(name)(target)
        command = typer.main.get_command(app)
        assert isinstance(command, TyperCommand | TyperGroup)
        command.name = name
        return command


START = "Start here"
GATE = "At the gate"
DEALS = "From contact to deal"
LOOK = "Look"
FILES = "Bring in and take out"
RULES = "Rules and people"

COMMANDS: Mapping[str, Entry] = {
    "score": Entry("assay.cli.score:score", START, "Sort leads, from files alone or one on record.", data=False),
    "demo": Entry("assay.cli.demo:demo", START, "Load a month of made-up leads to look around in."),
    "serve": Entry("assay.cli.serve:serve", START, "Start the web pages."),
    "work": Entry("assay.cli.work:work", START, "Count signals and score as time passes, on its own."),
    "inbox": Entry("assay.cli.inbox:inbox", GATE, "Leads that wait for a decision, best first, and why."),
    "accept": Entry("assay.cli.gate:accept", GATE, "Take leads over from marketing."),
    "reject": Entry("assay.cli.gate:reject", GATE, "Return leads to marketing with a reason."),
    "qualify": Entry("assay.cli.gate:qualify", GATE, "Say that fit and intent were vetted."),
    "promote": Entry("assay.cli.gate:promote", GATE, "Send a lead to the gate against its score."),
    "withdraw": Entry("assay.cli.gate:withdraw", GATE, "Take a lead back from the gate."),
    "touch": Entry("assay.cli.contact:touch", DEALS, "Log a call, email or meeting."),
    "confirm": Entry("assay.cli.contact:confirm", DEALS, "Confirm budget, authority, need or timeline."),
    "assign": Entry("assay.cli.contact:assign", DEALS, "Give an accepted lead to another salesperson."),
    "open-deal": Entry("assay.cli.deals:open_deal", DEALS, "Attach a deal: value and close date."),
    "win": Entry("assay.cli.deals:win", DEALS, "The deal was won."),
    "lose": Entry("assay.cli.deals:lose", DEALS, "The deal was lost, with a reason."),
    "recycle": Entry("assay.cli.endings:recycle", DEALS, "Give a lead back for its next pass."),
    "disqualify": Entry("assay.cli.endings:disqualify", DEALS, "Take a lead out, with a reason."),
    "reopen": Entry("assay.cli.endings:reopen", DEALS, "Bring back a disqualified lead or a customer."),
    "leads": Entry("assay.cli.leads:leads", LOOK, "List leads by rung and temperature, or search them."),
    "lead": Entry("assay.cli.lead:lead", LOOK, "Everything about one lead."),
    "ledger": Entry("assay.cli.ledger:ledger", LOOK, "Who decided what, when and why."),
    "funnel": Entry("assay.cli.funnel:funnel", LOOK, "Counts and conversions, and where it leaks."),
    "evidence": Entry("assay.cli.evidence:evidence", LOOK, "Which criteria and signals earn their points."),
    "learn": Entry("assay.cli.learn:learn", LOOK, "What outcomes say of each lead's chance to be won.", data=False),
    "what-if": Entry("assay.cli.what_if:what_if", LOOK, "What a change would bring, and the best lever."),
    "forecast": Entry("assay.cli.forecast:forecast", LOOK, "What the open pipeline will probably bring."),
    "results": Entry("assay.cli.results:results", LOOK, "This period against the last, and what may be chance."),
    "audit": Entry("assay.cli.audit:audit", LOOK, "Four mistakes between the desks, and what to do."),
    "sources": Entry("assay.cli.sources:sources", LOOK, "What sources are worth, down to revenue."),
    "mcp": Entry("assay.cli.mcp:mcp", LOOK, "Let an assistant read, and draft decisions.", data=False),
    "capture": Entry("assay.cli.capture:capture", FILES, "Enter one lead by hand."),
    "import": Entry("assay.cli.imports:app", FILES, "Bring in leads, signals or costs; undo it."),
    "export": Entry("assay.cli.exports:export", FILES, "Write leads, decisions or signals to a file."),
    "lake": Entry("assay.cli.lake:app", FILES, "The records as Parquet files, for analysis by the million."),
    "sync": Entry("assay.cli.sync:sync", FILES, "Leads in from HubSpot or Salesforce, and back how they stand."),
    "backup": Entry("assay.cli.backup:backup", FILES, "Everything in one file, while the server runs."),
    "restore": Entry("assay.cli.restore:restore", FILES, "Put a backup back, into SQLite or PostgreSQL."),
    "rescore": Entry("assay.cli.rescore:rescore", RULES, "Score every lead as of now."),
    "policy": Entry("assay.cli.policy:app", RULES, "Show, check, sign and publish the rule."),
    "person": Entry("assay.cli.person:app", RULES, "What is on record about somebody; erase it."),
    "key": Entry("assay.cli.keys:app", RULES, "Write keys: what websites send events with."),
    "webhook": Entry("assay.cli.webhooks:app", RULES, "Other systems that are told what happens."),
    "routing": Entry("assay.cli.routing:app", RULES, "Which leads go to whom, and who is away."),
    "token": Entry("assay.cli.tokens:app", RULES, "Tokens: what programs sign in to the API with."),
    "user": Entry("assay.cli.users:app", RULES, "Add and list people."),
    "doctor": Entry("assay.cli.doctor:doctor", RULES, "Check this installation and say what to do."),
}


def load(target: str) -> Callable[..., object]:
    """The function or group that ``module:name`` names, imported now."""
    module, _, name = target.partition(":")
    return cast(Callable[..., object], getattr(import_module(module), name))


def group() -> typer.Typer:
    """A group of commands: plain help, and errors left to `main`. The docstring of its callback is its help."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Formatter(Protocol):
    """What is used of the help's formatter."""

    def section(self, name: str) -> AbstractContextManager[None]: ...

    def write_dl(self, rows: list[tuple[str, str]]) -> None: ...


class LazyGroup(TyperGroup):
    """The commands of the table, listed without importing any."""

    def list_commands(self, ctx: object) -> list[str]:
        """Every name, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """The command, imported now. Raises BadInput for a name that is none."""
        if entry := COMMANDS.get(cmd_name):
            return entry.load(cmd_name)
        if cmd_name.startswith("-"):
            return None
        close = difflib.get_close_matches(cmd_name, COMMANDS, n=1)
        hint = f"Did you mean: assay {close[0]}" if close else "List them with: assay --help"
        raise BadInput("unknown_command", f'There is no command "{cmd_name}".', hint)

    def format_commands(self, ctx: object, formatter: Formatter) -> None:
        """Write the list of commands under their headings."""
        for heading, rows in sections(COMMANDS.items()):
            with formatter.section(heading):
                formatter.write_dl(rows)


def sections(entries: Iterable[tuple[str, Entry]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Name and help of each command, by heading."""
    by_heading: dict[str, list[tuple[str, str]]] = {}
    for name, entry in entries:
        by_heading.setdefault(entry.section, []).append((name, entry.help))
    return list(by_heading.items())
