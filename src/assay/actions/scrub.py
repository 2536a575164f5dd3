"""What erasing does to each table: names, notes and contents go, numbers, times and the rows that are counted stay."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from assay.actions.fill import PERSON_FIELDS
from assay.domain.delivery import TO_PEOPLE
from assay.domain.events import nameless
from assay.domain.kinds import STATEMENTS
from assay.domain.ladder import BANT
from assay.domain.mentions import ERASED
from assay.domain.parts import points_text
from assay.records.about import FOUND_BY_NAME, TEXTS, Table, Whom, naming
from assay.records.models import (
    Answer,
    Consent,
    CrmRecord,
    Deal,
    Decision,
    Draft,
    Edit,
    Escalation,
    Identity,
    Import,
    ImportChange,
    Lead,
    LeadText,
    Membership,
    Merge,
    Notification,
    Offer,
    OutboxAttempt,
    OutboxMessage,
    Pass,
    PendingSignal,
    Person,
    PolicyComment,
    Prediction,
    Quarantine,
    SavedView,
    Score,
    Signal,
    SignalState,
    StoredAnswer,
    Submission,
    Touch,
    Upload,
)

Rows = QuerySet[Any]
TEXT = "Erased"
"""What the ledger says of the move by which somebody erased was taken out."""
KEPT_DETAILS = (
    "owner",
    "value",
    "currency",
    "close_date",
    "look_again",
    "exploration",
    "because",
    "before",
    "owner_name",
    "via",
    "drafted_by",
)
"""What a decision's details hold that is no text of anybody's."""


def scrub(some: Whom) -> dict[str, int]:
    """Take what names somebody out of every row about them, in a transaction that holds an Unlock row.

    Returns the number of rows by table. What is found by what they are called has to be found before that goes.
    """
    found = {table: list(some.rows(table).values_list("pk", flat=True)) for table in SCRUBBED}
    for table, work in SCRUBBED.items():
        work(table._default_manager.filter(pk__in=found[table]))
    return {table.__name__: len(keys) for table, keys in found.items() if keys}


def blot_mentions(some: Whom) -> int:
    """Blot them out where they are named in rows about others. Returns how many rows."""
    mentions, blotted = some.mentions, 0
    for table, columns in TEXTS.items():
        if table in FOUND_BY_NAME:
            continue
        for row in list(naming(table, some)):
            said = {column: mentions.blotted(getattr(row, column)) for column in columns}
            blotted += table._default_manager.filter(pk=row.pk).update(**said)
    return blotted


def _empty(**values: object) -> Callable[[Rows], object]:
    return lambda rows: rows.update(**values)


def _delete(rows: Rows) -> object:
    return rows.delete()


def _stays(rows: Rows) -> None:
    """Times and numbers, from which nobody can be told once their names are gone."""


def _rename(rows: "QuerySet[Identity]") -> None:
    """The signals of an identity stay together, under a name that says nothing."""
    for identity in rows:
        rows.filter(pk=identity.pk).update(value=f"erased:{uuid4().hex}")


def _blot_filled(*columns: str) -> Callable[[Rows], object]:
    """Where there was a text there still is one, because some rows may not be without."""

    def blot(rows: Rows) -> None:
        for column in columns:
            rows.exclude(**{column: ""}).update(**{column: ERASED})

    return blot


def _scrub_decisions(rows: "QuerySet[Decision]") -> None:
    for row in rows:
        row.text = TEXT if row.text == TEXT else ""
        row.details = {name: value for name, value in row.details.items() if name in KEPT_DETAILS}
        row.score = row.score and row.score | {"parts": [_bare(part) for part in row.score["parts"]]}
        row.save(update_fields=["text", "details", "score"])


def _bare(part: dict[str, Any]) -> dict[str, Any]:
    """A part of a score without its sentence, which quotes a fact."""
    return part | {"sentence": f"{part['name']} ({points_text(part['points'])})"}


def _scrub_signals(rows: "QuerySet[Signal]") -> None:
    name = Concat(Value("erased:"), Cast(F("pk"), CharField()))
    rows.update(message_id=name, url="", properties={})


def _drop_statements(rows: "QuerySet[PendingSignal]") -> None:
    """What they still were to say of themselves is said no more; their behaviour is counted when its time comes."""
    rows.filter(signal__kind__in=STATEMENTS).delete()


def _scrub_submissions(rows: "QuerySet[Submission]") -> None:
    """That one was handed in stays countable; what was never confirmed is gone."""
    rows.filter(confirmed_at=None).delete()
    rows.update(email_key="", visitor="", values={}, context={}, network="")


def _scrub_messages(rows: "QuerySet[OutboxMessage]") -> None:
    """What is still to be told is told without names: to whom it matters, that somebody was erased is told as well.

    Colleagues are told no more of somebody whom nobody can call any more.
    """
    rows.filter(channel__in=TO_PEOPLE).delete()
    for row in rows.exclude(channel__in=TO_PEOPLE):
        rows.filter(pk=row.pk).update(payload=nameless(row.payload), last_error="")


NOTHING_MOVED: Mapping[str, object] = {"identities": [], "memberships": [], "filled": {}, "taken_out": False}

SCRUBBED: Mapping[Table, Callable[[Rows], object]] = {
    Person: _empty(**dict.fromkeys(PERSON_FIELDS, "")),
    Identity: _rename,
    Membership: _delete,
    Merge: _empty(why="", moved=NOTHING_MOVED),
    Lead: _empty(external_id="", facts={}, company=None),
    LeadText: _delete,
    Pass: _stays,
    Score: _stays,
    Prediction: _delete,
    SignalState: _stays,
    Decision: _scrub_decisions,
    Answer: _blot_filled("text"),
    Touch: _blot_filled("note"),
    Deal: _blot_filled(*BANT),
    Escalation: _stays,
    Offer: _stays,
    Notification: _delete,
    Edit: _empty(before=None, after=None),
    Signal: _scrub_signals,
    PendingSignal: _drop_statements,
    ImportChange: _delete,
    Import: _empty(file_name=ERASED),
    PolicyComment: _empty(text=ERASED),
    Quarantine: _delete,
    SavedView: _delete,
    Upload: _empty(file_name=ERASED, error=""),
    Submission: _scrub_submissions,
    CrmRecord: _delete,
    Consent: _stays,
    OutboxMessage: _scrub_messages,
    OutboxAttempt: _empty(error="", answer=""),
    StoredAnswer: _delete,
    Draft: _delete,
}
"""What becomes of the rows about somebody, for each table of ``ABOUT``. Scores are reckoned anew after it."""
