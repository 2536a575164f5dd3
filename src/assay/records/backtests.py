"""Drafts held against history: asked for by somebody, reckoned by itself, kept until it is asked for again."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from assay.records.constraints import choices, one_of


class BacktestState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Backtest(models.Model):
    """A version held against history. ``result`` is what `assay policy backtest --json` gives, ``error`` why it failed.

    ``as_of`` is up to when history was known; a result that is there stays until the next one is.
    """

    policy = models.OneToOneField("records.PolicyVersion", on_delete=models.CASCADE, related_name="backtest")
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(BacktestState), default=BacktestState.WAITING)
    started_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [one_of("backtest", "state", BacktestState)]
