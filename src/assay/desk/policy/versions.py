"""Versions as a reader sees them: their state, their keys, and what this person may do with them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, QuerySet

from assay.actions.actors import Actor
from assay.domain.ladder import Desk
from assay.records.models import PolicyKey, PolicyVersion

DESKS = (Desk.MARKETING, Desk.SALES)


class State(StrEnum):
    """Where a version stands on its way."""

    DRAFT = "draft"
    SIGNED = "signed"
    WAITS = "waits"
    IN_FORCE = "in force"
    WAS = "was in force"


class Key(NamedTuple):
    """The key of one desk: the signature if it is there, and whether this person may give it."""

    desk: Desk
    signed: PolicyKey | None
    yours: bool


class Version(NamedTuple):
    """A version with its state and both keys."""

    row: PolicyVersion
    state: State
    keys: tuple[Key, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is not in force yet and never was."""
        return self.row.published_at is None

    @property
    def complete(self) -> bool:
        """Whether both keys are there."""
        return all(key.signed for key in self.keys)

    @property
    def untouched(self) -> bool:
        """Whether nobody has signed it."""
        return not any(key.signed for key in self.keys)


def version_rows() -> QuerySet[PolicyVersion]:
    """Versions with their signatures and how often somebody commented, newest first."""
    rows = PolicyVersion.objects.select_related("written_by").prefetch_related("keys__by")
    return rows.annotate(said=Count("comments")).order_by("-pk")


def versions(rows: Sequence[PolicyVersion], in_force: int, who: Actor) -> list[Version]:
    """Rows as this person sees them."""
    return [Version(row, _state(row, in_force), _keys(row, who)) for row in rows]


def _state(row: PolicyVersion, in_force: int) -> State:
    if row.published_at:
        return State.IN_FORCE if row.pk == in_force else State.WAS
    if row.publish_at:
        return State.WAITS
    return State.SIGNED if len(row.keys.all()) == len(DESKS) else State.DRAFT


def _keys(row: PolicyVersion, who: Actor) -> tuple[Key, ...]:
    given = {key.desk: key for key in row.keys.all()}
    signed_one = any(key.by_id == who.user_id for key in given.values())
    return tuple(
        Key(desk, given.get(desk), row.published_at is None and desk in who.desks and not signed_one)
        for desk in DESKS
    )  # fmt: skip
