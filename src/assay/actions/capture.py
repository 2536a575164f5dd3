"""How a lead enters: recognised or made new, with company, source, first pass and first ledger entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from assay.actions.actors import Actor
from assay.actions.filing import file_new
from assay.actions.fill import Filler, company_fields
from assay.actions.passes import first_pass
from assay.actions.policies import Rule, rule
from assay.actions.recognise import Key, Known, identities_of, known, without_erased
from assay.actions.scoring import recount, score_leads, score_new
from assay.actions.sources import Sources
from assay.actions.writing import insert, insert_values, update
from assay.domain import ladder
from assay.domain.errors import MoveRefused
from assay.domain.identity import filled
from assay.domain.ladder import Case, Request, Rung, Situation
from assay.domain.rows import LeadRow, Refusal
from assay.domain.score import Score as Scored
from assay.records.facts import facts_of
from assay.records.models import Company, Decision, Identity, Import, Lead, Membership, Pass, Person, Score


@dataclass(slots=True)
class Captured:
    """What a batch of rows did: ids of new and of promoted leads, rows of people known before, and refusals."""

    created: list[int] = field(default_factory=list)
    promoted: list[int] = field(default_factory=list)
    known: int = 0
    filled: int = 0
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class _New:
    """A lead about to be made."""

    row: LeadRow
    keys: list[Key]


def capture(rows: Iterable[LeadRow], by: Actor, at: datetime, imported_by: Import | None = None) -> Captured:
    """Take in leads, within the caller's transaction.

    Somebody known already (by address in any spelling, your id, or phone where that is all there is) is not a new
    lead: blanks are filled in, and nothing that is known is overwritten.
    """
    done, current = Captured(), rule(at)
    keyed, done.refusals = without_erased([(row, identities_of(row)) for row in rows])
    on_record = known({key for _, keys in keyed for key in keys})
    new, again = _sort_out(keyed, on_record, by, at, current, done)
    made = _make(new, on_record, by, at, current, imported_by)
    filled = Filler(imported_by, at).fill(again)
    done.created = [lead.pk for lead in made]
    done.filled = len(filled)
    # Signals may have been waiting for somebody with one of these identities.
    awaited = [lead.pk for lead, entry in zip(made, new, strict=True) if any(key in on_record for key in entry.keys)]
    recount(awaited, at)
    done.promoted = score_leads([*awaited, *filled], at)
    return done


def _sort_out(
    keyed: Sequence[tuple[LeadRow, Sequence[Key]]],
    on_record: dict[Key, Known],
    by: Actor,
    at: datetime,
    current: Rule,
    done: Captured,
) -> tuple[list[_New], dict[int, list[LeadRow]]]:
    """New leads to make, and rows about people on record by person; what cannot be either is refused."""
    new: list[_New] = []
    again: dict[int, list[LeadRow]] = {}
    person_of = {key: entry.person_id for key, entry in on_record.items() if entry.person_id is not None}
    in_batch: dict[Key, _New] = {}
    for row, keys in keyed:
        people = {person_of[key] for key in keys if key in person_of}
        twins = {id(in_batch[key]): in_batch[key] for key in keys if key in in_batch}
        if len(people) + len(twins) > 1:
            done.refusals.append(_refusal(row, "two_people", _two_people(row)))
        elif people:
            done.known += 1
            person = people.pop()
            again.setdefault(person, []).append(row)
            person_of |= dict.fromkeys(keys, person)  # a later row may name only what this one adds
        elif twins:
            done.known += 1
            _, twin = twins.popitem()
            twin.row = filled(twin.row, row)
            twin.keys += [key for key in keys if key not in twin.keys]
            in_batch |= dict.fromkeys(keys, twin)
        elif problem := _not_a_lead(row, by, at, current):
            done.refusals.append(problem)
        else:
            new.append(_New(row, list(keys)))
            in_batch |= dict.fromkeys(keys, new[-1])
    return new, again


def _two_people(row: LeadRow) -> str:
    return f'"{row.lead_id}" is one person on record and {row.email} another: correct the id or the address.'


def _not_a_lead(row: LeadRow, by: Actor, at: datetime, current: Rule) -> Refusal | None:
    """Why a row cannot be captured, by the ladder's own guards."""
    if row.captured_at and row.captured_at > at:
        return _refusal(row, "future", f"captured_at {row.captured_at:%Y-%m-%d %H:%M} is in the future.")
    contact = row.email_key or row.phone or row.lead_id or row.user_id or ""
    request = Request(name=row.full_name, contact=contact, source=row.source or "")
    try:
        ladder.move("capture", by.desks, Case(Situation(rung=None), request, current.policy, at))
    except MoveRefused as error:
        return _refusal(row, error.code, str(error.hint or error.sentence))
    return None


