"""Who wants to be told of which events."""

from collections.abc import Collection, Mapping, Sequence

from assay.domain.events import EVENTS
from assay.records.models import WebhookEndpoint


def subscribed_endpoints(types: Collection[str]) -> Mapping[str, Sequence[int]]:
    """The endpoints that want events, by type, in one query; types that are not for other systems have none."""
    known = [name for name in types if name in EVENTS]
    if not known:
        return {}
    endpoints = list(WebhookEndpoint.objects.filter(disabled_at=None).order_by("pk").only("types"))
    return {name: [endpoint.pk for endpoint in endpoints if endpoint.wants(name)] for name in known}
