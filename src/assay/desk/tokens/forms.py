"""What a token is asked: what it is for, as whom it acts, what it may be used for, and for how long."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.desk.settings.forms import ROLES
from assay.desk.telling import told
from assay.domain.tokens import MEANS

DAYS = (("90", _("90 days")), ("365", _("A year")), ("", _("Until it is revoked")))
ME = "me"


class TokenForm(forms.Form):
    """A new token. Only an admin makes those of programs."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Which program will use it."),
    )
    role = forms.ChoiceField(
        label=_("Acts as"),
        help_text=_("Who acts with it stands in the ledger. A program has rights of its own by its role."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May be used to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what it may be used for.")},
    )
    days = forms.ChoiceField(label=_("Good for"), choices=DAYS, required=False, initial="90", widget=forms.RadioSelect)

    def __init__(self, *args: object, administers: bool) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["scopes"].choices = [(str(scope), told(means)) for scope, means in MEANS.items()]  # type: ignore[attr-defined]
        programs = [(str(role), text) for role, text in ROLES] if administers else []
        self.fields["role"].choices = [(ME, _("me")), *([(_("A program"), programs)] if programs else [])]  # type: ignore[attr-defined]
        if not administers:
            del self.fields["role"]
