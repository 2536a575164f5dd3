"""The door for events over HTTP: the keys that open it, and how many events came through or did not."""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models

FOLDED, FOLDED_BY = datetime(2000, 1, 1, tzinfo=UTC), 0
"""The minute and the process of the rows into which old counts are added: their time is forgotten, their sum is not."""


class WriteKey(models.Model):
    """What a website or product sends its events with. Not a secret: it stands in the pages that use it.

    ``rules`` say which kind a page or an event is: ``{"path": "/pricing*", "kind": "pricing_view"}`` or
    ``{"event": "Signed Up", "kind": "trial_started"}``. ``origins`` are the websites that may use it, none for any.
    ``rate`` is the most events it takes a second, 0 for no limit. With ``source_of_visit`` the source is the one that
    a visit tells (domain.channels), and ``source`` stands for visits that tell none.
    """

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=64, unique=True)
    source = models.ForeignKey("records.Source", on_delete=models.PROTECT, related_name="write_keys")
    campaign = models.ForeignKey("records.Campaign", on_delete=models.PROTECT, null=True, related_name="write_keys")
    source_of_visit = models.BooleanField(default=False)
    rules = models.JSONField(default=list)
    origins = models.JSONField(default=list)
    rate = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class IntakeCount(models.Model):
    """Events of one minute, by key and what became of them. ``process`` keeps two writers off the same row.

    ``outcome`` is accepted, duplicate, quarantined or refused; together they are all that was sent.
    ``write_key`` is 0 where none was known.
    """

    minute = models.DateTimeField()
    write_key = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=12)
    reason = models.CharField(max_length=50, blank=True)
    process = models.IntegerField()
    count = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["minute", "write_key", "outcome", "reason", "process"], name="intake_count_once"
            )
        ]
