"""The first user, and what a reader prefers."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assay.actions.mailing import can_mail
from assay.records.models import User


class FirstUserForm(forms.Form):
    """Whoever opens an empty installation becomes its admin."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a sentence is easiest to keep."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Language and time zone of the pages."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As my browser says")), *settings.LANGUAGES]
    )
    timezone = forms.CharField(
        label=_("Time zone"),
        required=False,
        help_text=_("Such as Europe/Paris; times are shown in it."),
        widget=forms.TextInput({"list": "zones", "autocomplete": "off"}),
    )

    weekly_report = forms.BooleanField(label=_("Send me the audit and the funnel of each week by mail"), required=False)

    def __init__(self, *args: object, **said: object) -> None:
        super().__init__(*args, **said)  # type: ignore[arg-type]
        self.initial["weekly_report"] = self.instance.report_since is not None
        self.fields["weekly_report"].help_text = (
            _("It comes on the first working morning, in your language, as text and as a PDF.")
            if can_mail()
            else _("No mail server is set up here yet, so none is sent until there is one: ASSAY_MAIL.")
        )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language", "timezone")
        labels = {"first_name": _("First name"), "last_name": _("Last name")}  # noqa: RUF012 - Django reads it

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"].strip()
        if zone and zone not in available_timezones():
            raise ValidationError(_("This is not a time zone; pick one of the list, such as Europe/Paris."))
        return zone
