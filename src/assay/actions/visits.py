"""New visitors are counted as their first signal is: one for each browser, by day, source and campaign."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F

from assay.actions.policies import rule
from assay.actions.sources import Sources, add_visitors
from assay.domain.channels import campaign_of_visit, source_of_visit
from assay.domain.identity import IdentityKind
from assay.records.models import Signal


def count_new_visitors(signal_ids: Sequence[int], at: datetime) -> None:
    """Count the browsers whose first signal is among these, but for robots. Within the caller's transaction.

    The day is one of the policy's time zone; the campaign is the one the first page's address names, else the key's.
    So is the source, where the key leaves it to the visit.
    """
    first = Signal.objects.filter(
        pk__in=signal_ids,
        bot=False,
        key__isnull=False,
        identity__kind=IdentityKind.VISITOR,
        received_at=F("identity__created_at"),
    )
    seen: dict[int, tuple[date, str, str]] = {}
    zone = rule(at).policy.zone
    for signal in first.order_by("pk").select_related("key__source", "key__campaign"):
        day = signal.received_at.astimezone(zone).date()
        seen.setdefault(signal.identity_id, (day, *_source_and_campaign(signal)))
    if not seen:
        return
    names = Sources()
    for (day, source, campaign), visitors in sorted(Counter(seen.values()).items()):
        add_visitors(day, source, campaign, visitors, names)


def _source_and_campaign(signal: Signal) -> tuple[str, str]:
    key = signal.key
    assert key is not None, "only what came with a key is looked at"
    named = campaign_of_visit(signal.properties)
    if key.source_of_visit and (told := source_of_visit(signal.properties, signal.url)):
        return told, named  # the key's campaign is one of its own source
    return key.source.name, named or (key.campaign.name if key.campaign else "")
