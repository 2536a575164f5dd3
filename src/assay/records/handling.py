"""How sales' time went to leads that came to the gate."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F

from assay.records.audit import SELLERS
from assay.records.models import Pass


class Handled(NamedTuple):
    """Passes that came to the gate, and the contacts that sales made on them by kind."""

    passes: int
    contacts: Mapping[str, int]


def handled(start: datetime, end: datetime) -> Handled:
    """Those first promoted from ``start`` on and before ``end``. Two queries."""
    came = Pass.objects.filter(mql_at__gte=start, mql_at__lt=end)
    made = came.filter(
        lead__touches__pass_no=F("number"), lead__touches__automatic=False, lead__touches__by__role__in=SELLERS
    )
    kinds = made.order_by().values_list("lead__touches__kind").annotate(Count("pk"))
    return Handled(came.count(), dict(kinds))
