"""The weekly report: to whom it went, so that nobody gets one twice and nobody misses one."""

from typing import ClassVar

from django.db import models


class Delivery(models.Model):
    """The report of one week for one reader. ``week`` is the Monday on which the week it tells of began.

    ``taken_until`` keeps other workers off while one sends it; ``sent_at`` is when the mail server took it.
    """

    reader = models.ForeignKey("records.User", on_delete=models.CASCADE, related_name="deliveries")
    week = models.DateField()
    taken_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["reader", "week"], name="delivery_once")]
