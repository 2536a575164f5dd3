"""A backtest from being asked for to being kept; whoever reckons it is another process."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from assay.actions.actors import Actor
from assay.domain.errors import NotFound
from assay.domain.phrase import Phrase
from assay.records.backtests import BacktestState
from assay.records.models import Backtest, PolicyVersion

LONGEST = timedelta(hours=2)
"""Whatever takes longer has died, or will never end."""


@transaction.atomic
def ask(number: int, by: Actor, at: datetime) -> Backtest:
    """Have a version held against history; asking again while it is being done changes nothing. Raises NotFound."""
    by.needs_a_desk(Phrase("ask for a backtest"))
    if not PolicyVersion.objects.filter(pk=number).exists():
        raise NotFound("unknown_policy", Phrase("There is no policy version {number}.", number=number))
    row, new = Backtest.objects.select_for_update().get_or_create(
        policy_id=number, defaults={"by_id": by.user_id, "asked_at": at}
    )
    if not new and row.state in (BacktestState.DONE, BacktestState.FAILED):
        row.by_id, row.asked_at, row.state, row.error = by.user_id, at, BacktestState.WAITING, ""
        row.save(update_fields=["by", "asked_at", "state", "error"])
    return row


def claim(at: datetime) -> Backtest | None:
    """The one that has waited longest, which is being done from now on; None where there is nothing to do.

    Of several who claim it one gets it. One that was begun too long ago is begun anew.
    """
    free = Q(state=BacktestState.WAITING) | Q(state=BacktestState.RUNNING, started_at__lt=at - LONGEST)
    for row in Backtest.objects.filter(free).order_by("asked_at", "pk"):
        if Backtest.objects.filter(free, pk=row.pk).update(state=BacktestState.RUNNING, started_at=at):
            return Backtest.objects.get(pk=row.pk)
    return None


def keep(row: Backtest, result: object) -> None:
    """What came of it, as of when it was begun."""
    _end(row, state=BacktestState.DONE, result=result, as_of=row.started_at, error="")


def fail(row: Backtest, sentence: str) -> None:
    """It could not be done; what was known before stays."""
    _end(row, state=BacktestState.FAILED, error=sentence)


def let_go(row: Backtest) -> None:
    """Somebody else may do it."""
    _end(row, state=BacktestState.WAITING)


def _end(row: Backtest, **said: object) -> None:
    """Of one that was begun anew meanwhile only the later counts."""
    Backtest.objects.filter(pk=row.pk, state=BacktestState.RUNNING, started_at=row.started_at).update(**said)
