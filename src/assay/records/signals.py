"""What was observed: the append-only log of signals, and the folded state from which intent is scored."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from assay.domain.intent import KindState, kept_days


class Signal(models.Model):
    """One observed behaviour. Never changed or deleted: the database refuses both, but for marking it as a bot's."""

    message_id = models.CharField(max_length=200, unique=True)
    identity = models.ForeignKey("records.Identity", on_delete=models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=100)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    url = models.TextField(blank=True)
    bot = models.BooleanField(default=False)
    bot_reason = models.CharField(max_length=50, blank=True)
    properties = models.JSONField(default=dict)
    imported_by = models.ForeignKey(
        "records.Import", on_delete=models.PROTECT, null=True, related_name="signals", db_index=False
    )
    key = models.ForeignKey(
        "records.WriteKey",
        on_delete=models.PROTECT,
        null=True,
        related_name="signals",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        # Each is one more thing to write for every event that comes in, so there are as few as can be.
        indexes: ClassVar = [
            models.Index(fields=["identity", "at"]),
            models.Index(fields=["imported_by"], name="signal_imported", condition=models.Q(imported_by__isnull=False)),
        ]


class Landed(models.Model):
    """Events as they came over HTTP, until the scorer's process sorts them: ``content`` is actions.landing.Landing."""

    at = models.DateTimeField()
    events = models.PositiveIntegerField()
    content = models.BinaryField()

    @property
    def minute(self) -> datetime:
        """The minute in which they came."""
        return self.at.replace(second=0, microsecond=0)


class PendingSignal(models.Model):
    """A signal that does not count yet: one just received, until the scorer comes to it, or one dated in the future."""

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    at = models.DateTimeField()


class SignalState(models.Model):
    """A lead's signals of one kind, folded (domain.intent.KindState)."""

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="states")
    kind = models.CharField(max_length=100)
    half_life_days = models.FloatField()
    weight = models.FloatField()
    ref = models.FloatField()
    count = models.PositiveIntegerField()
    first = models.FloatField()
    last = models.FloatField()
    days = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["lead", "kind"], name="signal_state_once")]

    NUMBERS = ("half_life_days", "weight", "ref", "count", "first", "last")
    FIELDS = (*NUMBERS, "days")

    @classmethod
    def of(cls, lead_id: int, kind: str, state: KindState) -> Self:
        """The row of a state."""
        return cls(
            lead_id=lead_id,
            kind=kind,
            half_life_days=state.half_life_days,
            weight=state.weight,
            ref=state.ref,
            count=state.count,
            first=state.first,
            last=state.last,
            days=sorted(kept_days(state.days)),
        )
