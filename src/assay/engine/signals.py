"""Whose each signal is, when it was, and each counted once: a table of signals made ready for the fold."""

from collections.abc import Iterable

from sqlglot import exp

from assay.domain.errors import BadInput
from assay.engine.backend import Backend, Native
from assay.engine.statements import query, term

NAMES = ("lead_id", "email", "visitor_id")
"""What a signal may call its lead by, the surest first."""

KNOWN_BY = """
    SELECT CAST(:name AS VARCHAR) AS name, MIN(l.lead) AS lead
    FROM leads AS l WHERE :name IS NOT NULL GROUP BY 1
"""
FIRST = "SELECT MIN({'at': s.at, 'kind': s.kind, 'lead': s.lead, 'bot': s.bot}) AS first FROM signals AS s"
ONCE = "SELECT f.first.lead AS lead, f.first.kind AS kind, f.first.at AS at, f.first.bot AS bot FROM firsts AS f"


def ready(backend: Backend, signals: Native, leads: Native, named: Iterable[str], *, unique: bool) -> Native:
    """``lead``, ``kind``, ``at`` in microseconds and ``bot`` of each signal that is about one of the leads.

    ``leads`` has ``lead``, its key, and the columns ``named``, by which signals find it. Unless they are ``unique``,
    signals with one message_id are one; of those that differ the earliest counts. One without is its whole row.
    """
    columns = backend.columns(signals)
    names = [name for name in NAMES if name in columns and name in set(named)]
    if not names or not {"at", "kind"} <= columns.keys():
        raise BadInput(
            "bad_signals",
            f"Signals need the columns at, kind and one of {', '.join(NAMES)} that the leads have, too.",
            "Rename the columns.",
        )
    at = exp.column("at", "s")
    whose = exp.select(
        exp.column("kind", "s"),
        exp.alias_(at if columns["at"] else backend.micros(at), "at"),
        exp.alias_(term("COALESCE(s.bot, FALSE)") if "bot" in columns else exp.false(), "bot"),
    ).from_(exp.to_table("signals").as_("s"))
    tables: dict[str, Native] = {}
    for name in names:
        tables[f"by_{name}"] = backend.run(query(KNOWN_BY, name=_spelled(name, "l")), leads=leads)
        on = _spelled(name, "s").eq(exp.column("name", f"by_{name}"))
        whose = whose.join(f"by_{name}", on=on, join_type="left")
    lead = exp.func("COALESCE", *(exp.column("lead", f"by_{name}") for name in names))
    whose = whose.select(exp.alias_(lead, "lead")).where(lead.is_(exp.null()).not_())
    if unique:
        return backend.run(whose, signals=signals, **tables)
    identity = {f"identity_{place}": said for place, said in enumerate(_identity(columns))}
    whose = whose.select(*(exp.alias_(said, name) for name, said in identity.items()))
    found = backend.run(whose, signals=signals, **tables)
    first = query(FIRST).group_by(*identity)
    return backend.run(query(ONCE), firsts=backend.run(first, signals=found))


def _spelled(name: str, table: str) -> exp.Expr:
    """An id as text; an address trimmed and in lower case, so that one spelling finds the other."""
    text = exp.cast(exp.column(name, table), "text")
    return term("LOWER(TRIM(:text))", text=text) if name == "email" else text


def _identity(columns: Iterable[str]) -> list[exp.Expr]:
    """What makes a signal that signal: its message_id, or all it says."""
    said: list[exp.Expr] = [exp.column(name, "s") for name in columns if name != "message_id"]
    if len(said) == len(list(columns)):
        return said
    unnamed = exp.column("message_id", "s").is_(exp.null())
    return [exp.column("message_id", "s"), *(exp.Case().when(unnamed, column) for column in said)]
