"""Promotions as evidence: grouped by what their scores said and what became of them, by the database.

The score is the one in the decision that promoted, and it must not be younger than that decision.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Count, Func, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.sql.compiler import SQLCompiler

from assay.domain.evidence import Evidence, Tried, evidence, same_criteria
from assay.domain.ladder import Rung
from assay.domain.outcomes import ENDS, VERDICTS
from assay.domain.policy import Policy
from assay.records.gate import AT_THE_GATE
from assay.records.models import Decision, PolicyVersion
from assay.records.verdicts import Verdicts

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Promoted(NamedTuple):
    """Which promotions: made from ``start`` on and before ``end``; followed up to ``now``. None is no limit."""

    now: datetime
    start: datetime | None = None
    end: datetime | None = None


class Told(TypedDict):
    """What the database adds to a promotion."""

    verdict: Any
    because: Any
    ending: Any
    chance: str


class _WasThen(Func):
    """Whether a score is no younger than its decision."""

    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " ->> 'as_of')::timestamptz <= ("

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: object
    ) -> tuple[str, tuple[str | int, ...]]:
        return super().as_sql(
            compiler, connection, template="(julianday(%(expressions)s))", arg_joiner=" ->> 'as_of') <= julianday("
        )


def decided(which: Promoted) -> "QuerySet[WithAnnotations[Decision, Told]]":
    """The promotions that sales decided on: its ``verdict``, ``because``, and the ``ending`` of what it accepted.

    Those whose score is lacking, or was made after the promotion, teach nothing and are left out.
    """
    found = Decision.objects.filter(from_rung=Rung.LEAD, to_rung__in=AT_THE_GATE, at__lte=which.now)
    if which.start:
        found = found.filter(at__gte=which.start)
    if which.end:
        found = found.filter(at__lt=which.end)
    later = Decision.objects.filter(lead=OuterRef("lead"), pk__gt=OuterRef("pk"), at__lte=which.now).order_by("pk")
    left = later.filter(from_rung__in=AT_THE_GATE).exclude(move="promote_product")
    ended = later.filter(move__in=ENDS)
    told = found.filter(_WasThen("score", "at")).annotate(
        verdict=Subquery(left.values("move")[:1]),
        because=Subquery(left.values("reason")[:1]),
        ending=Subquery(ended.values("move")[:1]),
        chance=KT("details__exploration"),
    )
    return told.filter(verdict__in=VERDICTS)


def tried(which: Promoted, policy: Policy) -> Iterator[Tried]:
    """Decided promotions, those alike counted together. One query, and one for the policies they were made under."""
    alike = (
        decided(which)
        .values("policy", "verdict", "because", "ending", "chance", said=Verdicts("score"))
        .annotate(number=Count("pk"))
        .values_list("policy", "verdict", "because", "ending", "chance", "said", "number")
        .order_by()
    )
    comparable = same_by_version(policy)
    for version, verdict, because, ending, chance, said, number in alike.iterator():
        verdicts = [
            (axis, name, what)
            for axis, name, what in json.loads(said or "[]")
            if axis != "fit" or name in comparable[version]
        ]
        accepted = verdict == "accept"
        won = ending == "win" if accepted and ending else None
        yield Tried(verdicts, accepted, won, because or "", number, float(chance or 1))


def same_by_version(policy: Policy) -> Mapping[int, frozenset[str]]:
    """By version, the criteria that ask what those of this policy ask. One query."""
    return {row.pk: same_criteria(row.policy, policy) for row in PolicyVersion.objects.all()}


def evidence_for(policy: Policy, which: Promoted) -> Evidence:
    """What promotions say of each criterion and kind of a policy."""
    return evidence(policy, tried(which, policy))
