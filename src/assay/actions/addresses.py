"""A person's further address: it leads to them from now on, with all that waited for whoever owns it."""

from datetime import datetime

from assay.actions.capture import companies_of
from assay.actions.recognise import erased_hint, known
from assay.actions.scoring import recount
from assay.domain.contact import company_domain, email_identity
from assay.domain.errors import Refused
from assay.domain.identity import IdentityKind
from assay.domain.phrase import Phrase
from assay.domain.rows import LeadRow
from assay.records.models import Identity, Lead, Membership, Person
from assay.records.privacy import erased


def give_address(lead: Lead, at: datetime) -> None:
    """Let the address of the lead's person recognise them, the earlier ones too.

    Signals that waited for it are theirs, and somebody without a company gets the one of the address. Runs within
    the caller's transaction. Raises Refused for the address of somebody else, or of somebody who was erased.
    """
    key = email_identity(lead.person.email)
    if key is None:
        return
    if erased([(IdentityKind.EMAIL, key)]):
        raise Refused("erased", Phrase("Whoever has this address was erased."), erased_hint())
    found = known([(IdentityKind.EMAIL, key)]).get((IdentityKind.EMAIL, key))
    if found is None:
        Identity.objects.create(kind=IdentityKind.EMAIL, value=key, person_id=lead.person_id, created_at=at)
    elif found.person_id is None:
        Identity.objects.filter(pk=found.identity_id).update(person=lead.person_id)
        recount([lead.pk], at)
    elif found.person_id != lead.person_id:
        other = Person.objects.get(pk=found.person_id)
        said = Phrase("{email} is the address of {other}.", email=lead.person.email, other=str(other))
        raise Refused("address_taken", said, Phrase("Is this the same person?"))
    if lead.company is None:
        _join_company(lead, at)


def _join_company(lead: Lead, at: datetime) -> None:
    domain = company_domain(lead.person.email)
    if domain is None:
        return
    lead.company = companies_of([LeadRow(domain=domain)], at)[domain]
    Membership.objects.get_or_create(person_id=lead.person_id, company=lead.company)
