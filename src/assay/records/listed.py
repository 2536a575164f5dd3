"""Numbers of rows that we know, handed to the database as one value: a statement holds only so many."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

_ROWS = {
    "postgresql": "SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb)",
    "sqlite": "SELECT value FROM json_each(%s)",
}


def listed(ids: Sequence[int]) -> RawSQL:
    """For ``pk__in``, however many they are."""
    return RawSQL(_ROWS[connection.vendor], [json.dumps(list(ids))])  # nosec B611
