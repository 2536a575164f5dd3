"""What people leave behind at the desk: answers to rejections, corrected data, saved views."""

from typing import ClassVar

from django.db import models


class Answer(models.Model):
    """Marketing's reply to a rejection; one is enough to call it answered."""

    decision = models.OneToOneField("records.Decision", on_delete=models.PROTECT, related_name="answer")
    by = models.ForeignKey("records.User", on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.TextField()


class Edit(models.Model):
    """One fact that a person corrected: what it said before and since."""

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="edits")
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    by_name = models.CharField(max_length=300)
    at = models.DateTimeField()
    field = models.CharField(max_length=300)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "at"])]


class SavedView(models.Model):
    """A list of leads somebody comes back to: its name and its filters, as in the page's address."""

    user = models.ForeignKey("records.User", on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=100)
    query = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]
