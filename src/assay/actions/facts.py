"""One fact put where it belongs: with the person, the company or the lead, in the one form the rule reads."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from assay.actions.fill import COMPANY_FIELDS, PERSON_FIELDS
from assay.domain.contact import country_code, email_identity, phone_identity
from assay.domain.errors import BadInput
from assay.domain.facts import Value, field_key, is_known
from assay.domain.fit import as_number
from assay.domain.phrase import Phrase
from assay.records.models import Company, Lead, Person

RELATIONS = ("lead.source", "lead.campaign")
"""Facts that name another row: no text typed over them would move the lead there."""


def put_fact(lead: Lead, colleagues: Sequence[Lead], key: str, value: Value) -> None:
    """Set a fact by dotted key; nothing is written yet. ``colleagues`` are the leads of its company.

    Raises BadInput for a fact nobody can set and for a value that makes no sense.
    """
    root, _, name = key.partition(".")
    if root == "person" and name in PERSON_FIELDS:
        setattr(lead.person, name, _clean(Person, name, value))
    elif root == "company" and name in COMPANY_FIELDS:
        known = _clean(Company, name, value)
        if lead.company is None:
            _put_own(lead, key, known)
            return
        setattr(lead.company, name, known)
        for colleague in colleagues:
            colleague.facts.pop(key, None)
    elif root == "lead" and name and key == field_key(key) and key not in RELATIONS:
        _put_own(lead, key, value.strip() if isinstance(value, str) else value)
    else:
        raise BadInput("unknown_fact", Phrase('"{key}" is not a fact that can be corrected.', key=key))


def _put_own(lead: Lead, key: str, value: Value) -> None:
    if is_known(value):
        lead.facts[key] = value
    else:
        lead.facts.pop(key, None)


def _clean(model: type[Person | Company], name: str, value: Value) -> str | float | None:
    """A value as its column keeps it."""
    column = model._meta.get_field(name)
    if column.get_internal_type() == "FloatField":
        return _amount(name, value)
    text = _WELL_FORMED.get(name, str)(" ".join(str(value or "").split()))
    try:
        column.run_validators(text)  # type: ignore[union-attr]
    except ValidationError as error:
        said = Phrase("The {fact} is too long.", fact=name.replace("_", " "))
        raise BadInput("bad_fact", said, Phrase("Shorten it.")) from error
    return text


def _amount(name: str, value: Value) -> float | None:
    if not is_known(value):
        return None
    number = as_number(value)
    if number is None or number < 0:
        raise BadInput(
            "bad_number",
            Phrase('{fact}: "{value}" is not a number.', fact=name.capitalize(), value=str(value)),
            Phrase("Write it plainly, such as 120."),
        )
    return number


def _country(text: str) -> str:
    code = country_code(text) if text else ""
    if code is None:
        said = Phrase('"{text}" is not a country.', text=text)
        raise BadInput("bad_country", said, Phrase('Write it like "France" or "FR".'))
    return code


def _email(text: str) -> str:
    if text and email_identity(text) is None:
        said = Phrase('"{text}" is not an email address.', text=text)
        raise BadInput("bad_email", said, Phrase("Write it like name@company.com."))
    return text


def _phone(text: str) -> str:
    return phone_identity(text) or text


_WELL_FORMED = {"country": _country, "email": _email, "phone": _phone}
