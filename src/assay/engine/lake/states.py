"""The signals of a lake folded by lead: what the snapshot holds, and what came in since."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.days import micros, moment
from assay.engine.fold import added, aged, columns_of_tallies, each, states, tallies
from assay.engine.kept import apart, spread, tallied
from assay.engine.lake.manifest import File, Manifest, Snapshot
from assay.engine.lake.reading import small, table
from assay.engine.lake.store import Store
from assay.engine.marks import engages
from assay.engine.statements import query, term

BY_IDENTITY = "SELECT s.identity AS lead, s.kind, s.at, s.bot FROM signals AS s"
NO_SIGNALS = """
    SELECT i.identity AS lead, '' AS kind, CAST(0 AS BIGINT) AS at, FALSE AS bot FROM identities AS i WHERE FALSE
"""
AWAITED = "SELECT s.lead AS identity, s.kind, s.at, s.bot FROM signals AS s WHERE s.at > :now AND NOT s.bot"
BY_LEAD = "SELECT i.lead FROM folded AS s JOIN identities AS i ON s.lead = i.identity"
BOTH = "SELECT o.* FROM one AS o UNION ALL SELECT o.* FROM other AS o"
FIRST = "SELECT MIN(i.identity) AS identity, i.lead FROM identities AS i GROUP BY i.lead"
FURTHER = """
    SELECT i.identity, i.lead FROM identities AS i JOIN first AS f ON i.lead = f.lead WHERE i.identity <> f.identity
"""
TOGETHER = "SELECT COALESCE(o.lead, m.lead) AS lead FROM one AS o FULL JOIN more AS m ON o.lead = m.lead"
SUM = "COALESCE(:one, 0) + COALESCE(:more, 0)"
BITS = "COALESCE(:one, 0) | COALESCE(:more, 0)"


def tallies_of(backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime) -> Native:
    """Every lead's tally as of ``now``, as `fold.tallies` makes them.

    From the snapshot and the signals since, where it is one of this policy's kinds and half-lives.
    """
    snapshot = usable(manifest, policy, now)
    identities = small(backend, store, manifest, "identities")
    signals = _signals(backend, store, manifest.since(snapshot), identities)
    if snapshot and snapshot.files:
        kept = table(backend, store, snapshot.files)
        held = backend.run(tallied(policy, moment(snapshot.at), now), kept=kept)
        fresh = backend.run(each(policy, now), signals=signals)
        return _together(backend, policy, held, identities, _by_lead(backend, fresh, identities))
    held = backend.keep(backend.run(tallies(policy, now), signals=signals))
    return _together(backend, policy, held, identities)


def _together(backend: Backend, policy: Policy, held: Native, identities: Native, *more: Native) -> Native:
    """Tallies, one an identity, and ``more`` by lead -> one a lead.

    Most leads have one name: what is held of their first one is only added to, which costs less than grouping all.
    """
    first = backend.keep(backend.run(query(FIRST), identities=identities))
    further = _by_lead(backend, held, backend.run(query(FURTHER), identities=identities, first=first))
    for some in more:
        further = backend.run(query(BOTH), one=further, other=some)
    further = backend.run(added(policy), tallies=further)
    together, (weights, bits) = query(TOGETHER), columns_of_tallies(policy)
    for names, operation in ((weights, SUM), (bits, BITS)):
        for name in names:
            sides = {side: exp.column(name, side[0]) for side in ("one", "more")}
            together = together.select(exp.alias_(term(operation, **sides), name))
    return backend.run(together, one=_by_lead(backend, held, first), more=further)


def states_of(backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime) -> Native:
    """Every lead's states as of ``now``, as `fold.states` makes them; a lead may have several of one kind."""
    snapshot = usable(manifest, policy, now)
    identities = small(backend, store, manifest, "identities")
    signals = _signals(backend, store, manifest.since(snapshot), identities)
    return _by_lead(backend, _folded(backend, store, snapshot, signals, policy, now), identities)


def usable(manifest: Manifest, policy: Policy, now: datetime) -> Snapshot | None:
    """The snapshot, where scores at ``now`` under a policy can be had from it."""
    kept = manifest.snapshot
    return kept if kept and kept.rule == what_counts(policy) and kept.at <= micros(now) else None


def what_counts(policy: Policy) -> str:
    """What folded signals depend on, of all that a policy says: its points and caps may change."""
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
    signals = _signals(backend, store, files, identities)
    rows = backend.run(spread(policy), states=_folded(backend, store, snapshot, signals, policy, now))
    return rows, backend.run(query(AWAITED, now=micros(now)), signals=signals)


def _signals(backend: Backend, store: Store, files: Sequence[File], identities: Native) -> Native:
    """The signals of these files by identity."""
    if not files:
        return backend.run(query(NO_SIGNALS), identities=identities)
    return backend.run(query(BY_IDENTITY), signals=table(backend, store, files))


def _folded(
    backend: Backend, store: Store, snapshot: Snapshot | None, signals: Native, policy: Policy, now: datetime
) -> Native:
    fresh = backend.run(states(policy, now), signals=signals)
    if snapshot is None or not snapshot.files:
        return fresh
    kept = backend.run(apart(policy), kept=table(backend, store, snapshot.files))
    return backend.run(query(BOTH), one=backend.run(aged(policy, moment(snapshot.at), now), states=kept), other=fresh)


def _by_lead(backend: Backend, folded: Native, identities: Native) -> Native:
    columns = [exp.column(name, "s") for name in backend.columns(folded) if name != "lead"]
    return backend.run(query(BY_LEAD).select(*columns), folded=folded, identities=identities)
