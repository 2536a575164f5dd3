"""Who was erased, as far as that may be known: that it was done, and how the same somebody is recognised again."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar

from django.conf import settings
from django.db import connection, models

from assay.domain.erasure import Why
from assay.domain.identity import IdentityKind, Key
from assay.records.constraints import choices, one_of

LOCK = 0x657261736564
"""The number by which PostgreSQL knows that somebody is being erased."""


class Erasure(models.Model):
    """Somebody, or a browser, was erased: when, by whom, why and how many rows of each table; nothing of whom."""

    at = models.DateTimeField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    by_name = models.CharField(max_length=300)
    why = models.CharField(max_length=20, choices=choices(Why))
    counts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [one_of("erasure", "why", Why)]


class ErasedIdentity(models.Model):
    """A hash of an identity that was erased, keyed with the secret key: it tells the same one and nothing else.

    ``admitted_at`` is when somebody let it in again, because the person agreed anew.
    """

    digest = models.CharField(max_length=64)
    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="identities")
    admitted_at = models.DateTimeField(null=True)
    admitted_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest"], condition=models.Q(admitted_at=None), name="erased_identity_once"
            )
        ]


def erased(keys: Iterable[Key]) -> set[Key]:
    """Those of the keys that were erased and not let in again, within the caller's transaction.

    A browser is never among them: it starts afresh, as nothing leads from its id to what was. Whoever erases waits
    until the transaction ends, so that nothing slips in between.
    """
    if not anybody_erased():
        return set()
    digests = {digest(key): key for key in keys if key[0] != IdentityKind.VISITOR}
    current = ErasedIdentity.objects.filter(admitted_at=None, digest__in=list(digests))
    return {digests[known] for known in current.values_list("digest", flat=True)}


def anybody_erased() -> bool:
    """Whether anybody at all was erased and not let in again; what `erased` holds off is held off from here on."""
    _hold("pg_advisory_xact_lock_shared")
    # Asked for every few events, and a query of Django's would take longer to put together than to answer.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM records_erasedidentity WHERE admitted_at IS NULL LIMIT 1")
        return cursor.fetchone() is not None


def hold_all() -> None:
    """Let nobody look up until this transaction ends who was erased. SQLite has one writer anyway."""
    _hold("pg_advisory_xact_lock")


def digest(key: Key) -> str:
    """The keyed hash of an identity."""
    kind, value = key
    return blake2b(f"{kind}:{value}".encode(), digest_size=32, key=_hash_key()).hexdigest()


@lru_cache(maxsize=1)
def _hash_key() -> bytes:
    return blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"assay erased").digest()


def _hold(lock: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [LOCK])  # nosec B608 - one of our own two words
