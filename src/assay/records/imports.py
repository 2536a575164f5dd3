"""Files brought in: what each did, so that it can be undone, and the rows that could not be read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.records.constraints import choices, one_of


class ImportKind(StrEnum):
    LEADS = "leads"
    SIGNALS = "signals"
    COSTS = "costs"


class Import(models.Model):
    """One file brought in. ``finished_at`` stays empty when it was cut off; bringing the file again finishes it."""

    kind = models.CharField(max_length=10, choices=choices(ImportKind))
    file_name = models.CharField(max_length=300)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")

    told: "Sequence[Quarantine]" = ()
    """After a dry run the first rows that were refused; they stand nowhere either."""

    class Meta:
        constraints: ClassVar = [one_of("import", "kind", ImportKind)]


class ImportChange(models.Model):
    """A blank that an import filled in on a row that was there before, or a cost it corrected; undoing puts it back."""

    imported_by = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    model = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=300)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)


class Quarantine(models.Model):
    """A row or event that was refused: where it came from, why, and what came. A replay takes it in after all."""

    imported_by = models.ForeignKey(Import, on_delete=models.CASCADE, null=True, related_name="quarantine")
    key = models.ForeignKey("records.WriteKey", on_delete=models.CASCADE, null=True, related_name="quarantine")
    received_at = models.DateTimeField(null=True)
    replayed_at = models.DateTimeField(null=True)
    line = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=50)
    sentence = models.TextField()
    raw = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="quarantine_received", condition=Q(imported_by=None))
        ]


class UploadState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Upload(models.Model):
    """A file handed in at the desk: how it is to be read, and how far it came.

    The file itself stands in the data folder as ``stored`` until it is brought in, or for a day; then that is "".
    """

    kind = models.CharField(max_length=10, choices=choices(ImportKind))
    file_name = models.CharField(max_length=300)
    stored = models.CharField(max_length=60, blank=True)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    reading = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=choices(UploadState), default=UploadState.WAITING)
    started_at = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    result = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, related_name="uploads")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest"], name="upload_by_digest")]
        constraints: ClassVar = [one_of("upload", "kind", ImportKind), one_of("upload", "state", UploadState)]


class Unlock(models.Model):
    """While a row stands here, uncommitted, its own transaction may delete from the append-only tables and empty rows.

    Only undoing an import, erasing a person and retention use it; the first two leave a record of who did it.
    """

    why = models.CharField(max_length=200)
