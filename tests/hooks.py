"""Other systems that are told what happens, as tests know them."""

from collections.abc import Sequence

from assay.records.models import WebhookEndpoint
from tests.people import NOW


def an_endpoint(*types: str, url: str = "https://crm.example/hooks") -> WebhookEndpoint:
    """Another system that listens to events of these types, by default to all."""
    wanted: Sequence[str] = types or ("*",)
    return WebhookEndpoint.objects.create(name="CRM", url=url, types=list(wanted), secret="unused", created_at=NOW)
