"""What a company's people add up to: its intent, and the roles of the buying group that nobody plays yet."""

from collections.abc import Mapping
from typing import NamedTuple

from assay.domain.policy_sections import BuyingGroup, Role
from assay.domain.score import rounded


class CompanyIntent(NamedTuple):
    """How a company's intent adds up. Every number is in points of intent."""

    strongest: float
    others: float
    """What the other people have, taken together."""
    share: float
    """What of it counts: the agreed share, at most the agreed cap."""
    capped: bool

    @property
    def total(self) -> float:
        """The strongest person plus the capped share of the others; above 100 where several are hot."""
        return rounded(self.strongest + self.share)


def company_intent(strongest: float, everybody: float, group: BuyingGroup) -> CompanyIntent:
    """The intent of a company from that of its strongest person and the sum over all of its people."""
    others = rounded(max(0.0, everybody - strongest))
    share = rounded(others * group.others_share)
    return CompanyIntent(strongest, others, min(share, group.others_cap), capped=share > group.others_cap)


def missing_roles(present: Mapping[str, int], group: BuyingGroup) -> dict[Role, int]:
    """How many people of each role of the buying group are still to be found, in the policy's order.

    ``present`` is how many play each role.
    """
    lacking = {role: wanted - present.get(role, 0) for role, wanted in group.roles.items()}
    return {role: count for role, count in lacking.items() if count > 0}
