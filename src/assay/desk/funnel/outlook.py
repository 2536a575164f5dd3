"""What the leads and deals that are open now will probably bring."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.desk.funnel.filters import FunnelFilters
from assay.domain.forecast import Expected
from assay.domain.funnel_words import NAMES
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.what_if import Estimate
from assay.records.pipeline import pipeline


class Outlook(NamedTuple):
    """Deals and revenue by currency, and the rungs with their names from which they come."""

    deals: Estimate
    revenue: Sequence[tuple[str, Estimate]]
    rungs: Sequence[tuple[Phrase, Expected]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open."""
        return not any(rung.open for _, rung in self.rungs)


def read(filters: FunnelFilters, policy: Policy) -> Outlook:
    """The forecast of the chosen part, from how those fared that came to each rung in the chosen period."""
    found = pipeline(filters.time, filters.among, accept_is_sql=policy.gate.accept_is_sql)
    return Outlook(found.deals, list(found.revenue.items()), [(NAMES[rung.step], rung) for rung in found.rungs])
