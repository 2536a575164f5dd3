"""Who wants the weekly report, and that each reader gets each one once."""

from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Q

from assay.actions.writing import in_transaction
from assay.domain.roles import Role
from assay.records.models import Delivery, User

LEASE = timedelta(minutes=15)
"""For so long nobody else sends a report that somebody is sending; doubled with every try that failed."""

TRIES = 7
"""The last one is about a day after the first."""


def claim(week: date, due: datetime, now: datetime) -> Delivery | None:
    """Take the next report of a week that is to be sent; None where there is none.

    The claim is committed before the mail leaves, and that it left is committed after: whoever is killed in between
    leaves a claim that runs out, and the report is sent again. So one may come twice, and none is lost.
    """
    for reader_id in _waiting(week, due, now):
        if delivery := in_transaction(partial(_claim, reader_id, week, now)):
            return delivery
    return None


def _waiting(week: date, due: datetime, now: datetime) -> list[int]:
    """Those who wanted it before it was due and have not got it; who asks for it later gets the next one."""
    done = Delivery.objects.filter(week=week).exclude(_open(now))
    wanting = User.objects.filter(report_since__lte=due, is_active=True).exclude(role=Role.OPERATOR)
    return list(wanting.exclude(pk__in=done.values("reader")).order_by("pk").values_list("pk", flat=True))


def _open(now: datetime) -> Q:
    return Q(sent_at__isnull=True, tries__lt=TRIES) & (Q(taken_until__isnull=True) | Q(taken_until__lte=now))


def _claim(reader_id: int, week: date, now: datetime) -> Delivery | None:
    Delivery.objects.get_or_create(reader_id=reader_id, week=week)
    found = Delivery.objects.select_for_update(of=("self",)).select_related("reader")
    delivery = found.filter(_open(now), reader=reader_id, week=week).first()
    if delivery is not None:
        delivery.taken_until = now + LEASE * 2**delivery.tries
        delivery.tries += 1
        delivery.save(update_fields=["taken_until", "tries"])
    return delivery


def note_sent(delivery: Delivery, at: datetime) -> None:
    """Note that the mail server took the report."""
    delivery.sent_at, delivery.error = at, ""
    delivery.save(update_fields=["sent_at", "error"])


def note_failed(delivery: Delivery, error: str) -> None:
    """Note why it was not sent; it is tried again when its claim runs out."""
    delivery.error = error[:200]
    delivery.save(update_fields=["error"])
