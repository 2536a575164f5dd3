"""What an endpoint is asked: where it listens, and to what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.actions.webhooks import LONGEST_NAME, LONGEST_URL
from assay.desk.telling import told
from assay.domain.events import EVENTS
from assay.domain.phrase import Phrase
from assay.records.models import WebhookEndpoint
from assay.records.webhooks import ALL

_PLAIN = {"autocomplete": "off"}


class EndpointForm(forms.Form):
    """Everything about an endpoint but its secret. The address is judged by the verb that keeps it."""

    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        widget=forms.TextInput({"placeholder": "https://crm.firm.example/hooks", "inputmode": "url", **_PLAIN}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(_PLAIN),
        help_text=_("What it is, such as our CRM; else its host."),
    )
    everything = forms.BooleanField(
        label=_("Every event"), required=False, help_text=_("Those that later versions add as well.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(name, told(Phrase(entry.sentence))) for name, entry in EVENTS.items()]
        self.fields["types"] = forms.MultipleChoiceField(
            label=_("Or only these"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )

    @property
    def wanted(self) -> list[str]:
        """The types of a valid form."""
        return [ALL] if self.cleaned_data["everything"] else self.cleaned_data["types"]


def said(row: WebhookEndpoint) -> dict[str, object]:
    """An endpoint as the form says it."""
    return {"url": row.url, "name": row.name, "everything": ALL in row.types, "types": row.types}
