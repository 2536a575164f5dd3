"""The form that changes an open deal."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assay.desk.lead.forms import MoneyField
from assay.desk.telling import told_error
from assay.domain import money
from assay.domain.errors import BadInput


class ChangeForm(forms.Form):
    """Value, currency and close date; what is left out stays as it is."""

    value = MoneyField(
        label=_("Value"), required=False, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    )
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    close_date = forms.DateField(
        label=_("Closes on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def clean_currency(self) -> str | None:
        text = self.cleaned_data["currency"]
        try:
            return money.currency(text) if text else None
        except BadInput as error:
            raise ValidationError(told_error(error)) from error
