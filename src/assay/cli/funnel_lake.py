"""`assay funnel --lake`: the same counts by the engine from the lake, and visitors from the daily counts on record."""

from assay.domain.errors import BadInput
from assay.domain.funnel import STEPS
from assay.records.funnel import Counts
from assay.records.months import months
from assay.records.period import Period
from assay.records.slices import EVERYTHING, Dimension
from assay.records.visits import visitors
from assay.settings import current


def counts_in_the_lake(period: Period, *, flow: bool = False, by: Dimension | None = None) -> dict[str, Counts]:
    """What `assay.records.funnel.counts` gives, as of the last sync of the lake. Raises BadInput."""
    if by not in (None, "month"):
        raise BadInput("bad_usage", "The lake tells leads apart by month only.", "Use --by month, or leave out --lake.")
    from assay.cli.lake import lake_readable
    from assay.engine.duck import duck
    from assay.engine.funnel import counts
    from assay.engine.lake.store import Store

    store = Store(current.lake_place)
    cut = (lambda first, last: months(first.astimezone(period.zone), last)) if by else None
    with lake_readable(store), duck("UTC") as backend:
        found = counts(backend, store, store.manifest(), period, flow=flow, cut=cut)
    told: dict[str, Counts] = {name: {STEPS[0]: 0, **steps} for name, steps in found.items()}
    for name, came in (visitors(period, by, EVERYTHING) or {}).items():
        told.setdefault(name, dict.fromkeys(STEPS, 0))[STEPS[0]] = came
    return told
