"""The signed ticket of a page: for which form and consent it was made, when, and the token that makes it count once."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.core.signing import BadSignature, Signer

SOONEST = timedelta(seconds=3)
"""Nobody reads and fills in a form in less."""
LONGEST = timedelta(hours=12)

_SALT = "assay.forms.page"


class Ticket(NamedTuple):
    """What a page was made for."""

    form_id: int
    consent_id: int
    token: str
    issued: float

    @classmethod
    def issue(cls, form_id: int, consent_id: int, at: datetime) -> Self:
        return cls(form_id, consent_id, secrets.token_hex(16), at.timestamp())

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The ticket of a page of ours; None for anything else."""
        try:
            return cls(*Signer(salt=_SALT).unsign_object(text))
        except (BadSignature, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return Signer(salt=_SALT).sign_object(list(self))

    def age(self, at: datetime) -> timedelta:
        return timedelta(seconds=at.timestamp() - self.issued)
