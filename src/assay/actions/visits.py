"""New visitors are counted as their first signal is: one for each browser, by day, source and campaign."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F

from assay.actions.policies import rule
from assay.actions.sources import Sources, add_visitors
from assay.domain.identity import IdentityKind
from assay.records.models import Signal

LONGEST_CAMPAIGN = 200


def count_new_visitors(signal_ids: Sequence[int], at: datetime) -> None:
    """Count the browsers whose first signal is among these, but for robots. Within the caller's transaction.

    The day is one of the policy's time zone; the campaign is the one the first page's address names, else the key's.
    """
    first = Signal.objects.filter(
        pk__in=signal_ids,
        bot=False,
        key__isnull=False,
        identity__kind=IdentityKind.VISITOR,
        received_at=F("identity__created_at"),
    )
    fields = ("identity", "received_at", "key__source__name", "key__campaign__name", "properties__utm_campaign")
    seen: dict[int, tuple[date, str, str]] = {}
    zone = rule(at).policy.zone
    for identity, received_at, source, campaign, utm in first.order_by("pk").values_list(*fields):
        named = utm.strip()[:LONGEST_CAMPAIGN] if isinstance(utm, str) else ""
        seen.setdefault(identity, (received_at.astimezone(zone).date(), source, named or campaign or ""))
    if not seen:
        return
    names = Sources()
    for (day, source, campaign), visitors in sorted(Counter(seen.values()).items()):
        add_visitors(day, source, campaign, visitors, names)
