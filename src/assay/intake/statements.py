"""Identify, group and alias calls as they were kept become statements: traits are read as a lead file's columns are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from assay.domain.channels import campaign_of_visit, source_of_visit
from assay.domain.contact import company_domain, email_identity, mail_domain
from assay.domain.errors import BadInput
from assay.domain.identity import IdentityKind, Key
from assay.domain.rows import LeadRow
from assay.domain.statements import Statement
from assay.intake.cells import Cell, is_formula
from assay.intake.columns import LEAD_FIELDS, found_by_name
from assay.intake.leads import read_values
from assay.intake.refusals import Unusable
from assay.records.models import Signal

NOT_SAID_BY_TRAITS = frozenset({"lead_id", "source", "campaign", "captured_at"})
"""Fields that a call has other ways to say, or that are ours."""
DEEPEST = 3
OF_A_GROUP = {"name": "company.name", "website": "company.website", "domain": "company.website", "size": "employees"}
"""What a group call's traits mean, which are the company's."""


def read_statement(signal: Signal) -> Statement:
    """What a kept call says; its ``key`` with source and campaign is loaded.

    Raises BadInput where its traits cannot be used.
    """
    said = signal.properties
    ids: Mapping[str, str] = said.get("ids", {})
    if not isinstance(ids, dict):
        raise BadInput("no_statement", "It does not say who it is about.", "Send it as an identify call.")
    traits = dict(_flat(said.get("traits") or {}))
    if signal.kind == "group":
        traits = {OF_A_GROUP.get(name, name): value for name, value in traits.items()}
        traits.setdefault("company.website", ids.get("group_id") if company_domain(ids.get("group_id", "")) else None)
        traits = {name: value for name, value in traits.items() if name != "email"}
    strong = [(kind, ids[name]) for name, kind in STRONG.items() if name in ids]
    browser = (IdentityKind.VISITOR, ids["visitor_id"]) if "visitor_id" in ids else None
    return Statement(_row(signal, traits, ids), tuple(strong), browser, tuple(_previous(ids)))


STRONG = {"user_id": IdentityKind.USER, "email": IdentityKind.EMAIL}


def _row(signal: Signal, traits: Mapping[str, Cell], ids: Mapping[str, str]) -> LeadRow:
    """What is known of the person and the company by it."""
    email = ids.get("email")
    try:
        # Somebody may be known by the id alone, which no column of the traits says.
        row = read_values({"user_id": "known", **traits}, {"lead_id": "user_id", **_mapping(traits)}, UTC)
    except Unusable as why:
        raise BadInput(why.reason, why.sentence) from why
    kind, company = mail_domain(email) if email else (None, None)
    source, campaign = _source_and_campaign(signal)
    return replace(
        row,
        lead_id=None,
        user_id=ids.get("user_id"),
        email=row.email if row.email_key == email else email,
        email_key=email,
        email_kind=kind,
        domain=row.domain or company,
        source=source,
        campaign=campaign,
        captured_at=signal.at,
    )


def _source_and_campaign(signal: Signal) -> tuple[str, str | None]:
    key, named = signal.key, campaign_of_visit(signal.properties)
    if key and key.source_of_visit and (told := source_of_visit(signal.properties, signal.url)):
        return told, named or None  # the key's campaign is one of its own source
    return key.source.name if key else "Website", named or (key.campaign.name if key and key.campaign else None)


def _mapping(traits: Mapping[str, Cell]) -> dict[str, str]:
    """Field -> trait: by the names that Segment gives them, else as a file's columns would be found."""
    prefixed = found_by_name([f"traits.{name}" for name in traits], LEAD_FIELDS)
    plain = found_by_name(list(traits), LEAD_FIELDS)
    mapping = {**plain, **{field: name.removeprefix("traits.") for field, name in prefixed.items()}}
    return {field: name for field, name in mapping.items() if field not in NOT_SAID_BY_TRAITS}


def _flat(traits: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Cell]]:
    """Traits by dotted name; what a cell cannot hold is left out, and so is what a spreadsheet would run."""
    for name, value in traits.items():
        path = f"{prefix}{name}"[:300]
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flat(value, f"{path}.", depth + 1)
        elif isinstance(value, bool | int | float) or (isinstance(value, str) and not is_formula(value)):
            yield path, value


def _previous(ids: Mapping[str, str]) -> Iterator[Key]:
    """An earlier id as everything it can be; a browser's comes last."""
    if previous := ids.get("previous_id"):
        if address := email_identity(previous) if "@" in previous else None:
            yield IdentityKind.EMAIL, address
        yield IdentityKind.USER, previous
        yield IdentityKind.VISITOR, previous
