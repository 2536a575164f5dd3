"""What a program signs in with: how a token looks, what is kept of it, and what each scope lets it do."""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

from assay.domain.errors import BadInput
from assay.domain.phrase import Phrase

PREFIX = "assay_"
"""Begins every token, so that people and scanners of leaked secrets know what it is."""
SHOWN = len(PREFIX) + 6
"""Characters of a token by which its owner knows it again."""


class Scope(StrEnum):
    """What a token may be used for. It narrows what its person or role may do and never widens it."""

    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    GATE = "gate"
    DEALS_WRITE = "deals:write"
    REPORTS_READ = "reports:read"
    DRAFTS = "drafts"


MEANS: Mapping[Scope, Phrase] = {
    Scope.LEADS_READ: Phrase("Read leads, the inbox, companies and deals"),
    Scope.LEADS_WRITE: Phrase("Enter leads, correct their data, log touches, hand them over"),
    Scope.GATE: Phrase("Decide: promote, accept, reject, recycle, disqualify and the other moves up to a deal"),
    Scope.DEALS_WRITE: Phrase("Confirm, open, change, win and lose deals"),
    Scope.REPORTS_READ: Phrase("Read the funnel, the audit, the sources and the policy"),
    Scope.DRAFTS: Phrase("Draft decisions, which do nothing until a person confirms them"),
}


def digest(token: str) -> str:
    """What is kept of a token. It is too long to be guessed, so a plain hash keeps it: there is no password to try."""
    return hashlib.sha256(token.encode()).hexdigest()


def scopes(said: Iterable[str]) -> list[Scope]:
    """The scopes of these names, each once, in their usual order. Raises BadInput for none and for one there is not."""
    wanted = set(said)
    if strange := sorted(wanted - set(Scope)):
        raise BadInput(
            "unknown_scope",
            Phrase("{scope} is no scope.", scope=tuple(strange)),
            Phrase("Choose of: {scopes}.", scopes=tuple(Scope)),
        )
    if not wanted:
        raise BadInput(
            "no_scope",
            Phrase("A token without a scope could do nothing."),
            Phrase("Choose of: {scopes}.", scopes=tuple(Scope)),
        )
    return [scope for scope in Scope if scope in wanted]
