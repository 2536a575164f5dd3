"""The signals of a lake folded by lead: what the snapshot holds, and what came in since."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.days import micros, moment
from assay.engine.fold import aged, awaited, kinds_of, states, united
from assay.engine.lake.manifest import File, Manifest, Snapshot
from assay.engine.lake.reading import small, table
from assay.engine.lake.store import Store
from assay.engine.statements import query

BY_IDENTITY = "SELECT s.identity AS lead, s.kind, s.at, s.bot FROM signals AS s"
NO_SIGNALS = """
    SELECT i.identity AS lead, '' AS kind, CAST(0 AS BIGINT) AS at, FALSE AS bot FROM identities AS i WHERE FALSE
"""
BY_LEAD = "SELECT i.lead FROM states AS s JOIN identities AS i ON s.lead = i.identity"
FOLDED = "SELECT s.* FROM states AS s WHERE s.weight IS NOT NULL"
WAITING = """
    SELECT s.lead, k.name AS kind, s.last AS at, FALSE AS bot
    FROM states AS s JOIN kinds AS k ON s.kind = k.number WHERE s.weight IS NULL
"""
BOTH = "SELECT o.* FROM one AS o UNION ALL SELECT o.* FROM other AS o"


def states_of(backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime) -> Native:
    """Every lead's states as of ``now``, as `fold.states` makes them; a lead may have several of one kind.

    From the snapshot and the signals since, where it is one of this policy's kinds and half-lives.
    """
    snapshot = usable(manifest, policy, now)
    identities = small(backend, store, manifest, "identities")
    signals = _signals(backend, store, snapshot, manifest.since(snapshot), policy, identities)
    found = _folded(backend, store, snapshot, signals, policy, now)
    columns = [exp.column(name, "s") for name in backend.columns(found) if name != "lead"]
    return backend.run(query(BY_LEAD).select(*columns), states=found, identities=identities)


def usable(manifest: Manifest, policy: Policy, now: datetime) -> Snapshot | None:
    """The snapshot, where scores at ``now`` under a policy can be had from it."""
    kept = manifest.snapshot
    return kept if kept and kept.rule == what_counts(policy) and kept.at <= micros(now) else None


def what_counts(policy: Policy) -> str:
    """What folded signals depend on, of all that a policy says: its points and caps may change."""
    half_lives = [(name, kind.half_life_days) for name, kind in policy.intent.signals.items()]
    return json.dumps([half_lives, policy.timezone, policy.intent.pattern.within_days])


def folded_once(
    backend: Backend,
    store: Store,
    manifest: Manifest,
    files: Sequence[File],
    policy: Policy,
    now: datetime,
) -> Native:
    """The rows of a new snapshot: those of the one there is, and of these files that it does not hold.

    One for each identity and kind, and one without weight for each signal dated after ``now``.
    """
    snapshot = usable(manifest, policy, now)
    identities = small(backend, store, manifest, "identities")
    # Read twice rather than kept: a history of signals is more than memory holds.
    signals = _signals(backend, store, snapshot, files, policy, identities)
    folded = backend.run(united(policy), states=_folded(backend, store, snapshot, signals, policy, now))
    return backend.run(query(BOTH), one=folded, other=backend.run(awaited(policy, now), signals=signals))


def _signals(
    backend: Backend,
    store: Store,
    snapshot: Snapshot | None,
    files: Sequence[File],
    policy: Policy,
    identities: Native,
) -> Native:
    """The signals of these files by identity, and those whose time had not come when the snapshot was taken."""
    if files:
        signals = backend.run(query(BY_IDENTITY), signals=table(backend, store, files))
    else:
        signals = backend.run(query(NO_SIGNALS), identities=identities)
    if snapshot is None:
        return signals
    kept = table(backend, store, [snapshot.file])
    waiting = backend.run(query(WAITING).with_("kinds", kinds_of(policy)), states=kept)
    return backend.run(query(BOTH), one=signals, other=waiting)


def _folded(
    backend: Backend, store: Store, snapshot: Snapshot | None, signals: Native, policy: Policy, now: datetime
) -> Native:
    fresh = backend.run(states(policy, now), signals=signals)
    if snapshot is None:
        return fresh
    kept = backend.run(query(FOLDED), states=table(backend, store, [snapshot.file]))
    return backend.run(query(BOTH), one=backend.run(aged(policy, moment(snapshot.at), now), states=kept), other=fresh)
