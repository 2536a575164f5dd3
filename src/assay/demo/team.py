"""The people at the two desks. All have the same password: the data is invented, and the command prints it."""

from typing import NamedTuple

from assay.actions.actors import Actor, actor
from assay.actions.users import add_user
from assay.domain.roles import Role
from assay.records.models import User

PASSWORD = "assay-demo-month"  # nosec B105
DOMAIN = "assay.example"


class Member(NamedTuple):
    """Somebody who can sign in."""

    name: str
    role: Role

    @property
    def key(self) -> str:
        """The first name in lower case, as the stories call them."""
        return self.name.partition(" ")[0].lower()

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


MEMBERS = (
    Member("Mara Lind", Role.MARKETER),
    Member("Sam Okafor", Role.REP),
    Member("Sia Moreau", Role.REP),
    Member("Max Brandt", Role.MANAGER),
    Member("Ada Kovacs", Role.ADMIN),
    Member("Vic Janssen", Role.VIEWER),
)
REPS = ("sam", "sia")


def hire() -> dict[str, Actor]:
    """Add them all. Returns them as actors by first name."""
    users = {member.key: add_user(member.email, member.role, name=member.name, password=PASSWORD) for member in MEMBERS}
    return {key: actor(user) for key, user in users.items()}


def is_loaded() -> bool:
    """Whether this database holds the demo month: its people, whose domain can be nobody's, are there."""
    return User.objects.filter(email__in=[member.email for member in MEMBERS]).exists()
