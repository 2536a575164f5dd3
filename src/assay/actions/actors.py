"""Who acts: a person with a role, or the system itself."""

from dataclasses import dataclass

from assay.domain.errors import MoveRefused, NotFound
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.domain.roles import ADMINISTERS, DESKS, MANAGES, Role
from assay.records.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that acts: the name for the ledger, and the desks it sits at.

    ``via`` is the token through which a person's program acts for them, ``drafted_by`` whose draft they confirm.
    """

    name: str
    desks: frozenset[Desk]
    user_id: int | None = None
    manages: bool = False
    administers: bool = False
    via: str = ""
    drafted_by: str = ""

    def needs(self, desk: Desk, what: str) -> None:
        """Raise MoveRefused unless the actor sits at this desk."""
        if desk not in self.desks:
            raise MoveRefused("wrong_desk", self._cannot(what), Phrase("That is for {desk}.", desk=desk))

    def needs_a_desk(self, what: str) -> None:
        """Raise MoveRefused unless the actor sits at some desk."""
        if not self.desks:
            raise MoveRefused("wrong_desk", self._cannot(what), Phrase("That is for marketing and sales."))

    def needs_admin(self, what: str) -> None:
        """Raise MoveRefused unless the actor is an admin."""
        if not self.administers:
            raise MoveRefused("not_admin", self._cannot(what), Phrase("That is for an admin."))

    def _cannot(self, what: str) -> Phrase:
        return Phrase("{who} cannot {what}.", who=self.name, what=what)


POLICY = Actor("policy", frozenset({Desk.POLICY}))
INTAKE = Actor("intake", frozenset({Desk.INTAKE}))


def actor(user: User) -> Actor:
    """A person as an actor."""
    role = Role(user.role)
    return Actor(user.name, DESKS[role], user.pk, role in MANAGES, role in ADMINISTERS)


def in_sales(owner: User) -> None:
    """Raise MoveRefused for somebody who cannot own a lead."""
    if Desk.SALES not in DESKS[Role(owner.role)]:
        raise MoveRefused(
            "owner_not_in_sales",
            Phrase("{who} is a {role} and cannot own a lead.", who=str(owner), role=Role(owner.role)),
            Phrase("Name a salesperson."),
        )


def user_by_email(email: str) -> User:
    """An active user. Raises NotFound."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound("unknown_user", f"There is no user {email}.", "Add one with: assay user add EMAIL --role ROLE")
    return user


OPERATOR_EMAIL = "operator@localhost"


def operator() -> User:
    """Whoever holds this machine's shell, made on first use; cannot sign in anywhere else."""
    user = User.objects.filter(email=OPERATOR_EMAIL).first()
    return user or User.objects.create_user(OPERATOR_EMAIL, Role.OPERATOR, first_name="Operator")
