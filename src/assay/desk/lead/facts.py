"""What is known of a person and a company: shown by name, and the form in which it is corrected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assay.actions.facts import RELATIONS
from assay.actions.fill import COMPANY_FIELDS
from assay.desk import words
from assay.desk.values import shown_value
from assay.domain.facts import EMAIL_KIND, Value, is_known
from assay.domain.fit import as_shown
from assay.domain.policy import Policy
from assay.intake.numbers import number
from assay.records.facts import facts_of
from assay.records.models import Lead

PERSON = ("person.name", "person.first_name", "person.last_name", "person.title", "person.email", "person.phone")
COMPANY = tuple(f"company.{name}" for name in COMPANY_FIELDS)
NUMBERS = ("company.employees", "company.revenue", "company.budget")
TWICE = ("person.name", "person.first_name", "person.last_name")
"""Parts of a name that the page's heading says already."""


class Shown(NamedTuple):
    """A fact with its name; ``missing`` where the rule asks for it and nobody knows."""

    key: str
    name: str
    value: str
    missing: bool


class Group(NamedTuple):
    """Facts about one thing."""

    title: str
    facts: Sequence[Shown]


def facts_shown(lead: Lead, policy: Policy) -> list[Group]:
    """Person, company and further facts; those the rule asks for stand there even when unknown."""
    known, asked = facts_of(lead), {criterion.field for criterion in policy.fit.criteria if criterion.points > 0}
    groups = (
        (_("Person"), [key for key in (*PERSON, EMAIL_KIND) if key not in TWICE]),
        (_("Company"), [*COMPANY, "company.domain"]),
        (_("More"), _further(lead, policy)),
    )
    shown = [
        Group(title, [_shown(key, known.get(key), asked) for key in keys if is_known(known.get(key)) or key in asked])
        for title, keys in groups
    ]
    return [group for group in shown if group.facts]


def _shown(key: str, value: Value, asked: set[str]) -> Shown:
    is_missing = not is_known(value)
    return Shown(key, words.fact(key), "" if is_missing else shown_value(key, value), is_missing and key in asked)


def _further(lead: Lead, policy: Policy) -> list[str]:
    """Facts of the lead itself: what its file brought, and what the rule asks for."""
    asked = (criterion.field for criterion in policy.fit.criteria)
    keys = dict.fromkeys([*lead.facts, *asked])
    return sorted(key for key in keys if key.startswith("lead.") and key not in RELATIONS)


class FactField(forms.CharField):
    """A fact as text; a number is read as files write it. What it said when the page was made goes along."""

    def __init__(self, key: str, value: Value) -> None:
        is_number = key in NUMBERS or (isinstance(value, int | float) and not isinstance(value, bool))
        attrs = {"inputmode": "decimal"} if is_number else {}
        super().__init__(
            label=words.fact(key),
            required=False,
            max_length=300,
            initial=as_shown(value) if is_known(value) else "",
            show_hidden_initial=True,  # so that only what this person changed is written
            widget=forms.TextInput({"autocomplete": "off", **attrs}),
        )
        self.is_number, self.whole = is_number, key == "company.employees"

    def clean(self, value: object) -> Value:
        text: str = super().clean(value)
        if not text or not self.is_number:
            return text
        found = number(text, self.whole)
        if found is None:
            raise ValidationError(
                _("“%(text)s” cannot be read as one number: write it plainly, such as 1200.") % {"text": text}
            )
        return found


class FactsForm(forms.Form):
    """All facts of a lead that can be corrected."""

    def __init__(self, lead: Lead, policy: Policy, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = facts_of(lead)
        for key in (*PERSON, *COMPANY, *_further(lead, policy)):
            self.fields[key] = FactField(key, known.get(key))

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields by what they are about."""
        for title, start in ((_("Person"), "person."), (_("Company"), "company."), (_("More"), "lead.")):
            if fields := [self[key] for key in self.fields if key.startswith(start)]:
                yield title, fields

    def changes(self) -> Mapping[str, Value]:
        """What this person changed since the page was made."""
        return {key: self.cleaned_data[key] for key in self.changed_data}
