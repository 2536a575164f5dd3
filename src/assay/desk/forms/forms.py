"""What a form in the making is asked: its settings, and each of its questions."""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assay.desk import words
from assay.domain.forms import ASKABLE, KEYS, LONGEST_LABEL, LONGEST_NAME, LONGEST_SLUG
from assay.domain.policy import Policy

_NARROW = {"autocomplete": "off"}


class SettingsForm(forms.Form):
    """Everything about a form but its questions."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(_NARROW),
        help_text=_("How you call it. Visitors see it where there is no heading."),
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_SLUG,
        required=False,
        widget=forms.TextInput(_NARROW),
        help_text=_("The end of its web address: demo-request. Left empty, it follows from the name."),
    )
    title = forms.CharField(label=_("Heading"), max_length=200, required=False, widget=forms.TextInput(_NARROW))
    source = forms.CharField(label=_("Source"), max_length=200, widget=forms.TextInput({"list": "sources", **_NARROW}))
    campaign = forms.CharField(label=_("Campaign"), max_length=200, required=False, widget=forms.TextInput(_NARROW))
    source_of_visit = forms.BooleanField(
        label=_("Take the source from the visit where it tells one"),
        required=False,
        help_text=_("Google (search), LinkedIn (social), ChatGPT (assistant), or what the tags of a link say."),
    )
    kind = forms.ChoiceField(label=_("Counts as"), help_text=_("The signal it leaves behind, as the policy scores it."))
    language = forms.ChoiceField(label=_("Language of its own words"), choices=settings.LANGUAGES)
    button = forms.CharField(
        label=_("Text of its button"), max_length=100, required=False, widget=forms.TextInput(_NARROW)
    )
    consent = forms.CharField(
        label=_("Consent"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("People must tick it. Every wording is kept as a version. Left empty, none is asked."),
    )
    double_opt_in = forms.BooleanField(label=_("Confirm by mail before it becomes a lead"), required=False)
    thanks = forms.CharField(
        label=_("Thank-you text"), required=False, max_length=5_000, widget=forms.Textarea({"rows": 2})
    )
    redirect = forms.CharField(
        label=_("Or lead on to"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://www.firm.example/thanks", **_NARROW}),
    )
    hosts = forms.CharField(
        label=_("Websites it may lead to"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One host a line: www.firm.example"),
    )

    def __init__(
        self,
        policy: Policy,
        can_mail: bool,
        data: Mapping[str, object] | None = None,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        choices = [(kind, words.signal(policy, kind)) for kind in policy.intent.signals]
        self.fields["kind"] = forms.ChoiceField(
            label=self.fields["kind"].label, choices=choices, help_text=self.fields["kind"].help_text
        )
        if not can_mail:
            mail = self.fields["double_opt_in"]
            mail.disabled = True
            mail.help_text = _("There is no mail server yet. An admin sets ASSAY_MAIL to one.")

    def naming(self) -> list[forms.BoundField]:
        """How it is called, by whom."""
        return self._some("name", "title", "slug", "button", "language")

    def counting(self) -> list[forms.BoundField]:
        """What a lead has of it."""
        return self._some("source", "source_of_visit", "campaign", "kind")

    def agreeing(self) -> list[forms.BoundField]:
        """What people agree to, and how surely."""
        return self._some("consent", "double_opt_in")

    def thanking(self) -> list[forms.BoundField]:
        """What comes after it."""
        return self._some("thanks", "redirect", "hosts")

    def _some(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]


OTHER = ""


class QuestionForm(forms.Form):
    """One question: which fact, how it is called where it is none of ours, and what people read."""

    what = forms.ChoiceField(
        label=_("Asks for"),
        required=False,
        choices=[*((name, words.FACTS[KEYS[name] or ""]) for name in ASKABLE), (OTHER, _("Something else"))],
    )
    name = forms.CharField(label=_("Kept as"), required=False, max_length=LONGEST_NAME, widget=forms.TextInput(_NARROW))
    label = forms.CharField(
        label=_("Question"), required=False, max_length=LONGEST_LABEL, widget=forms.TextInput(_NARROW)
    )
    required = forms.BooleanField(label=_("Required"), required=False)
    progressive = forms.BooleanField(label=_("Ask later"), required=False)
