"""The signals of a lake folded by lead: what the snapshot holds, and what came in since."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.days import micros, moment
from assay.engine.fold import aged, states
from assay.engine.kept import apart, spread
from assay.engine.lake.manifest import File, Manifest, Snapshot
from assay.engine.lake.reading import small, table
from assay.engine.lake.store import Store
from assay.engine.marks import engages
from assay.engine.statements import query

BY_IDENTITY = "SELECT s.identity AS lead, s.kind, s.at, s.bot FROM signals AS s"
NO_SIGNALS = """
    SELECT i.identity AS lead, '' AS kind, CAST(0 AS BIGINT) AS at, FALSE AS bot FROM identities AS i WHERE FALSE
"""
AWAITED = "SELECT s.lead AS identity, s.kind, s.at, s.bot FROM signals AS s WHERE s.at > :now AND NOT s.bot"
BY_LEAD = "SELECT i.lead FROM folded AS s JOIN identities AS i ON s.lead = i.identity"
BOTH = "SELECT o.* FROM one AS o UNION ALL SELECT o.* FROM other AS o"


class Kept(NamedTuple):
    """States side by side, a row an identity, as they stood ``at`` a time, and the files of what is not in them."""

    rows: Native
    at: datetime
    since: list[File]


def kept_of(backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime) -> Kept | None:
    """The snapshot, where there is one that serves."""
    snapshot = usable(manifest, policy, now)
    if snapshot is None or not snapshot.files:
        return None
    return Kept(table(backend, store, snapshot.files), moment(snapshot.at), manifest.since(snapshot))


def kept_now(backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime) -> Kept:
    """The whole history as a snapshot would hold it, for who asks for more than one thing of it."""
    rows, _ = folded_once(backend, store, manifest, None, manifest.since(None), policy, now)
    return Kept(backend.keep(rows), now, [])


def states_of(
    backend: Backend,
    store: Store,
    manifest: Manifest,
    policy: Policy,
    now: datetime,
    kept: Kept | None = None,
    names: Native | None = None,
) -> Native:
    """Every lead's states as of ``now``, as `fold.states` makes them; a lead may have several of one kind.

    From what is ``kept``, else from the snapshot; without one, from all signals. Of some leads by their ``names``:
    identity, lead.
    """
    kept = kept or kept_of(backend, store, manifest, policy, now)
    identities = small(backend, store, manifest, "identities")
    signals = signals_by_name(backend, store, kept.since if kept else manifest.since(None), identities)
    return by_lead(backend, _folded(backend, kept, signals, policy, now), identities if names is None else names)


def usable(manifest: Manifest, policy: Policy, now: datetime) -> Snapshot | None:
    """The snapshot, where scores at ``now`` under a policy can be had from it."""
    kept = manifest.snapshot
    return kept if kept and kept.rule == what_counts(policy) and kept.at <= micros(now) else None


def what_counts(policy: Policy) -> str:
    """What folded signals depend on, of all that a policy says: how many points, and caps, may change."""
    kinds = [(name, kind.half_life_days, engages(kind), kind.hot) for name, kind in policy.intent.signals.items()]
    return json.dumps([kinds, policy.timezone, policy.intent.pattern.within_days])


def folded_once(
    backend: Backend,
    store: Store,
    manifest: Manifest,
    snapshot: Snapshot | None,
    files: Sequence[File],
    policy: Policy,
    now: datetime,
) -> tuple[Native, Native]:
    """The rows of a new snapshot: those of an older one, and of these files that it does not hold.

    One for each identity; and apart from them the signals dated after ``now``.
    """
    identities = small(backend, store, manifest, "identities")
    # Read twice rather than kept: a history of signals is more than memory holds.
    signals = signals_by_name(backend, store, files, identities)
    before = (
        Kept(table(backend, store, snapshot.files), moment(snapshot.at), []) if snapshot and snapshot.files else None
    )
    rows = backend.run(spread(policy), states=_folded(backend, before, signals, policy, now))
    return rows, backend.run(query(AWAITED, now=micros(now)), signals=signals)


def signals_by_name(backend: Backend, store: Store, files: Sequence[File], identities: Native) -> Native:
    """The signals of these files, an identity as their ``lead``."""
    if not files:
        return backend.run(query(NO_SIGNALS), identities=identities)
    return backend.run(query(BY_IDENTITY), signals=table(backend, store, files))


def _folded(backend: Backend, kept: Kept | None, signals: Native, policy: Policy, now: datetime) -> Native:
    fresh = backend.run(states(policy, now), signals=signals)
    if kept is None:
        return fresh
    before = backend.run(apart(policy), kept=kept.rows)
    return backend.run(query(BOTH), one=backend.run(aged(policy, kept.at, now), states=before), other=fresh)


def by_lead(backend: Backend, folded: Native, identities: Native) -> Native:
    """What was folded by identity, by whose it is; nobody's is left out."""
    columns = [exp.column(name, "s") for name in backend.columns(folded) if name != "lead"]
    return backend.run(query(BY_LEAD).select(*columns), folded=folded, identities=identities)
