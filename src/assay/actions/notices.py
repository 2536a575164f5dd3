"""What is said to people of sales because of a lead, and to whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from assay.domain.phrase import Phrase
from assay.domain.roles import Role
from assay.domain.routing import Choice
from assay.records.models import Lead, User


class Notice(NamedTuple):
    """Something to be said of a lead to some users, by number. ``about`` is what programs read of it."""

    type: str
    lead_id: int
    to: tuple[int, ...]
    about: Mapping[str, object]


def team() -> tuple[int, ...]:
    """Everybody who decides at the gate."""
    return _with_role(Role.REP) or managers()


def managers() -> tuple[int, ...]:
    """The managers; an admin where there is none, so that nothing is said to nobody."""
    return _with_role(Role.MANAGER) or _with_role(Role.ADMIN)


def unrouted(lead: Lead, choice: Choice) -> Notice:
    """That nobody gets a lead, for the managers."""
    said = Phrase("{who} waits, and nobody gets it: {why}.", who=str(lead.person), why=choice.why)
    hindrances = [str(one) for one in choice.hindrances]
    return Notice("lead.unrouted", lead.pk, managers(), {"why": choice.why, "hindrances": hindrances, "sentence": said})


def _with_role(role: Role) -> tuple[int, ...]:
    return tuple(User.objects.filter(role=role, is_active=True).order_by("pk").values_list("pk", flat=True))


def post(now: datetime, notices: Iterable[Notice]) -> None:
    """Say these things once the transaction commits."""
