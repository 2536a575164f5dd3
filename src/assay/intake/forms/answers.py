"""What somebody typed, checked as they would expect it, and made the row of a lead by the same rules as a file's."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.domain.channels import campaign_of_visit, source_of_visit
from assay.domain.contact import email_identity
from assay.domain.forms import ASKABLE, EMAIL, Field, asked
from assay.domain.rows import LeadRow, Refusal
from assay.intake.forms.visits import Visit
from assay.intake.leads import LONGEST, read_leads
from assay.intake.rows import Format, Table
from assay.records.models import Form

PREFIX = "a"
"""Of our questions' names, so that an attribute may be called anything."""

_KINDS = {"email": ("email", "email"), "phone": ("tel", "tel"), "domain": ("text", "url")}
_COMPLETE = {
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "title": "organization-title",
    "company": "organization",
    "country": "country-name",
}
_MOST_TYPED = 2_000


def questions(form: Form, visit: Visit, typed: Mapping[str, str] | None = None) -> forms.Form:
    """The questions for whoever is looking; those of the form that were answered anyway are kept.

    A confirmation goes to an address that was typed, so there the address is always asked.
    """
    known = visit.known - {"person.email"} if form.double_opt_in else visit.known
    to_ask = set(asked(form.questions, known))
    shown = [field for field in form.questions if field in to_ask or (typed and typed.get(f"{PREFIX}-{field.key}"))]
    sheet = forms.Form(typed, prefix=PREFIX, use_required_attribute=True)
    for field in shown:
        sheet.fields[field.key] = _question(field)
    if consent := form.consent.text:
        sheet.fields[CONSENT] = forms.BooleanField(label=consent, error_messages={"required": _NO_CONSENT})
    return sheet


CONSENT = "-consent"
"""No fact is called so."""

_NO_CONSENT = _("Please tick this box: without it we may not keep what you sent.")


def _question(field: Field) -> forms.Field:
    kind, complete = _KINDS.get(field.name, ("text", _COMPLETE.get(field.name, "on")))
    attributes = {"type": kind, "autocomplete": complete}
    longest = LONGEST.get(field.name, 300) if field.name in ASKABLE else _MOST_TYPED
    return forms.CharField(
        label=field.label,
        required=field.required,
        max_length=longest,
        widget=forms.TextInput(attributes),
        validators=[_is_address] if field.name == EMAIL else [],
        error_messages={"required": _("Please answer this.")},
    )


def _is_address(text: str) -> None:
    if email_identity(text) is None:
        raise forms.ValidationError(_("This is no email address. Please correct it: name@firm.example"))


def row_of(form: Form, said: Mapping[str, object], visit: Visit) -> LeadRow | Refusal:
    """The lead that these answers make; somebody known who was not asked for the address has the one on record."""
    cells = {field.name: str(said[field.key]) for field in form.questions if said.get(field.key)}
    if EMAIL not in cells and visit.lead is not None:
        cells[EMAIL] = visit.lead.person.email
    told = source_of_visit(visit.context) if form.source_of_visit else None
    # The form's campaign is one of its own source.
    if campaign := campaign_of_visit(visit.context) if told else form.campaign and form.campaign.name:
        cells["campaign"] = campaign
    columns: Sequence[str] = list(cells)
    table = Table(Path(form.slug), list(columns), Format("json"), lambda: iter([(1, list(cells.values()))]))
    mapping = {name: name for name in columns if name in ASKABLE or name == "campaign"}
    [row] = read_leads(table, mapping, tz=UTC, default_source=told or form.source.name)
    return row
