"""The people of a company: who plays which part in buying, and which parts nobody plays yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from assay.desk import words
from assay.domain.policy import Policy
from assay.records.models import Lead, Membership

SHOWN = ("name", "email", "phone", "title", "lead__temperature", "lead__rung", "lead__grid")
"""What is shown of each."""

MOST = 12
"""More stand on the company's own page."""


@dataclass(frozen=True, slots=True)
class People:
    """Some people of a company, whether there are more, and the parts still missing by name."""

    members: Sequence[Membership]
    more: bool
    missing: Sequence[str]
    roles: Sequence[tuple[str, words.Text]]


def people(lead: Lead, policy: Policy) -> People | None:
    """The people of a lead's company; None where it has none."""
    if lead.company_id is None:
        return None
    members = (
        Membership.objects.filter(company=lead.company_id)
        .select_related("person", "person__lead")
        .only("role", *(f"person__{name}" for name in SHOWN))
    )
    found = list(members.order_by("-person__lead__total", "pk")[: MOST + 1])
    wanted = Counter({str(role): number for role, number in policy.buying_group.roles.items()})
    roles = Membership.objects.filter(company=lead.company_id, role__in=list(wanted)).order_by()
    played = Counter(dict(roles.values_list("role").annotate(Count("pk"))))
    missing = [str(words.ROLES[role]) for role in wanted - played]
    return People(found[:MOST], len(found) > MOST, missing, list(words.ROLES.items()))
