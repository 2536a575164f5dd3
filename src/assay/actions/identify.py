"""Statements about who somebody is are carried out: leads are captured or filled, browsers join, people become one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from assay.actions.actors import INTAKE
from assay.actions.capture import capture, companies_of
from assay.actions.claims import claim_all
from assay.actions.filing import file_again
from assay.actions.fill import Filler
from assay.actions.people import merge_people
from assay.actions.recognise import Known, identities_of, known, without_erased
from assay.domain.errors import AssayError, Refused
from assay.domain.identity import IdentityKind, Key
from assay.domain.rows import Refusal
from assay.domain.statements import Statement
from assay.records.models import Identity, Lead, Membership

Done = tuple[set[int], list[Refusal]]
"""Leads of whom more is known now, to be scored, and what could not be carried out."""


def identify(statements: Sequence[Statement], at: datetime) -> Done:
    """Carry out statements in their order, within the caller's transaction.

    Those that name nobody in common are carried out together.
    """
    kept, refusals = without_erased([(said.row, said.keys) for said in statements])
    rows = {id(row) for row, _ in kept}
    changed = set[int]()
    for together in _rounds(said for said in statements if id(said.row) in rows):
        leads, refused = _round(together, at)
        changed |= leads
        refusals += refused
    return changed, refusals


def _rounds(statements: Iterable[Statement]) -> list[list[Statement]]:
    """Each statement after every earlier one that names the same identity."""
    rounds: list[list[Statement]] = []
    turn: dict[Key, int] = {}
    for statement in statements:
        number = max((turn.get(key, 0) for key in statement.keys), default=0)
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(statement)
        turn |= dict.fromkeys(statement.keys, number + 1)
    return rounds


def _round(statements: Sequence[Statement], at: datetime) -> Done:
    on_record = known({key for statement in statements for key in statement.keys})
    about, new, refusals = _sort_out(statements, on_record, at)
    rows = {person: [statement.row for statement in said] for person, said in about.items()}
    changed = set(Filler(None, at).fill(rows))
    captured = capture([statement.row for statement in new], INTAKE, at)
    changed |= set(captured.created)
    found = known({key for statement in new for key in identities_of(statement.row)})
    for statement in new:
        owners = _owners(identities_of(statement.row), found, {})
        if owners:
            about.setdefault(owners[0], []).append(statement)
    own = {person: [key for statement in said for key in _own(statement, on_record)] for person, said in about.items()}
    changed |= set(claim_all(own, at))
    return changed | _join_companies(about, at), [*refusals, *captured.refusals]


def _sort_out(
    statements: Sequence[Statement], on_record: Mapping[Key, Known], at: datetime
) -> tuple[dict[int, list[Statement]], list[Statement], list[Refusal]]:
    """Statements by the person they are about, those about somebody new, and what could not be carried out."""
    found: list[tuple[int, Statement]] = []
    new: list[Statement] = []
    refusals: list[Refusal] = []
    became: dict[int, int] = {}
    for statement in statements:
        try:
            person = _person(statement, on_record, at, became)
        except AssayError as error:
            named = {"ids": [":".join(key) for key in statement.keys], "signal": statement.signal}
            refusals.append(Refusal(0, error.code, str(error), named))
            continue
        if person is not None:
            found.append((person, statement))
        elif statement.strong or statement.row.full_name or statement.row.phone:
            new.append(statement)
    about: dict[int, list[Statement]] = {}
    for person, statement in found:
        about.setdefault(_now(person, became), []).append(statement)
    return about, new, refusals


def _now(person: int, became: Mapping[int, int]) -> int:
    """Who somebody is after what was merged in this round."""
    while person in became:
        person = became[person]
    return person


def _person(statement: Statement, on_record: Mapping[Key, Known], at: datetime, became: dict[int, int]) -> int | None:
    """Whom a statement is about, None for nobody yet. People it says are one become one.

    Raises Refused where they cannot.
    """
    owners = _owners(statement.strong, on_record, became)
    for owner in _owners(_previous(statement, on_record), on_record, became):
        # A browser that was somebody else's may be shared; an id that was is the same person's.
        if not owners or _previous(statement, on_record)[0][0] != IdentityKind.VISITOR:
            owners.append(owner)
    if not owners and statement.browser:
        owners = _owners([statement.browser], on_record, became)
        return next((owner for owner in owners if _same(owner, statement)), None)
    person = owners[0] if owners else None
    for other in dict.fromkeys(owners[1:]):
        if person is None or other == person:
            continue
        if not statement.previous and _both_users(person, other):
            raise Refused(
                "two_people",
                "A user id and an address that belong to two people with user ids of their own came together.",
                "Merge them on the lead's page if they are one.",
            )
        merge = merge_people(person, other, INTAKE, at, "their ids came together")
        became[merge.merged_id] = person = merge.kept_id
    return person


def _owners(keys: Iterable[Key], on_record: Mapping[Key, Known], became: Mapping[int, int]) -> list[int]:
    """The people these identities lead to, each once, in order."""
    owners = (on_record[key].person_id for key in keys if key in on_record)
    return list(dict.fromkeys(_now(owner, became) for owner in owners if owner is not None))


def _previous(statement: Statement, on_record: Mapping[Key, Known]) -> list[Key]:
    """The identities an alias call names as the earlier one: what somebody has, else what is known, else all it may be.

    The last so that it makes no difference whether the call or what it is about came first.
    """
    on_it = [key for key in statement.previous if key in on_record]
    owned = [key for key in on_it if on_record[key].person_id is not None]
    return owned[:1] or on_it or list(statement.previous)


def _own(statement: Statement, on_record: Mapping[Key, Known]) -> list[Key]:
    browser = [statement.browser] if statement.browser else []
    return [*statement.strong, *browser, *_previous(statement, on_record)]


def _same(person: int, statement: Statement) -> bool:
    """Whether somebody known by a browser can be whom it is about: no user id or address of theirs differs."""
    theirs = Identity.objects.filter(person=person).values_list("kind", "value")
    said = dict(statement.strong)
    return not any(kind in said and said[kind] != value for kind, value in theirs)


def _both_users(one: int, other: int) -> bool:
    users = Identity.objects.filter(kind=IdentityKind.USER, person__in=[one, other])
    return users.values("person").distinct().count() == 2


def _join_companies(about: Mapping[int, Sequence[Statement]], at: datetime) -> set[int]:
    """People of whom a company is said belong to it; it is their lead's where that had none. Returns those leads."""
    rows = {person: [said.row for said in listed if said.row.domain] for person, listed in about.items()}
    companies = companies_of([row for listed in rows.values() for row in listed], at)
    joined = set[int]()
    for lead in Lead.objects.select_related("company").filter(
        person__in=[person for person, said in rows.items() if said]
    ):
        for row in rows[lead.person_id]:
            company = companies[row.domain or ""]
            Membership.objects.get_or_create(person_id=lead.person_id, company=company)
            if lead.company_id is None:
                lead.company = company
                lead.save(update_fields=["company"])
                joined.add(lead.pk)
    file_again(joined)
    return joined
