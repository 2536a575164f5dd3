"""Everything on record about one person, table by table, to be shown to them or to be erased.

Each model of ours stands in ABOUT, with how the rows about somebody are found, or in NOBODY, with why it holds nothing
about anybody. A test holds this: a new table that stands in neither fails it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import ForeignKey, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from assay.domain.contact import email_identity
from assay.domain.errors import NotFound
from assay.domain.identity import IdentityKind, Key
from assay.domain.mentions import Mentions
from assay.records.models import (
    Absence,
    Answer,
    Backtest,
    Campaign,
    ChatAddress,
    Company,
    Consent,
    ConsentText,
    CrmCursor,
    CrmRecord,
    Deal,
    Decision,
    Delivery,
    Digest,
    Draft,
    Edit,
    ErasedIdentity,
    Erasure,
    Escalation,
    Form,
    FormRefusal,
    Identity,
    Import,
    ImportChange,
    IntakeCount,
    Landed,
    Lead,
    LeadText,
    LearnedModel,
    Membership,
    Merge,
    Notification,
    NotificationPreference,
    Offer,
    OutboxAttempt,
    OutboxMessage,
    Pass,
    PendingSignal,
    Person,
    PolicyComment,
    PolicyKey,
    PolicyVersion,
    Prediction,
    Quarantine,
    RoutingMember,
    RoutingRule,
    SavedView,
    Score,
    Signal,
    SignalState,
    Source,
    Spend,
    StoredAnswer,
    Submission,
    Token,
    Touch,
    Unlock,
    Upload,
    User,
    VisitCount,
    WebhookEndpoint,
    WriteKey,
)

Table: TypeAlias = type[Model]


@dataclass(frozen=True)
class Whom:
    """Somebody by all that leads to them: people who are one, their leads and identities. A browser has no more."""

    people: Sequence[int]
    leads: Sequence[int]
    identities: Sequence[int]
    keys: Sequence[Key]

    @property
    def mentions(self) -> Mentions:
        """Finds them in texts."""
        return Mentions(self.keys)

    def rows(self, table: Table) -> "QuerySet[Any]":
        """The rows of a table that are about them, oldest first."""
        return ABOUT[table](self).order_by("pk")


def whom(who: int | Key) -> Whom:
    """Somebody by the person's number, or by an identity, which may be nobody's yet. Raises NotFound."""
    if isinstance(who, int):
        return _whom_of(_one_with(who))
    kind, value = who
    identity = Identity.objects.filter(kind=kind, value=value).first()
    if identity is None:
        raise NotFound("unknown_person", f"Nothing is on record of {value}.", "It may have been erased already.")
    if identity.person_id is None:
        return Whom((), (), (identity.pk,), ((kind, value),))
    return _whom_of(_one_with(identity.person_id))


def _one_with(person_id: int) -> list[int]:
    """The person and everybody they are one with by a merge that stands."""
    found, before = {person_id}, set[int]()
    while found != before:
        before = set(found)
        for pair in Merge.objects.filter(Q(kept__in=before) | Q(merged__in=before), undone_at=None):
            found |= {pair.kept_id, pair.merged_id}
    return sorted(found)


def _whom_of(people: list[int]) -> Whom:
    persons = Person.objects.filter(pk__in=people)
    if not persons:
        raise NotFound("unknown_person", f"There is no person {people[0]}.")
    identities = list(Identity.objects.filter(person__in=people).order_by("pk"))
    keys = {(identity.kind, identity.value) for identity in identities}
    written = {email_identity(person.email) for person in persons if person.email}
    keys |= {(str(IdentityKind.EMAIL), address) for address in written if address}
    leads = list(Lead.objects.filter(person__in=people).order_by("pk").values_list("pk", flat=True))
    return Whom(people, leads, [identity.pk for identity in identities], sorted(keys))


# --- The tables ----------------------------------------------------------------------------------


TEXTS: Mapping[Table, Sequence[str]] = {
    Signal: ("url", "properties"),
    Quarantine: ("sentence", "raw"),
    SavedView: ("name", "query"),
    Lead: ("facts",),
    Score: ("parts",),
    Decision: ("text", "details", "score"),
    Touch: ("note",),
    Deal: ("budget", "authority", "need", "timeline"),
    Answer: ("text",),
    Edit: ("before", "after"),
    ImportChange: ("before", "after"),
    Merge: ("why", "moved"),
    Import: ("file_name",),
    Upload: ("file_name", "error"),
    Submission: ("values", "context"),
    PolicyComment: ("text",),
    OutboxMessage: ("payload", "last_error"),
    OutboxAttempt: ("error", "answer"),
    StoredAnswer: ("body",),
    Draft: ("said", "why"),
}
"""The columns in which somebody writes what they like, and so may name anybody."""


FOUND_BY_NAME = (Import, PolicyComment, Quarantine, SavedView, Upload)
"""Tables whose rows lead to nobody but by what is written in them."""


def naming(table: Table, some: Whom) -> Iterator[Model]:
    """The rows of a table in whose texts somebody is named, whosever rows they are.

    The database looks for a piece of a name, which reads the whole table; what it finds is then read closely.
    """
    mentions, columns = some.mentions, TEXTS[table]
    named = Q(pk__in=[])
    texts = {f"text_of_{column}": Cast(column, TextField()) for column in columns}
    for piece in mentions.pieces():
        for column in texts:
            named |= Q(**{f"{column}__icontains": piece})
    for row in table._default_manager.annotate(**texts).filter(named).order_by("pk").iterator():
        if any(mentions(getattr(row, column)) for column in columns):
            yield row


def _those_naming(table: Table) -> "Callable[[Whom], QuerySet[Any]]":
    return lambda some: table._default_manager.filter(pk__in=[row.pk for row in naming(table, some)])


def _submissions(some: Whom) -> "QuerySet[Submission]":
    """What they handed in, that which waits to be confirmed included."""
    named = [value for kind, value in some.keys if kind == IdentityKind.EMAIL]
    browsers = [value for kind, value in some.keys if kind == IdentityKind.VISITOR]
    unknown = Q(person=None) & (Q(email_key__in=named) | Q(visitor__in=browsers))
    return Submission.objects.filter(Q(person__in=some.people) | unknown)


def _changes(some: Whom) -> "QuerySet[ImportChange]":
    theirs = (("person", some.people), ("lead", some.leads), ("identity", some.identities))
    wanted = Q(pk__in=[])
    for model, numbers in theirs:
        wanted |= Q(model=model, object_id__in=numbers)
    return ImportChange.objects.filter(wanted)


ABOUT: "Mapping[Table, Callable[[Whom], QuerySet[Any]]]" = {
    Person: lambda some: Person.objects.filter(pk__in=some.people),
    Identity: lambda some: Identity.objects.filter(pk__in=some.identities),
    Membership: lambda some: Membership.objects.filter(person__in=some.people),
    Merge: lambda some: Merge.objects.filter(Q(kept__in=some.people) | Q(merged__in=some.people)),
    Lead: lambda some: Lead.objects.filter(pk__in=some.leads),
    LeadText: lambda some: LeadText.objects.filter(pk__in=some.leads),
    Pass: lambda some: Pass.objects.filter(lead__in=some.leads),
    Score: lambda some: Score.objects.filter(lead__in=some.leads),
    Prediction: lambda some: Prediction.objects.filter(lead__in=some.leads),
    SignalState: lambda some: SignalState.objects.filter(lead__in=some.leads),
    Decision: lambda some: Decision.objects.filter(lead__in=some.leads),
    Answer: lambda some: Answer.objects.filter(decision__lead__in=some.leads),
    Touch: lambda some: Touch.objects.filter(lead__in=some.leads),
    Deal: lambda some: Deal.objects.filter(lead__in=some.leads),
    Escalation: lambda some: Escalation.objects.filter(lead__in=some.leads),
    Offer: lambda some: Offer.objects.filter(lead__in=some.leads),
    Notification: lambda some: Notification.objects.filter(lead__in=some.leads),
    Edit: lambda some: Edit.objects.filter(lead__in=some.leads),
    Signal: lambda some: Signal.objects.filter(identity__in=some.identities),
    PendingSignal: lambda some: PendingSignal.objects.filter(signal__identity__in=some.identities),
    ImportChange: _changes,
    Submission: _submissions,
    CrmRecord: lambda some: CrmRecord.objects.filter(identity__in=some.identities),
    Consent: lambda some: Consent.objects.filter(person__in=some.people),
    OutboxMessage: lambda some: OutboxMessage.objects.filter(lead__in=some.leads),
    OutboxAttempt: lambda some: OutboxAttempt.objects.filter(message__lead__in=some.leads),
    StoredAnswer: lambda some: StoredAnswer.objects.filter(lead__in=some.leads),
    Draft: lambda some: Draft.objects.filter(lead__in=some.leads),
    **{table: _those_naming(table) for table in FOUND_BY_NAME},
}

NOBODY: Mapping[Table, str] = {
    Absence: "when users take no leads",
    Backtest: "counts, and leads by number",
    Campaign: "an effort of ours",
    ChatAddress: "where users and teams of ours read their chat",
    Company: "an organisation; one that only the erased person brought goes with them",
    ConsentText: "a wording of ours",
    CrmCursor: "how far a CRM was read",
    Delivery: "which report went to which user",
    Digest: "which digest went to which user",
    ErasedIdentity: "a keyed hash that leads to nobody",
    Erasure: "who erased, when and why, not whom",
    Form: "questions of ours",
    FormRefusal: "counts",
    IntakeCount: "counts",
    Landed: "events of the last moment, that are sorted before anybody is exported or erased",
    NotificationPreference: "how users want to hear of things",
    LearnedModel: "numbers learned from many leads; a text stands in it only where twenty or more had it",
    PolicyKey: "signatures of users",
    PolicyVersion: "the rule",
    RoutingMember: "which users take which leads",
    RoutingRule: "criteria of ours; an account stands in it by its domain",
    Source: "a name of ours",
    Spend: "what an effort of ours cost",
    Token: "a program of ours",
    Unlock: "stands only within a transaction",
    User: "people who sign in here; an admin manages them",
    VisitCount: "counts",
    WebhookEndpoint: "another system of ours",
    WriteKey: "a website of ours",
}


# --- For the person themselves -------------------------------------------------------------------


def export(some: Whom) -> dict[str, list[dict[str, object]]]:
    """All rows about somebody by table, each with all its columns, and where they are named in rows of others."""
    told = {table.__name__: [_told(row) for row in some.rows(table)] for table in ABOUT}
    for table in TEXTS:
        known = {row["id"] for row in told[table.__name__]}
        elsewhere = [_named(row, table, some) for row in naming(table, some) if row.pk not in known]
        told[table.__name__] += elsewhere
    return {name: rows for name, rows in told.items() if rows}


def _told(row: Model) -> dict[str, object]:
    """A row by its columns; what it refers to by name, where that says more than a number."""
    said = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for field in row._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model in (
            Company,
            Source,
            Campaign,
            WriteKey,
            PolicyVersion,
        ):
            said[field.name] = str(getattr(row, field.name) or "")
    return {"id": row.pk, **said}


def _named(row: Model, table: Table, some: Whom) -> dict[str, object]:
    """Of a row about somebody else only the columns that name them."""
    return {"id": row.pk} | {column: value for column in TEXTS[table] if some.mentions(value := getattr(row, column))}
