"""Secrets that have to be read again are kept encrypted: whoever has the database alone cannot use them."""

import base64
from functools import lru_cache
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from assay.domain.errors import Refused
from assay.domain.phrase import Phrase


def seal(text: str) -> str:
    """The text, encrypted and signed with a key that follows from the installation's secret key."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Refused where it was sealed under another secret key."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        said = Phrase("A secret was stored under another ASSAY_SECRET_KEY and cannot be read.")
        raise Refused("sealed_otherwise", said, Phrase("Give the former key back, or rotate the secret.")) from None


@lru_cache(maxsize=1)
def _fernet() -> Fernet:
    key = blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"assay sealed").digest()
    return Fernet(base64.urlsafe_b64encode(key))
