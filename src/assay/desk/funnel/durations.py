"""How long leads stay in each rung."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.desk.funnel.filters import FunnelFilters
from assay.desk.pictures.kinds import Times
from assay.domain.funnel_words import NAMES
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.survival import Time
from assay.records.times import times


class Durations(NamedTuple):
    """The rungs somebody came to, each with its name, and the picture of them where there is any."""

    rungs: Sequence[tuple[Phrase, Time]]
    picture: Times | None


def read(filters: FunnelFilters, policy: Policy) -> Durations:
    """The times of the chosen period and part."""
    found = times(filters.time, filters.among, accept_is_sql=policy.gate.accept_is_sql, flow=filters.flow)
    known = [time for time in found if time.went_on + time.left + time.waiting]
    return Durations([(NAMES[time.step], time) for time in known], Times(known) if known else None)
