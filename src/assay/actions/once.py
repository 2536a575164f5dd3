"""Asked twice, done once: what a program is answered is kept in the transaction of what was done for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import connection, transaction

from assay.actions.writing import in_transaction
from assay.domain.errors import BadInput, Refused
from assay.records.models import StoredAnswer

KEPT_FOR = timedelta(hours=24)
STEP = 1_000


class Reply(NamedTuple):
    """What a program is answered: an HTTP status and JSON, and the lead it is about, if any."""

    status: int
    body: str
    lead: int | None = None

    @property
    def refused(self) -> bool:
        """Whether nothing was to be changed."""
        return self.status >= 400


class Asked(NamedTuple):
    """A request that may come again: whose, its key, and a hash of all it says."""

    token: int
    key: str
    digest: str


def asked(token: int, key: str, method: str, path: str, body: bytes) -> Asked:
    """A request with an idempotency key."""
    return Asked(token, key, sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest())


def once(request: Asked | None, at: datetime, work: Callable[[], Reply]) -> Reply:
    """Do it in one transaction and keep the reply beside what was done; the same request again gets that reply.

    A reply that refuses takes back whatever ``work`` wrote. Without a key everything is done each time.
    Raises BadInput where the key came with another request, Refused while the first is still at work.
    """
    if request is None:
        return in_transaction(lambda: _all_or_nothing(work))
    with _alone(request):
        return in_transaction(lambda: _once(request, at, work))


def _once(request: Asked, at: datetime, work: Callable[[], Reply]) -> Reply:
    _lock(request)
    known = StoredAnswer.objects.filter(token=request.token, key=request.key)
    before = known.filter(at__gt=at - KEPT_FOR).first()
    if before is not None:
        if before.asked != request.digest:
            said = "This Idempotency-Key came with another request before."
            raise BadInput("key_reused", said, "Use a new key for each request; the same only to repeat one.")
        return Reply(before.status, before.body, before.lead_id)
    known.delete()
    reply = _all_or_nothing(work)
    StoredAnswer.objects.create(
        token_id=request.token,
        key=request.key,
        asked=request.digest,
        lead_id=reply.lead,
        at=at,
        status=reply.status,
        body=reply.body,
    )
    return reply


def _all_or_nothing(work: Callable[[], Reply]) -> Reply:
    with transaction.atomic():
        reply = work()
        if reply.refused:
            transaction.set_rollback(True)
    return reply


# Whether another request with the same key is at work: PostgreSQL knows it of all processes, and forgets it with the
# transaction. On SQLite writers stand in line, so that beyond this process the second simply comes to the reply.

_here = threading.Lock()
_at_work = set[tuple[int, str]]()


@contextmanager
def _alone(request: Asked) -> Iterator[None]:
    """Be the only one of this key in this process. Raises Refused."""
    whose = request.token, request.key
    with _here:
        if whose in _at_work:
            raise _in_progress()
        _at_work.add(whose)
    try:
        yield
    finally:
        with _here:
            _at_work.discard(whose)


def _lock(request: Asked) -> None:
    """Hold, until the transaction ends, what no other process holds. Raises Refused."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(sha256(f"{request.token} {request.key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        [[held]] = cursor.fetchall()
    if not held:
        raise _in_progress()


def _in_progress() -> Refused:
    return Refused("in_progress", "The first request with this key is still at work.", "Ask again in a moment.")


def drop_answers(now: datetime) -> int:
    """Delete some of the replies that nobody may ask for again. Returns how many; 0 when none is left."""
    old = StoredAnswer.objects.filter(at__lte=now - KEPT_FOR).order_by("pk").values_list("pk", flat=True)[:STEP]
    return in_transaction(lambda: StoredAnswer.objects.filter(pk__in=list(old)).delete()[0])
