"""What a digest tells of: what is unread on somebody's desk, and who of those who wait at the gate came meanwhile."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.domain.ladder import Desk, Rung
from assay.domain.roles import DESKS, Role
from assay.records.gate import AT_THE_GATE
from assay.records.models import Decision, Digest, Lead, Notification
from assay.records.waiting import at_the_gate

MOST = 20
"""Of each a digest tells no more singly."""


class Contents(NamedTuple):
    """What there is to say: the newest notifications and the best leads at the gate, and how many of each."""

    notifications: Sequence[Notification]
    unread: int
    leads: Sequence[Lead]
    waiting: int

    def __bool__(self) -> bool:
        return bool(self.unread or self.waiting)


def contents(digest: Digest) -> Contents:
    """As it stands now; with ``user`` loaded. What went out by mail or chat at once is not told again."""
    unread = Notification.objects.filter(
        user=digest.user, read_at=None, elsewhere=False, at__gt=digest.since, at__lte=digest.until
    )
    rows = list(unread.select_related("lead__person").order_by("-pk")[:MOST])
    if Desk.SALES not in DESKS[Role(digest.user.role)]:
        return Contents(rows, unread.count(), (), 0)
    came = Decision.objects.filter(
        at__gt=digest.since, at__lte=digest.until, from_rung=Rung.LEAD, to_rung__in=AT_THE_GATE
    )
    waiting = at_the_gate().filter(pk__in=came.values("lead"))
    leads = list(waiting.select_related("person", "company")[:MOST])
    return Contents(rows, unread.count(), leads, waiting.count())
