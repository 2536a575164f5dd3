"""Which rejections a reader wants to see: all of it stands in the address."""

from datetime import datetime, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assay.desk import words
from assay.desk.leads.choices import Choices, sources
from assay.desk.select import QuickSelect
from assay.domain.policy import Policy
from assay.records.returned import ANSWERED, OPEN, Wanted

PERIODS = (30, 90, 365)
USUAL = 90
NARROW = ("reason", "source", "answer")


class ReturnedFilters(forms.Form):
    """The filters of an address. What makes no sense is told beside its field and narrows nothing."""

    days = forms.TypedChoiceField(label=_("Period"), coerce=int, widget=QuickSelect)
    reason = forms.ChoiceField(label=_("Reason"), widget=QuickSelect)
    source = forms.TypedChoiceField(label=_("Source"), coerce=int, empty_value=None, widget=QuickSelect)
    answer = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("All")), (OPEN, _("Not answered")), (ANSWERED, _("Answered"))],
        widget=QuickSelect,
    )

    use_required_attribute = False

    def __init__(self, query: QueryDict, policy: Policy) -> None:
        data = query.copy()
        data.setdefault("days", str(USUAL))
        super().__init__(data)
        for field in self.fields.values():
            field.required = False
        offered = {"days": _periods(), "reason": _reasons(policy, query.get("reason", "")), "source": sources()}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def query(self) -> str:
        """The one spelling of these filters as an address query; "" where nothing is chosen."""
        return self.query_with()

    @property
    def narrowed(self) -> bool:
        """Whether any filter beside the period is set, or was meant to be."""
        return any(self.cleaned_data.get(name) for name in NARROW) or bool(self.errors)

    @property
    def period(self) -> int:
        """The days the period is long."""
        return self.cleaned_data.get("days") or USUAL

    @property
    def only_open(self) -> bool:
        """Whether only those without an answer are asked for."""
        return self.cleaned_data.get("answer") == OPEN

    def wanted(self, now: datetime) -> Wanted:
        """The rejections that pass every filter."""
        asked = self.cleaned_data
        return Wanted(
            now - timedelta(days=self.period), asked.get("reason") or "", asked.get("source"), asked.get("answer") or ""
        )

    def query_with(self, **instead: object) -> str:
        """The address query with other values for some filters."""
        asked = {"days": self.period} | {name: self.cleaned_data.get(name) for name in NARROW} | instead
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in asked.items() if value and (name, value) != ("days", USUAL)})
        return query.urlencode()


def _periods() -> Choices:
    return [(str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in PERIODS]


def _reasons(policy: Policy, asked: str) -> Choices:
    """The reasons of the policy, and the one asked for: an earlier policy may have listed it."""
    listed = words.reasons(policy, "reject")
    asked_as_well = [asked] if asked and asked.isprintable() and asked not in listed else []
    return [
        ("", _("Any reason")),
        *listed.items(),
        *((code, words.reason(policy, "reject", code)) for code in asked_as_well),
    ]
