"""A form in the making: its settings and questions as somebody has them now, saved or not."""

from collections.abc import Mapping, Sequence
from typing import Self

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assay.actions.form_editing import COPIED, Draft
from assay.actions.mailing import can_mail
from assay.desk import words
from assay.desk.forms.forms import OTHER, QuestionForm, SettingsForm
from assay.domain.forms import ASKABLE, EMAIL, KEYS, LONGEST_SLUG, MOST_FIELDS, Field
from assay.domain.policy import Policy
from assay.records.models import ConsentText, Form

_Row = dict[str, object]


class Builder:
    """What the page shows. ``at`` is the question that was added or moved just now."""

    def __init__(self, settings: SettingsForm, rows: Sequence[_Row], at: int = -1) -> None:
        self.settings, self._rows, self.at = settings, list(rows), at

    @classmethod
    def of(cls, form: Form | None, policy: Policy) -> Self:
        """A form on record as it is, or a new one with the questions most forms begin with."""
        if form is not None:
            return cls(
                SettingsForm(policy, can_mail(), initial=_settings_of(form)), [_row(field) for field in form.questions]
            )
        start = [
            Field(EMAIL, _("Work email"), required=True),
            Field("name", _("Your name"), required=True),
            Field("company", _("Company")),
            Field("title", _("Your role"), progressive=True),
        ]
        return cls(
            SettingsForm(policy, can_mail(), initial={"language": "en", "source_of_visit": True}),
            [_row(field) for field in start],
        )

    @classmethod
    def posted(cls, data: QueryDict, policy: Policy) -> Self:
        """What the page sent."""
        count = data.get("count", "")
        rows = [_posted_row(data, at) for at in range(min(int(count), MOST_FIELDS) if count.isdecimal() else 0)]
        return cls(SettingsForm(policy, can_mail(), data.dict()), rows)

    def change(self, asked: str) -> None:
        """Add a question, or take one away, or move one: `add`, `remove-2`, `up-2`, `down-2`."""
        what, _dash, number = asked.partition("-")
        at = int(number) if number.isdecimal() else -1
        if what == "add" and len(self._rows) < MOST_FIELDS:
            self._rows.append({"what": self._next(), "required": False, "progressive": False})
            self.at = len(self._rows) - 1
        elif 0 <= at < len(self._rows):
            self._change_row(what, at)

    def _change_row(self, what: str, at: int) -> None:
        to = at + {"up": -1, "down": 1}.get(what, 0)
        row = self._rows.pop(at)
        if what != "remove":
            self.at = max(0, min(to, len(self._rows)))
            self._rows.insert(self.at, row)

    def _next(self) -> str:
        """The first fact that is not asked for yet."""
        taken = {row.get("what") for row in self._rows}
        return next((name for name in ("name", "company", "title", "phone", *ASKABLE) if name not in taken), OTHER)

    @property
    def rows(self) -> list[QuestionForm]:
        """The questions as forms, filled in."""
        return [QuestionForm(initial=row, prefix=f"field-{at}") for at, row in enumerate(self._rows)]

    @property
    def fields(self) -> list[Field]:
        """The questions as they stand."""
        return [_field(row) for row in self._rows]

    @property
    def later(self) -> list[Field]:
        """Those that wait until the others are known."""
        return [field for field in self.fields if field.progressive]

    def draft(self) -> Draft:
        """What to save; the settings are valid."""
        said = dict(self.settings.cleaned_data)
        said["slug"] = said["slug"].strip().lower() or slugify(said["name"])[:LONGEST_SLUG].strip("-")
        said["hosts"] = said["hosts"].split()
        return Draft(fields=self.fields, **said)

    def sketch(self) -> Form:
        """The form as it would be, for a look at it; never saved."""
        said = {name: self.settings[name].value() or "" for name in ("name", "title", "button", "consent")}
        form = Form(
            name=said["name"],
            title=said["title"],
            button=said["button"],
            fields=[field.as_json() for field in self.fields],
        )
        form.consent = ConsentText(text=said["consent"])
        return form


def _settings_of(form: Form) -> Mapping[str, object]:
    campaign = form.campaign.name if form.campaign else ""
    return {
        **{name: getattr(form, name) for name in COPIED},
        "source": form.source.name,
        "campaign": campaign,
        "consent": form.consent.text,
        "hosts": "\n".join(form.hosts),
    }


def _row(field: Field) -> _Row:
    ours = field.name in ASKABLE
    return {
        "what": field.name if ours else OTHER,
        "name": "" if ours else field.name,
        "label": field.label,
        "required": field.required,
        "progressive": field.progressive,
    }


def _posted_row(data: QueryDict, at: int) -> _Row:
    texts = {name: data.get(f"field-{at}-{name}", "").strip() for name in ("what", "name", "label")}
    return {**texts, **{name: f"field-{at}-{name}" in data for name in ("required", "progressive")}}


def _field(row: _Row) -> Field:
    """A question; one without a text of its own is asked by the name of its fact."""
    what, name, label = (" ".join(str(row.get(key) or "").split()) for key in ("what", "name", "label"))
    known = what in ASKABLE
    asked = str(words.FACTS[KEYS[what] or ""]) if known else name
    return Field(what if known else name, label or asked, bool(row.get("required")), bool(row.get("progressive")))
