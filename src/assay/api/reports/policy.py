"""The rule in force: its text, who signed it, and the reasons it offers."""

from datetime import datetime
from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.room import Room
from assay.api.shapes import BIGGEST, Shape
from assay.domain.errors import NotFound
from assay.domain.ladder import Desk
from assay.domain.tokens import Scope
from assay.records.models import PolicyVersion

room = Room("Figures")


class Key(Shape):
    """One of the two keys."""

    desk: Desk
    by: str
    at: datetime


class Policy(Shape):
    """A version of the rule. ``reasons`` are the codes of each list with what they mean; ``text`` is its TOML file."""

    version: int
    name: str
    digest: str
    published_at: datetime | None
    publish_at: datetime | None
    keys: list[Key]
    currency: str
    reasons: dict[str, dict[str, str]]
    text: str


class PolicyQuery(BaseModel):
    """Which version."""

    version: Annotated[int | None, Field(ge=1, le=BIGGEST, description="Else the one in force.")] = None


@room.get("/policy", Scope.REPORTS_READ, Policy)
def get_policy(request: Asking, asked: Query[PolicyQuery]) -> Policy:
    """Read the rule."""
    number = asked.version or rule(request.auth.at).version
    row = PolicyVersion.objects.prefetch_related("keys__by").filter(pk=number).first()
    if row is None:
        raise NotFound("unknown_policy", f"There is no policy version {number}.")
    return Policy(
        version=row.pk,
        name=row.name,
        digest=row.digest,
        published_at=row.published_at,
        publish_at=row.publish_at,
        keys=[Key(desk=Desk(key.desk), by=key.by.email, at=key.at) for key in row.keys.all()],
        currency=row.policy.currency,
        reasons={name: dict(reasons) for name, reasons in row.policy.gate.reasons.model_dump().items()},
        text=row.text,
    )
