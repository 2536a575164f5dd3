"""The forms of the lead page: what each move, a touch, a note or a correction asks for."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assay.desk import words
from assay.desk.reasons import ReasonForm
from assay.desk.select import QuickSelect
from assay.desk.telling import told_error
from assay.domain import money
from assay.domain.errors import BadInput
from assay.records.models import User

LONGEST_NOTE = 2_000


def _note(label: words.Text, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 2}))


class MoneyField(forms.CharField):
    """An amount above zero, read as everywhere else."""

    def clean(self, value: object) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.amount(text.replace(" ", "").replace("\u202f", ""))
        except BadInput as error:
            raise ValidationError(told_error(error)) from error


def _amount(label: words.Text) -> MoneyField:
    return MoneyField(label=label, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))


def _day(label: words.Text, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class TextForm(forms.Form):
    """A move that asks why in a few words."""

    text = _note(_("Why?"))


class WhyForm(forms.Form):
    """Why two leads are one person, for whoever wonders later."""

    why = forms.CharField(
        label=_("How do you know?"), required=False, max_length=300, widget=forms.TextInput({"autocomplete": "off"})
    )


class VettedForm(forms.Form):
    """Fit and intent, each vetted with a note."""

    fit_note = _note(_("Why they fit"))
    intent_note = _note(_("Why they are interested"))


class OwnerForm(forms.Form):
    """Who takes the lead over."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("me"), widget=QuickSelect
    )

    def __init__(self, sellers: Sequence[User], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner"].queryset = User.objects.filter(pk__in=[user.pk for user in sellers])  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", _("me")), *((user.pk, user.name) for user in sellers)]  # type: ignore[attr-defined]


class RecycleForm(ReasonForm):
    """A reason, and when to look again."""

    look_again = _day(_("Look again on"), required=False)


class LossForm(ReasonForm):
    """A reason, and when the deal ended."""

    closed_on = _day(_("Lost on"), required=False)

    def clean_closed_on(self) -> date | None:
        day: date | None = self.cleaned_data["closed_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("A deal cannot be lost in the future."))
        return day


class WinForm(forms.Form):
    """What the deal brought, and when."""

    value = _amount(_("Actual value"))
    closed_on = _day(_("Won on"))


class BantForm(forms.Form):
    """Budget, authority, need and timeline: a note confirms a point, none leaves it open."""

    budget = _note(words.BANT["budget"], required=False)
    authority = _note(words.BANT["authority"], required=False)
    need = _note(words.BANT["need"], required=False)
    timeline = _note(words.BANT["timeline"], required=False)


class DealForm(BantForm):
    """A deal: the four notes, what it is worth, and when it should close."""

    value = _amount(_("Value"))
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    close_date = _day(_("Closes on"))

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"]
        try:
            return money.currency(code) if code else ""
        except BadInput as error:
            raise ValidationError(told_error(error)) from error


class DealNotesForm(DealForm):
    """The same form when only its notes are to be kept."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("value", "currency", "close_date"):
            self.fields[name].required = False


class TouchForm(forms.Form):
    """A call, an email or a meeting, and whether it reached them."""

    kind = forms.ChoiceField(
        label=_("What"), choices=list(words.TOUCHES.items()), initial="call", widget=forms.RadioSelect
    )
    reached = forms.ChoiceField(
        label=_("Did you reach them?"),
        choices=[("yes", _("Yes, they answered")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you reached them.")},
    )
    note = _note(_("Note"), required=False)
    at = forms.DateTimeField(
        label=_("When, if not now"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at > timezone.now():
            raise ValidationError(_("This is in the future: log it once it has happened."))
        return at
