"""Which time and which leads a reader looks at, and whether by source or campaign: all of it stands in the address."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assay.desk.leads.choices import Choices
from assay.desk.leads.filters import DAYS
from assay.desk.picking import Picking
from assay.desk.segments import NAMES
from assay.desk.select import QuickSelect
from assay.domain.policy import Policy
from assay.records.funnel import Period
from assay.records.quality import By
from assay.records.slices import Slice

PERIODS = (30, 90, 365)
USUAL, ALWAYS = "90", "all"
WHEN = ("days", "since", "until", "by")


class SourceFilters(Picking):
    """The filters of an address. What makes no sense is told beside its field and narrows nothing."""

    days = forms.ChoiceField(label=_("Period"), widget=QuickSelect)
    since = forms.DateField(label=_("First day"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Last day"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    by = forms.ChoiceField(
        label=_("One line for each"),
        choices=[("", _("Source")), ("campaign", _("Campaign"))],
        widget=QuickSelect,
    )

    field_order = (*WHEN, *NAMES)
    usual: ClassVar = {"days": USUAL}

    def __init__(self, query: QueryDict) -> None:
        data = query.copy()
        data.setdefault("days", USUAL)
        super().__init__(data)
        self.fields["days"].choices = _periods()  # type: ignore[attr-defined]
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
    def when(self) -> list[forms.BoundField]:
        """The fields that say which time, and what there is a line for."""
        return [self[name] for name in WHEN]

    def query_with(self, **instead: object) -> str:
        """The address query with other values for some choices; days of one's own come before a usual period."""
        own = self.cleaned_data.get("since") or self.cleaned_data.get("until")
        return super().query_with(**({"days": None} if own else {}) | instead)

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


def captured(period: Period, among: Slice) -> str:
    """The address query of the list of leads that were captured in a period, and came by the campaign picked."""
    query = QueryDict(mutable=True)
    if among.campaign:
        query["campaign"] = str(among.campaign)
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
