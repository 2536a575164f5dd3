"""The signals of a lake as one tally a lead: what stands of it is aged, and what came since is added."""

from datetime import datetime

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.fold import added, columns_of_tallies, each, tallies
from assay.engine.kept import tallied
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import small
from assay.engine.lake.states import BOTH, Kept, by_lead, kept_of, signals_by_name
from assay.engine.lake.store import Store
from assay.engine.statements import query, term

FIRST = "SELECT MIN(i.identity) AS identity, i.lead FROM identities AS i GROUP BY i.lead"
FURTHER = """
    SELECT i.identity, i.lead FROM identities AS i JOIN first AS f ON i.lead = f.lead WHERE i.identity <> f.identity
"""
TOGETHER = "SELECT COALESCE(o.lead, m.lead) AS lead FROM one AS o FULL JOIN more AS m ON o.lead = m.lead"
SUM, BITS = "COALESCE(:one, 0) + COALESCE(:more, 0)", "COALESCE(:one, 0) | COALESCE(:more, 0)"


def tallies_of(
    backend: Backend, store: Store, manifest: Manifest, policy: Policy, now: datetime, kept: Kept | None = None
) -> Native:
    """Every lead's tally as of ``now``, as `fold.tallies` makes them: from what is ``kept``, else from the snapshot.

    Without a snapshot for this policy's kinds and half-lives, from all signals.
    """
    kept = kept or kept_of(backend, store, manifest, policy, now)
    identities = small(backend, store, manifest, "identities")
    if kept is None:
        signals = signals_by_name(backend, store, manifest.since(None), identities)
        return _together(backend, policy, identities, backend.keep(backend.run(tallies(policy, now), signals=signals)))
    held = backend.run(tallied(policy, kept.at, now), kept=kept.rows)
    fresh = backend.run(each(policy, now), signals=signals_by_name(backend, store, kept.since, identities))
    return _together(backend, policy, identities, held, by_lead(backend, fresh, identities))


def _together(backend: Backend, policy: Policy, identities: Native, held: Native, *more: Native) -> Native:
    """Tallies, one an identity, and ``more`` by lead -> one a lead.

    Most leads have one name: what is held of their first one is only added to, which costs less than grouping all.
    """
    first = backend.keep(backend.run(query(FIRST), identities=identities))
    further = by_lead(backend, held, backend.run(query(FURTHER), identities=identities, first=first))
    for some in more:
        further = backend.run(query(BOTH), one=further, other=some)
    further = backend.run(added(policy), tallies=further)
    together, (weights, bits) = query(TOGETHER), columns_of_tallies(policy)
    for name in (*weights, *bits):
        sides = {"one": exp.column(name, "o"), "more": exp.column(name, "m")}
        together = together.select(exp.alias_(term(SUM if name in weights else BITS, **sides), name))
    return backend.run(together, one=by_lead(backend, held, first), more=further)
