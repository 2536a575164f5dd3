"""The form that asks for a reason of the policy's list, with a text beside it."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """A reason and a text. Whether the reason needs the text is the ladder's rule, not this form's."""

    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect, error_messages={"required": _("Choose a reason.")}
    )
    text = forms.CharField(label=_("In your own words"), required=False, max_length=2_000, strip=True)

    def __init__(self, reasons: Mapping[str, str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.reasons = reasons
        self.fields["reason"].choices = list(reasons.items())  # type: ignore[attr-defined]
