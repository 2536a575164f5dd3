"""Which time a reader looks at, and whether by source or campaign: all of it stands in the address."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assay.desk.leads.choices import Choices
from assay.desk.leads.filters import DAYS
from assay.desk.select import QuickSelect
from assay.domain.policy import Policy
from assay.records.funnel import Period
from assay.records.quality import By

PERIODS = (30, 90, 365)
USUAL, ALWAYS = "90", "all"
NAMES = ("days", "since", "until", "by")


class SourceFilters(forms.Form):
    """The filters of an address. What makes no sense is told beside its field and narrows nothing."""

    days = forms.ChoiceField(label=_("Period"), widget=QuickSelect)
    since = forms.DateField(label=_("Or from"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Until"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    by = forms.ChoiceField(
        label=_("One line for each"),
        choices=[("", _("Source")), ("campaign", _("Campaign"))],
        widget=QuickSelect,
    )

    use_required_attribute = False

    def __init__(self, query: QueryDict) -> None:
        data = query.copy()
        data.setdefault("days", USUAL)
        super().__init__(data)
        self.fields["days"].choices = _periods()  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.required = False
        self.full_clean()

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and first > last:
            self.add_error("until", _("This is before the first day."))

    @property
    def line_of(self) -> By:
        """What there is a line for."""
        return "campaign" if self.cleaned_data.get("by") == "campaign" else "source"

    @property
    def query(self) -> str:
        """The one spelling of these filters as an address query; "" where nothing is chosen."""
        asked = {name: self.cleaned_data.get(name) for name in NAMES}
        if self.cleaned_data.get("since") or self.cleaned_data.get("until"):
            asked["days"] = None
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in asked.items() if value and (name, value) != ("days", USUAL)})
        return query.urlencode()

    def period(self, now: datetime, policy: Policy) -> Period:
        """The days asked for: between two dates, else the last so many, today included."""
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if not first and not last:
            first = self._first_of_the_last(now.astimezone(policy.zone).date())
        after = last + timedelta(days=1) if last else None
        return Period(now, policy.zone, _midnight(first, policy), _midnight(after, policy))

    def _first_of_the_last(self, today: date) -> date | None:
        days = self.cleaned_data.get("days") or USUAL
        return None if days == ALWAYS else today - timedelta(days=int(days) - 1)


def captured(period: Period) -> str:
    """The address query of the list of leads that were captured in a period."""
    query = QueryDict(mutable=True)
    if period.start:
        query["since"] = str(period.start.date())
    if period.end:
        query["until"] = str(period.end.date() - timedelta(days=1))
    return query.urlencode()


def _midnight(day: date | None, policy: Policy) -> datetime | None:
    return datetime.combine(day, time.min, policy.zone) if day else None


def _periods() -> Choices:
    last = [(str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in PERIODS]
    return [*last, (ALWAYS, _("Always"))]
