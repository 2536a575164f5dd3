"""What a message to people says, in the language and by the clock of whoever reads it, and where they see to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from assay.domain.notifications import Details, Kind, place, sentence
from assay.records.models import Lead, OutboxMessage
from assay.reports.links import Links
from assay.reports.saying import told
from assay.settings import current


class Said(NamedTuple):
    """A sentence, and the page on which one sees to it, "" where nobody knows our address."""

    text: str
    link: str


@contextmanager
def reading(language: str, zone: ZoneInfo) -> Iterator[None]:
    """Within it things are said for a reader with this language, "" for English, in this time zone."""
    with translation.override(language or "en"), timezone.override(zone):
        yield


def links() -> Links:
    """Where our pages are."""
    return Links(current.address or "")


def said(message: OutboxMessage) -> Said:
    """What a notification on its way says. To whoever has it on their desk it opens there, and is read."""
    told_of = message.payload["notification"]
    text = spoken(Kind(told_of["kind"]), message.lead, told_of["details"])
    if number := told_of["id"]:
        return Said(text, links().to("notification", number))
    page, about = place(message.lead_id, told_of["details"])
    return Said(text, links().to(page, *([about] if about else [])))


def spoken(kind: Kind, lead: Lead | None, details: Details) -> str:
    """The sentence, in the language that is active."""
    return told(sentence(kind, str(lead.person) if lead else "", details))
