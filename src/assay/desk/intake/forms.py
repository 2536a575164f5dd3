"""What a write key is asked: what it is for, which of its pages and events are what, and who may use it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from assay.desk import words
from assay.desk.telling import told_error
from assay.domain.errors import BadInput
from assay.domain.kinds import PAGE_VIEW
from assay.domain.policy import Policy
from assay.domain.write_keys import FASTEST, Rule, event_rule, origin, page_rule

_PLAIN = {"autocomplete": "off"}
PAGE, EVENT = "path", "event"
BLANKS = 2


class KeyForm(forms.Form):
    """Everything about a write key but its rules."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(_PLAIN),
        help_text=_("What it is for, such as our website."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        widget=forms.TextInput({"list": "sources", **_PLAIN}),
        help_text=_("Where the leads it brings come from."),
    )
    campaign = forms.CharField(
        label=_("Campaign"),
        max_length=200,
        required=False,
        widget=forms.TextInput(_PLAIN),
        help_text=_("Of leads whose address names none."),
    )
    source_of_visit = forms.BooleanField(
        label=_("Take the source from the visit where it tells one"),
        required=False,
        help_text=_("Google (search), LinkedIn (social), ChatGPT (assistant), or what the tags of a link say."),
    )


class SettingsForm(KeyForm):
    """What can be said of a key once it is there."""

    origins = forms.CharField(
        label=_("Websites that may use it"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 2, "placeholder": "https://www.firm.example"}),
        help_text=_("One a line; any website where there is none. Servers are not asked."),
    )
    rate = forms.IntegerField(
        label=_("Most events a second"),
        min_value=0,
        max_value=FASTEST,
        required=False,
        help_text=_("0 or empty is no limit."),
    )

    def clean_origins(self) -> list[str]:
        said: list[str] = self.cleaned_data["origins"].split()
        try:
            return [origin(line) for line in said]
        except BadInput as error:
            raise ValidationError(told_error(error)) from error

    def clean_rate(self) -> int:
        return self.cleaned_data["rate"] or 0


class RuleForm(forms.Form):
    """One rule: pages of an address, or an event of a name, are of a kind. Without a pattern it is none."""

    of = forms.ChoiceField(
        label=_("What"), choices=((PAGE, _("Page like")), (EVENT, _("Event called"))), required=False
    )
    pattern = forms.CharField(label=_("Page or event"), max_length=500, required=False, widget=forms.TextInput(_PLAIN))
    kind = forms.ChoiceField(label=_("Counts as"), required=False)

    def __init__(self, *args: object, kinds: Sequence[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        said = self.initial.get("kind")
        own = [(said, said)] if said and said not in dict(kinds) else []  # a kind the policy does not list any more
        self.fields["kind"] = forms.ChoiceField(label=_("Counts as"), required=False, choices=[*kinds, *own])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("pattern") or "kind" not in said:
            return said
        make = event_rule if said.get("of") == EVENT else page_rule
        try:
            said["rule"] = make(said["pattern"], said["kind"])
        except BadInput as error:
            self.add_error("pattern", told_error(error))
        return said


Rules = formset_factory(RuleForm, extra=BLANKS, max_num=200 + BLANKS)


def rules_form(policy: Policy, rules: Sequence[Rule], data: Mapping[str, Any] | None = None) -> "BaseFormSet[RuleForm]":
    """The rules of a key, and blanks for more."""
    initial = [
        {"of": PAGE if PAGE in rule else EVENT, "pattern": rule.get(PAGE) or rule.get(EVENT), "kind": rule["kind"]}
        for rule in rules
    ]
    return Rules(data, initial=initial, prefix="rules", form_kwargs={"kinds": kinds(policy)})


def kinds(policy: Policy) -> list[tuple[str, str]]:
    """What a page or an event can be: what the policy counts, and a plain page view."""
    listed = {kind: words.signal(policy, kind) for kind in policy.intent.signals}
    return list(({PAGE_VIEW: words.signal(policy, PAGE_VIEW)} | listed).items())


def said_rules(formset: "BaseFormSet[RuleForm]") -> list[Rule]:
    """The rules a valid form says, in its order."""
    return [form.cleaned_data["rule"] for form in formset.forms if form.cleaned_data.get("rule")]
