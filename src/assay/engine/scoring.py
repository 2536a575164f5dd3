"""Tables of leads and signals -> a table of scores, on any backend."""

from datetime import datetime
from typing import Any

import narwhals as nw
from sqlglot import exp

from assay.domain.errors import BadInput
from assay.domain.facts import EMAIL_KIND
from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.fit import Frame, columns_of_facts, judged
from assay.engine.fold import tallies
from assay.engine.rule import SCORED, judge, parts_of
from assay.engine.signals import NAMES, ready
from assay.engine.statements import query, term
from assay.engine.summary import summary

NO_SIGNALS = "SELECT l.lead, '' AS kind, CAST(0 AS BIGINT) AS at, FALSE AS bot FROM leads AS l WHERE FALSE"

ONE_A_PROVIDER = "REGEXP_REPLACE(:email, '^[a-z0-9_-]{1,20}([.][a-z0-9_-]{1,20}){0,2}@', 'x@')"
"""Whose mailbox an ordinary address is depends on what follows its @, so one of each is judged instead of millions."""


def score_tables(
    backend: Backend, policy: Policy, leads: Native, signals: Native | None, now: datetime, *, unique: bool
) -> Native:
    """Leads, whatever they are called by -> one row for each: its names, the columns of SCORED, and its parts."""
    columns = list(backend.columns(leads))
    names = [name for name in NAMES if name in columns]
    if not names:
        raise BadInput("bad_leads", f"Leads need one of the columns {', '.join(NAMES)}.", "Rename the column.")
    key = exp.func("COALESCE", *(exp.cast(exp.column(name, "l"), "text") for name in names))
    keyed = exp.select(exp.alias_(key, "lead"), exp.Star())
    leads = backend.keep(backend.run(keyed.from_(exp.to_table("leads").as_("l")), leads=leads))
    if signals is None:
        found = backend.run(query(NO_SIGNALS), leads=leads)
    else:
        found = ready(backend, signals, leads, names, unique=unique)
    folded = backend.run(tallies(policy, now), signals=found)
    parts = (nw.col(column).alias(name) for column, name in parts_of(policy).items())
    return nw.to_native(score_leads(backend, policy, leads, folded, names).select(*names, *SCORED, *parts))


def score_leads(backend: Backend, policy: Policy, leads: Native, tallies: Native, kept: list[str]) -> Frame:
    """Leads by their key ``lead``, and what `fold.tallies` makes of their signals -> what `rule.judge` adds.

    Keeps the columns ``kept`` of the leads.
    """
    summaries = backend.run(summary(policy), tallies=tallies)
    frame = nw.from_native(with_verdicts(backend, policy, leads, kept))
    return judge(frame.join(nw.from_native(summaries), on="lead", how="left"), policy)


def with_verdicts(backend: Backend, policy: Policy, leads: Native, kept: list[str]) -> Native:
    """The leads with ``verdict_0``, ``verdict_1`` ... : by criterion 1, 0 or null."""
    criteria = dict(enumerate(policy.fit.criteria))
    facts = columns_of_facts(policy.fit, backend.columns(leads))
    judging = exp.select(*(exp.column(name, "l", quoted=True) for name in dict.fromkeys(["lead", *kept])))
    tables: dict[str, Any] = {"leads": leads}
    for place, (fact, column) in enumerate(facts.items()):
        asked = {number: criterion for number, criterion in criteria.items() if criterion.field == fact}
        of_email = fact == EMAIL_KIND and column != EMAIL_KIND
        name, said = f"verdicts_{place}", exp.column(column, "l", quoted=True)
        value = term(ONE_A_PROVIDER, email=said) if of_email else said
        distinct = exp.select(exp.alias_(value, "value")).distinct().from_(exp.to_table("leads").as_("l"))
        values = backend.fetch(backend.run(distinct.where(value.is_(exp.null()).not_()), leads=leads))["value"]
        tables[name] = backend.load(judged(asked, values.to_pylist(), of_email=of_email).append_column("value", values))
        judging = judging.join(name, on=value.eq(exp.column("value", name)), join_type="left")
        judging = judging.select(*(exp.column(f"verdict_{number}", name) for number in asked))
    unknown = [number for number, criterion in criteria.items() if criterion.field not in facts]
    nothing = exp.cast(exp.null(), "double")
    judging = judging.select(*(exp.alias_(nothing, f"verdict_{number}") for number in unknown))
    return backend.run(judging.from_(exp.to_table("leads").as_("l")), **tables)
