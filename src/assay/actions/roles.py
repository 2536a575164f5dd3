"""Who plays which part in a company's buying decision."""

from assay.actions.actors import Actor
from assay.domain.errors import BadInput, NotFound
from assay.domain.phrase import Phrase
from assay.records.models import Membership
from assay.records.people import BuyingRole


def set_role(person_id: int, company_id: int, by: Actor, role: str) -> None:
    """Say which part somebody plays at their company. Raises BadInput, NotFound or MoveRefused."""
    by.needs_a_desk("say who decides at a company")
    if role not in list(BuyingRole):
        raise BadInput("unknown_role", f'"{role}" is no part in buying.', f"Use one of {', '.join(BuyingRole)}.")
    if not Membership.objects.filter(person=person_id, company=company_id).update(role=role):
        raise NotFound("unknown_membership", Phrase("That person is not known at this company."))
