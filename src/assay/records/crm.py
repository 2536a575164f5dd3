"""What is known of a lead in a CRM, and how far that was read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, NamedTuple

from django.db import models

from assay.records.constraints import choices, one_of
from assay.records.decisions import Decision
from assay.records.leads import Lead


class CrmName(StrEnum):
    HUBSPOT = "hubspot"
    SALESFORCE = "salesforce"


class CrmCursor(models.Model):
    """How far a CRM was read: all that changed there before ``since``, and since then up to the record ``after``.

    Records come in the order of their ids, so that a reading that was cut off goes on where it was. ``began`` is when
    the reading under way did; who reads says until when nobody else may.
    """

    crm = models.CharField(max_length=12, choices=choices(CrmName), unique=True)
    since = models.DateTimeField(null=True)
    after = models.CharField(max_length=40, blank=True)
    began = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [one_of("crmcursor", "crm", CrmName)]


class CrmRecord(models.Model):
    """Somebody's record in a CRM, known by an identity, so that it goes with the person where two become one.

    ``seen`` are digests of the contact facts it had when it was last read, by name: what differs was changed there.
    ``sent`` is what was last written to it.
    """

    identity = models.OneToOneField("records.Identity", on_delete=models.CASCADE, related_name="crm_record")
    crm = models.CharField(max_length=12, choices=choices(CrmName))
    seen = models.JSONField(default=dict)
    sent = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["crm", "id"], name="crmrecord_by_crm")]
        constraints: ClassVar = [one_of("crmrecord", "crm", CrmName)]

    @property
    def external_id(self) -> str:
        """Its id in the CRM."""
        return self.identity.value.partition(":")[2]


Told = dict[str, str | int]


class Standing(NamedTuple):
    """A record, and what there is to tell it of its lead."""

    record: CrmRecord
    told: Told

    @property
    def changed(self) -> Told:
        """What it was not told yet."""
        return {name: value for name, value in self.told.items() if self.record.sent.get(name) != value}


def identity_of(crm: str, external_id: str) -> str:
    """The lead id by which somebody is recognised in a CRM: theirs, with its name before it."""
    return f"{crm}:{external_id}"


def standings(crm: str, after: int, most: int) -> list[Standing]:
    """The next records after a number, in their order, with how their leads stand."""
    found = CrmRecord.objects.filter(crm=crm, pk__gt=after, identity__person__lead__isnull=False).order_by("pk")
    records = list(found.select_related("identity__person__lead")[:most])
    leads = [lead_of(record) for record in records]
    decided = _last_decisions(leads)
    return [Standing(record, _told(lead, decided.get(lead.pk))) for record, lead in zip(records, leads, strict=True)]


def lead_of(record: CrmRecord) -> Lead:
    """The lead that a record is about."""
    assert record.identity.person
    return record.identity.person.lead


def _last_decisions(leads: Sequence[Lead]) -> dict[int, Decision]:
    """The last decision on each, entering apart, which is none."""
    rows = Decision.objects.filter(lead__in=[lead.pk for lead in leads]).exclude(move="capture")
    return {row.lead_id: row for row in rows.only("lead", "move", "reason").order_by("pk")}


def _told(lead: Lead, decision: Decision | None) -> Told:
    """Scores are whole numbers there: intent decays a little every hour, and nobody needs to be told so."""
    return {
        "rung": lead.rung,
        "fit": round(lead.fit),
        "intent": round(lead.intent),
        "temperature": lead.temperature,
        "decision": decision.move if decision else "",
        "reason": decision.reason if decision else "",
    }
