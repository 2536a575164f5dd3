"""The one lead somebody means: by its number, an address, or your own id of it."""

from django.db.models import Q, QuerySet

from assay.domain.contact import email_identity
from assay.domain.errors import NotFound
from assay.records.models import Identity, Lead
from assay.records.people import IdentityKind


def find_lead(text: str) -> Lead:
    """The lead somebody means by its number, an email in any spelling, or your own id.

    Where both exist, ``id:12`` is your own id 12 and ``no:12`` lead number 12. Raises NotFound for none and several.
    """
    leads = {lead.pk: lead for lead in _meant(text.strip())}
    if len(leads) > 1:
        names = " and of ".join(f"lead {lead.pk} ({lead.person})" for lead in leads.values())
        raise NotFound(
            "ambiguous_lead",
            f'"{text}" is the name of {names}.',
            f"Write no:{text} for the number, id:{text} for your own id, or the email.",
        )
    if not leads:
        raise NotFound("unknown_lead", f'There is no lead "{text}".', "Search with: assay leads --search TEXT")
    return next(iter(leads.values()))


def _meant(text: str) -> QuerySet[Lead]:
    wanted = _identified(IdentityKind.LEAD_ID, text)
    if key := email_identity(text):
        wanted |= _identified(IdentityKind.EMAIL, key)
    prefix, _, rest = text.partition(":")
    if prefix == "id":
        wanted |= _identified(IdentityKind.LEAD_ID, rest)
    number = rest if prefix == "no" else text
    if number.isascii() and number.isdigit():
        wanted |= Q(pk=int(number))
    return Lead.objects.select_related("person", "company").filter(wanted).order_by("pk")


def _identified(kind: IdentityKind, value: str) -> Q:
    return Q(person__in=Identity.objects.filter(kind=kind, value=value).values("person"))
