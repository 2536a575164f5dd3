"""What later rows add to somebody known: blanks are filled, and each filling noted so that an import can be undone."""

from collections.abc import Mapping
from datetime import datetime

from assay.actions.filing import file_again
from assay.actions.recognise import identities_of, known
from assay.actions.scoring import recount
from assay.actions.writing import insert, update
from assay.domain.rows import LeadRow
from assay.records.models import Company, Identity, Import, ImportChange, Lead, Person

PERSON_FIELDS = ("name", "first_name", "last_name", "email", "phone", "title")
COMPANY_FIELDS = ("name", "employees", "industry", "country", "revenue", "budget")


def company_fields(row: LeadRow) -> dict[str, str | float | None]:
    """What a row says about its company; text where a number belongs stays with the lead that said it."""
    numbers = {name: getattr(row, name) for name in ("employees", "revenue", "budget")}
    known = {name: None if isinstance(value, str) else value for name, value in numbers.items()}
    return {"name": row.company, "industry": row.industry, "country": row.country, **known}


class Filler:
    """Fills blanks of people, companies and leads on record."""

    def __init__(self, imported_by: Import | None, at: datetime) -> None:
        self._imported_by, self._at = imported_by, at
        self._changes: list[ImportChange] = []
        self._companies: dict[int, Company] = {}

    def fill(self, rows_by_person: Mapping[int, list[LeadRow]]) -> list[int]:
        """Fill in what the rows tell. Returns the ids of the leads that now know more."""
        leads = {
            lead.person_id: lead
            for lead in Lead.objects.select_for_update(of=("self",))
            .select_related("person", "company")
            .filter(person__in=rows_by_person)
            .order_by("pk")
        }
        changed: dict[int, Lead] = {}
        for person_id, rows in rows_by_person.items():
            lead = leads[person_id]
            for row in rows:
                if self._fill_lead(lead, row):
                    changed[lead.pk] = lead
        self._write(list(changed.values()))
        joined = [leads[person_id].pk for person_id in self._new_identities(rows_by_person)]
        recount(joined, self._at)
        if self._imported_by is not None:
            insert(ImportChange, self._changes)
        return sorted({*changed, *joined})

    def _fill_lead(self, lead: Lead, row: LeadRow) -> bool:
        before = len(self._changes)
        said = {name: getattr(row, name) for name in PERSON_FIELDS} | {"name": row.full_name or None}
        self._blanks(lead.person, said)
        if lead.company is not None and lead.company.domain == row.domain:
            # Leads of one company come with a copy each; all fill the same one.
            lead.company = self._companies.setdefault(lead.company.pk, lead.company)
            self._blanks(lead.company, company_fields(row))
        for key, value in row.own_facts().items():
            if key not in lead.facts:
                lead.facts[key] = value
                self._note(lead, f"facts:{key}", None, value)
        return len(self._changes) > before

    def _blanks(self, target: Person | Company, said: Mapping[str, object]) -> None:
        for name, value in said.items():
            blank = getattr(target, name)
            if value is not None and blank in ("", None):
                setattr(target, name, value)
                self._note(target, name, blank, value)

    def _note(self, target: Person | Company | Lead | Identity, field: str, before: object, after: object) -> None:
        self._changes.append(
            ImportChange(
                imported_by=self._imported_by,
                model=type(target).__name__.lower(),
                object_id=target.pk,
                field=field,
                before=before,
                after=after,
            )
        )

    def _write(self, leads: list[Lead]) -> None:
        touched = {change.object_id for change in self._changes if change.model == "company"}
        # In one order, so that two writers cannot cross: people of one company come in many batches.
        companies = {pk: self._companies[pk] for pk in sorted(touched)}
        update(Person, [lead.person for lead in leads], PERSON_FIELDS)
        update(Company, list(companies.values()), COMPANY_FIELDS)
        update(Lead, leads, ["facts"])
        named = {change.object_id for change in self._changes if (change.model, change.field) == ("company", "name")}
        file_again([lead.pk for lead in leads], named)

    def _new_identities(self, rows_by_person: Mapping[int, list[LeadRow]]) -> list[int]:
        """Remember further ways to recognise these people, such as an address for somebody known by id.

        Returns the people whose new identity had been waiting, perhaps with signals.
        """
        wanted = {
            key: person_id for person_id, rows in rows_by_person.items() for row in rows for key in identities_of(row)
        }
        on_record = known(wanted)
        fresh = insert(
            Identity,
            [
                Identity(kind=kind, value=value, person_id=person_id, created_at=self._at)
                for (kind, value), person_id in wanted.items()
                if (kind, value) not in on_record and kind != "row"
            ],
        )
        waiting = [
            Identity(
                pk=on_record[key].identity_id,
                kind=key[0],
                value=key[1],
                person_id=person_id,
                created_at=self._at,
            )
            for key, person_id in wanted.items()
            if key in on_record and on_record[key].person_id is None
        ]
        update(Identity, waiting, ["person"])
        for identity in fresh:
            self._note(identity, "created", None, identity.person_id)
        for identity in waiting:
            self._note(identity, "person", None, identity.person_id)
        return [identity.person_id for identity in waiting if identity.person_id]