def _refusal(row: LeadRow, code: str, sentence: str) -> Refusal:
    return Refusal(row.line, code, sentence, {key: value for key, value in row.facts().items() if value is not None})


def _make(
    new: list[_New],
    on_record: dict[Key, Known],
    by: Actor,
    at: datetime,
    current: Rule,
    imported_by: Import | None,
) -> list[Lead]:
    """Write new leads with all that belongs to them."""
    rows = [entry.row for entry in new]
    companies, sources = companies_of(rows, at), Sources()
    people = insert(Person, [_person(row, at) for row in rows])
    _write_identities(new, people, on_record, at)
    leads = [
        Lead(
            person=person,
            company=companies.get(row.domain or ""),
            source_id=sources.source(row.source or ""),
            campaign_id=sources.campaign(row.source or "", row.campaign),
            imported_by=imported_by,
            external_id=row.lead_id or "",
            captured_at=row.captured_at or at,
            facts=row.own_facts(),
        )
        for row, person in zip(rows, people, strict=True)
    ]
    scores = [score_new(lead, current, at) for lead in leads]
    insert(Lead, leads)
    file_new(leads)
    insert_values(Score, SCORE, [_score(lead, scored, current, at) for lead, scored in zip(leads, scores, strict=True)])
    insert_values(
        Membership, MEMBERSHIP, [(lead.person_id, lead.company_id, "unknown") for lead in leads if lead.company_id]
    )
    insert(Pass, [first_pass(lead, facts_of(lead)) for lead in leads])
    insert_values(Decision, DECISION, [_capture_decision(lead, by, current) for lead in leads])
    return leads


def _person(row: LeadRow, at: datetime) -> Person:
    return Person(
        name=row.full_name,
        first_name=row.first_name or "",
        last_name=row.last_name or "",
        email=row.email or "",
        phone=row.phone or "",
        title=row.title or "",
        created_at=at,
    )


def _write_identities(new: list[_New], people: list[Person], on_record: dict[Key, Known], at: datetime) -> None:
    """Point the identities of new people to them, those that were waiting included."""
    fresh, waiting = [], []
    for entry, person in zip(new, people, strict=True):
        for kind, value in entry.keys:
            if (kind, value) in on_record:
                waiting.append(
                    Identity(
                        pk=on_record[kind, value].identity_id,
                        kind=kind,
                        value=value,
                        person=person,
                        created_at=at,
                    )
                )
            else:
                fresh.append((kind, value, person.pk, at))
    insert_values(Identity, IDENTITY, fresh)
    update(Identity, waiting, ["person"])


def companies_of(rows: Iterable[LeadRow], at: datetime) -> dict[str, Company]:
    """The companies of the rows by domain, made where they are new."""
    first: dict[str, LeadRow] = {}
    for row in rows:
        if row.domain:
            first.setdefault(row.domain, row)
    companies = {company.domain: company for company in Company.objects.filter(domain__in=first)}
    missing = [_company(row, at) for domain, row in sorted(first.items(), key=itemgetter(0)) if domain not in companies]
    return companies | {company.domain: company for company in insert(Company, missing)}


def _company(row: LeadRow, at: datetime) -> Company:
    said = {name: value for name, value in company_fields(row).items() if value is not None}
    return Company(domain=row.domain or "", created_at=at, **said)


SCORE = ("lead", "policy", "as_of", "parts", "missing")
MEMBERSHIP = ("person", "company", "role")
IDENTITY = ("kind", "value", "person", "created_at")
DECISION = (
    *("lead", "pass_no", "move", "from_rung", "to_rung", "at", "by", "by_name", "desk"),
    *("reason", "text", "details", "policy"),
)


def _score(lead: Lead, scored: Scored, current: Rule, at: datetime) -> tuple[object, ...]:
    return lead.pk, current.version, at, [part.as_json() for part in scored.parts], list(scored.missing)


def _capture_decision(lead: Lead, by: Actor, current: Rule) -> tuple[object, ...]:
    """The first entry of a lead's ledger."""
    desk = min(by.desks)
    return (
        lead.pk,
        1,
        "capture",
        "",
        Rung.LEAD,
        lead.captured_at,
        by.user_id,
        by.name,
        desk,
        "",
        "",
        {},
        current.version,
    )
