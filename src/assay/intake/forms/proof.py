"""Proof of work: a browser spends about a second, once for each page, so that a million forms cost somebody weeks."""

import json
from datetime import datetime

from altcha import Payload, create_challenge, verify_solution
from django.utils.crypto import salted_hmac

from assay.intake.forms.tickets import LONGEST, Ticket

ALGORITHM = "PBKDF2/SHA-256"
COST = 5_000
"""Rounds a try; a browser needs 256 tries on average, we need one to check."""
PREFIX = "00"


def challenge(ticket: Ticket, at: datetime) -> str:
    """What the browser is to solve, as JSON: good for this page only."""
    made = create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        expires_at=at + LONGEST,
        data={"page": ticket.token},
        hmac_secret=_secret(),
    )
    return json.dumps(made.to_dict())


def holds(text: str, ticket: Ticket) -> bool:
    """Whether this solves the challenge of this page."""
    try:
        payload = Payload.from_base64(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return payload.challenge.parameters.data == {"page": ticket.token} and verify_solution(payload, _secret()).verified


def _secret() -> str:
    return salted_hmac("assay.forms.proof", "challenge", algorithm="sha256").hexdigest()
