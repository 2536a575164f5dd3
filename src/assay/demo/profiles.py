"""What people are, by kind: their titles, their companies, and how much of it they tell. Fit follows from these."""

from dataclasses import dataclass
from typing import Literal

from assay.demo.firms import ABROAD, COMPETING, OTHER_TRADES, RECRUITING, SERVED, SERVED_TRADES, TEACHING, Range, Trades
from assay.records.people import BuyingRole


def _titles(text: str) -> tuple[str, ...]:
    return tuple(title.strip() for title in text.split(","))


DECIDERS = _titles(
    "CEO, CFO, COO, Managing Director, Head of Operations, Director of Supply Chain, VP Operations, Founder, "
    "Head of Planning, CTO, Director of Finance, Head of Procurement, Managing Partner"
)
STAFF = _titles(
    "Operations Analyst, Project Manager, Marketing Manager, Planner, Office Manager, Business Analyst, "
    "Controller, Shift Supervisor, Customer Service Manager, Data Analyst"
)
# The words of the rule's criterion "Can decide" are in these titles, and yet nobody here decides: the rule is wrong.
GATEKEEPERS = _titles(
    "Assistant to the CEO, Executive Assistant to the Managing Director, Product Owner, Head of Catering, "
    "Assistant to the CFO, Director of Alumni Relations, Channel Partner Manager"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of person. ``shared`` ones may turn out to be colleagues; ``silent`` ones leave nothing but an address.

    ``part`` is the one they play when their company buys.
    """

    titles: tuple[str, ...]
    trades: Trades = SERVED_TRADES
    countries: tuple[str, ...] = SERVED
    employees: Range = (12, 900)
    budget: Range | None = (12_000, 90_000)
    mailbox: Literal["work", "free"] = "work"
    shared: bool = False
    silent: bool = False
    part: BuyingRole = BuyingRole.UNKNOWN


IDEAL = Profile(DECIDERS, shared=True, part=BuyingRole.DECISION_MAKER)  # fit 100
NO_BUDGET = Profile(DECIDERS, budget=None, shared=True, part=BuyingRole.CHAMPION)  # 85, or 100 by a colleague
JUNIOR = Profile(STAFF, shared=True, part=BuyingRole.USER)  # 75
GATEKEEPER = Profile(GATEKEEPERS, shared=True, part=BuyingRole.INFLUENCER)  # 100
RECRUITER = Profile(DECIDERS, trades=RECRUITING)  # 100
COMPETITOR = Profile(DECIDERS, trades=COMPETING)  # 100
ELSEWHERE = Profile(DECIDERS, trades=OTHER_TRADES, employees=(1_500, 9_000))  # 55
TINY = Profile(("Founder", "Owner"), employees=(1, 4), budget=(500, 4_000), mailbox="free")  # 40: under the floor
FOREIGN = Profile(DECIDERS, countries=ABROAD)  # 0: the country is a knockout
STUDENT = Profile(("Student", "Intern"), trades=TEACHING, employees=(2_000, 20_000), budget=None, mailbox="free")  # 0
UNKNOWN = Profile(("",), silent=True)  # insufficient data
ANONYMOUS = Profile(("",), mailbox="free", silent=True)  # insufficient data
