"""What a reader wants the funnel to be of, and beside what: all of it stands in the address."""

from datetime import date, datetime
from typing import ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assay.desk.funnel import periods
from assay.desk.leads.choices import Choices
from assay.desk.picking import Picking
from assay.desk.segments import NAMES, SEGMENTS, flat, slice_of
from assay.desk.select import QuickSelect
from assay.domain.policy import Policy
from assay.records.funnel import Period
from assay.records.slices import Slice

DAYS = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
BEFORE, ALL, FLOW = "before", "all", "flow"
WHEN = ("period", "since", "until", "way")


class FunnelFilters(Picking):
    """The choices of an address. What makes no sense is told beside its field and changes nothing."""

    period = forms.ChoiceField(label=_lazy("Period"), choices=periods.choices, widget=QuickSelect)
    since = forms.DateField(label=_lazy("First day"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_lazy("Last day"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    way = forms.ChoiceField(
        label=_lazy("Count"),
        choices=[("", _lazy("Leads captured")), (FLOW, _lazy("Moves made"))],
        widget=QuickSelect,
    )
    compare = forms.ChoiceField(label=_lazy("Compare with"), widget=QuickSelect)

    field_order = (*WHEN, *NAMES, "compare")
    usual: ClassVar = {"period": periods.OWN}

    def __init__(self, query: QueryDict, policy: Policy, now: datetime) -> None:
        super().__init__(query)
        self._policy, self.now = policy, now
        self.fields["compare"].choices = self._others()  # type: ignore[attr-defined]
        self.full_clean()
        if self.cleaned_data.get("since") or self.cleaned_data.get("until"):
            self.data["period"], self.cleaned_data["period"] = periods.OWN, ""  # type: ignore[index]

    def clean(self) -> dict[str, object]:
        first, last = self.days
        if first and last and first > last:
            self.add_error("until", _("This day is before the first one."))
        if self.cleaned_data.get("compare") == BEFORE and periods.before(first, last) is None:
            self.add_error("compare", _("Choose a period with a first and a last day: what is before it otherwise?"))
        return self.cleaned_data

    @property
    def when(self) -> list[forms.BoundField]:
        """The fields that say which time."""
        return [self[name] for name in WHEN]

    @property
    def of_whom(self) -> list[forms.BoundField]:
        """The fields that say which part of all leads, and beside what."""
        return [*super().of_whom, self["compare"]]

    @property
    def flow(self) -> bool:
        """Whether moves of the period count, whenever their leads were captured."""
        return self.cleaned_data.get("way") == FLOW

    @property
    def days(self) -> periods.Days:
        """First and last day; days of one's own come before a usual period."""
        own = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return own if any(own) else periods.days(self.cleaned_data.get("period") or "", self._today)

    @property
    def time(self) -> Period:
        """The period to look at."""
        return periods.period(*self.days, self._policy, self.now)

    @property
    def time_before(self) -> Period | None:
        """The one before it, as long; None where there is none."""
        days = periods.before(*self.days)
        return periods.period(*days, self._policy, self.now) if days else None

    @property
    def other(self) -> tuple[Period, Slice, str] | None:
        """What to compare with: which time, which part of all leads, and what that is called."""
        asked = self.cleaned_data.get("compare")
        if not asked:
            return None
        if asked == BEFORE:
            time = self.time_before
            return (time, self.among, _("the period before")) if time else None
        if asked == ALL:
            return self.time, Slice(), _("all leads")
        name, _sep, value = asked.partition("-")
        chosen = {other: self.cleaned_data.get(other) for other in NAMES} | {name: value}
        return self.time, slice_of(chosen), self.text_of(name, value)

    @property
    def narrowed(self) -> bool:
        """Whether anything is chosen that leaves leads out, or was meant to be."""
        return any(self.cleaned_data.get(name) for name in (*NAMES, "period", "since", "until")) or bool(self.errors)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The choices as names and values, for another form of the page to send along."""
        return [(name, str(value)) for name, value in QueryDict(self.query).items()]

    def spoken(self) -> str:
        """Which days, in words."""
        return periods.spoken(*self.days)

    def against(self, usual: str) -> tuple[periods.Days, periods.Days]:
        """The days to compare and those before; of a usual period where the chosen one has nothing before it."""
        days = self.days if all(self.days) else periods.days(usual, self._today)
        return days, periods.before(*days) or days

    @property
    def _today(self) -> date:
        return self.now.astimezone(self._policy.zone).date()

    def _others(self) -> Choices:
        """Nothing, the period before, all leads, and every segment there is to choose."""
        groups = [
            (str(SEGMENTS[name].label), [(f"{name}-{value}", text) for value, text in flat(offered).items()])
            for name, offered in self.offered.items()
        ]
        return [
            ("", _("Nothing")),
            (BEFORE, _("The period before")),
            (ALL, _("All leads of the period")),
            *(group for group in groups if group[1]),
        ]
