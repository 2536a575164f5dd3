"""Policies as they are named in a shell: a file, or the number of a version."""

from pathlib import Path

from assay.domain.errors import NotFound
from assay.domain.policy import Policy
from assay.records.models import PolicyVersion


def version(number: int) -> PolicyVersion:
    """The version of this number. Raises NotFound."""
    row = PolicyVersion.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("unknown_policy", f"There is no policy version {number}.", "List them with: assay policy list")
    return row


def policy_of(named: str) -> Policy:
    """The policy of a file, or of a version where that is a number and no file. Raises BadInput or NotFound."""
    if named.isascii() and named.isdigit() and len(named) < 10 and not Path(named).exists():
        return version(int(named)).policy
    return Policy.load(named)
