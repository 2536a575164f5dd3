"""What the people of a company make of it: its line in the list, and the seats of its buying group."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assay.desk import words
from assay.domain.company import CompanyIntent, company_intent, missing_roles
from assay.domain.policy import Policy
from assay.domain.policy_sections import BuyingGroup
from assay.records.companies import Crowd, crowds, parts_played, played_by
from assay.records.models import Company, Lead, Person


class Missing(NamedTuple):
    """A part of the buying group that nobody plays yet, and how many are lacking."""

    part: words.Text
    people: int


class Line(NamedTuple):
    """A company of the list: its strongest person, and what all of its people add up to."""

    company: Company
    first: Lead
    crowd: Crowd
    intent: CompanyIntent
    missing: list[Missing]


class Seat(NamedTuple):
    """A part of the buying group: how many the policy asks for, who plays it, and how many are lacking."""

    part: words.Text
    wanted: int
    people: Sequence[Person]
    lacking: int


def lines(strongest: Sequence[Lead], policy: Policy) -> list[Line]:
    """Lines for companies, each given by its strongest person with ``person`` and ``company`` loaded."""
    company_ids = [lead.company_id for lead in strongest if lead.company_id is not None]
    added_up, played = crowds(company_ids), parts_played(company_ids)
    return [
        _line(
            lead, lead.company, added_up[lead.company.pk], played.get(lead.company.pk, Counter()), policy.buying_group
        )
        for lead in strongest
        if lead.company is not None and lead.company.pk in added_up
    ]


def _line(first: Lead, company: Company, crowd: Crowd, played: Mapping[str, int], group: BuyingGroup) -> Line:
    lacking = [Missing(words.ROLES[part], count) for part, count in missing_roles(played, group).items()]
    return Line(company, first, crowd, company_intent(crowd.strongest, crowd.everybody, group), lacking)


def seats(company: Company, policy: Policy) -> list[Seat]:
    """The seats of the buying group, in the policy's order."""
    wanted = policy.buying_group.roles
    people = played_by(company, wanted)
    lacking = missing_roles(parts_played([company.pk]).get(company.pk, Counter()), policy.buying_group)
    return [
        Seat(words.ROLES[part], count, people.get(part, []), lacking.get(part, 0)) for part, count in wanted.items()
    ]
