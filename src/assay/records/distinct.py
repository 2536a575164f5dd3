"""Leads counted by problem, all together, and of how many: reading each query once, however many leads there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Value

from assay.domain.audit import Problem
from assay.records.audit import Ids

BASE, ALL, OF = "base", "all", "of"

_COUNTS = """
WITH found(lead, problem) AS ({rows})
SELECT problem, COUNT(DISTINCT lead) FROM found GROUP BY problem
UNION ALL SELECT 'all', COUNT(DISTINCT lead) FROM found WHERE problem <> 'base'
UNION ALL SELECT 'of', COUNT(DISTINCT lead) FROM found
"""


def distinct(behind: Mapping[Problem, Ids], base: Sequence[Ids]) -> tuple[int, int, dict[Problem, int]]:
    """How many leads show any of the problems, of how many that are in ``base`` or show one, and how many each."""
    queries = [*((BASE, ids) for ids in base), *behind.items()]
    first, *others = (ids.annotate(problem=Value(str(name))) for name, ids in queries)
    rows, values = _statement(first.union(*others, all=True))
    with connection.cursor() as cursor:
        # Django cannot count over a union by group; the statement inside is its own, with its values bound.
        cursor.execute(_COUNTS.format(rows=rows), values)
        counted: dict[str, int] = dict(cursor.fetchall())
    return counted[ALL], counted[OF], {problem: counted.get(problem, 0) for problem in behind}


def _statement(query: Ids) -> tuple[str, tuple[Any, ...]]:
    return query.query.sql_with_params()
