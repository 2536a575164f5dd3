"""The last events that could not be used: why, as they came, and how many there are of each reason."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count

from assay.actions.replay import open_rows
from assay.desk.intake.wording import reason
from assay.records.models import Quarantine

SHOWN = 15
COUNTED = 1_000
"""The newest of so many are counted by reason."""
LONGEST = 4_000


class Bad(NamedTuple):
    """A row of the quarantine."""

    row: Quarantine
    reason: str
    raw: str
    cut: bool


class Reason(NamedTuple):
    """How many of the last bad rows have this reason."""

    code: str
    text: str
    rows: int


def bad_rows() -> list[Bad]:
    """The newest, each as it came."""
    rows = open_rows().select_related("key").order_by("-received_at", "-pk")[:SHOWN]
    return [_bad(row) for row in rows]


def _bad(row: Quarantine) -> Bad:
    raw = row.raw
    only_text = isinstance(raw, dict) and raw.keys() == {"text"}
    text = str(raw["text"]) if only_text else json.dumps(raw, indent=2, ensure_ascii=False)
    return Bad(row, reason(row.code), text[:LONGEST], len(text) > LONGEST)


def reasons() -> Sequence[Reason]:
    """The reasons of the newest rows, the most frequent first."""
    newest = open_rows().order_by("-received_at", "-pk").values("pk")[:COUNTED]
    counted = open_rows().filter(pk__in=newest).order_by().values_list("code").annotate(number=Count("pk"))
    return [Reason(code, reason(code), number) for code, number in counted.order_by("-number", "code")]
