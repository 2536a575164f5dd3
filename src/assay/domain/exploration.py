"""Who of those just under the threshold is sent to the gate all the same, so that one learns where it belongs."""

from hashlib import blake2b

from assay.domain.policy import Policy
from assay.domain.score import rounded

BAND = 10.0
"""Points under the threshold within which a lead is close enough to learn from."""


def is_just_under(fits: bool, pattern: bool, intent: float, total: float, policy: Policy) -> bool:
    """Whether a score fails the MQL rule by nothing but a few points of the threshold."""
    threshold, wants = policy.mql.threshold, pattern and rounded(intent) >= policy.intent.floor
    return fits and wants and threshold - BAND <= rounded(total) < threshold


def is_drawn(lead_id: int, pass_no: int, share: float) -> bool:
    """Whether this pass of a lead is among the share, 0 to 1, that is explored.

    The draw is a hash, so that asking again, on any machine, gives the same answer, and nobody can choose.
    """
    digest = blake2b(f"explore {lead_id} {pass_no}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64
