"""Of which time the audit is, and which leads of a finding are shown: all of it stands in the address."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assay.desk.leads.choices import Choices, owners, sources
from assay.desk.select import QuickSelect
from assay.desk.telling import told
from assay.domain.audit import PROBLEMS, SAID, Mistake
from assay.records.funnel import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SPANS = (7, 30, 90, 365)
USUAL, ALL = "90", "all"
NARROW = ("problem", "source", "owner")
DAY = timedelta(days=1)


FIRST, LAST = date(1970, 1, 1), date(2100, 1, 1)
"""No clock is counted outside these days, and beyond others calendars overflow."""


def _day(label: "StrPromise") -> forms.DateField:
    limits = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}), validators=limits)


class PeriodForm(forms.Form):
    """So many days until now, everything, or from one day to another. What makes no sense is told beside its field."""

    days = forms.ChoiceField(label=gettext_lazy("Period"), widget=QuickSelect)
    since = _day(gettext_lazy("First day"))
    until = _day(gettext_lazy("Last day"))

    use_required_attribute = False

    def __init__(self, query: QueryDict) -> None:
        data = query.copy()
        data.setdefault("days", USUAL)
        super().__init__(data)
        for field in self.fields.values():
            field.required = False
        for name, choices in self.offered().items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.full_clean()

    def offered(self) -> dict[str, Choices]:
        """What there is to choose from."""
        return {"days": _spans()}

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", ValidationError(_("This day is before the first one.")))
            del self.cleaned_data["since"]

    @property
    def dated(self) -> bool:
        """Whether the period is given by its days."""
        return any(self.cleaned_data.get(name) for name in ("since", "until"))

    @property
    def query(self) -> str:
        """The one spelling of this period as an address query; "" for the usual one."""
        return self.query_with()

    def period(self, now: datetime, zone: ZoneInfo) -> Period:
        """The period in the policy's time zone, both days included."""
        asked = self.cleaned_data
        if self.dated:
            after = asked["until"] + DAY if asked.get("until") else None
            return Period(now, zone, _midnight(asked.get("since"), zone), _midnight(after, zone))
        days = asked.get("days") or USUAL
        return Period(now, zone, None if days == ALL else now - timedelta(days=int(days)))

    def query_with(self, **instead: object) -> str:
        """The address query with other values for some filters; "" and None leave one out."""
        asked = {name: self.cleaned_data.get(name) for name in self.fields} | instead
        if asked.get("days") == USUAL or self.dated:
            asked["days"] = None
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in asked.items() if value})
        return query.urlencode()


class LeadsForm(PeriodForm):
    """The period, and of a finding's leads those of one problem, source or owner."""

    problem = forms.ChoiceField(label=gettext_lazy("Problem"), widget=QuickSelect)
    source = forms.TypedChoiceField(label=gettext_lazy("Source"), coerce=int, empty_value=None, widget=QuickSelect)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), widget=QuickSelect)

    def __init__(self, query: QueryDict, mistake: Mistake) -> None:
        self._mistake = mistake
        super().__init__(query)

    def offered(self) -> dict[str, Choices]:
        """The problems of this mistake, and the sources and owners there are."""
        problems = [("", _("Any")), *((str(problem), told(SAID[problem])) for problem in PROBLEMS[self._mistake])]
        return {**super().offered(), "problem": problems, "source": sources(), "owner": owners()}

    @property
    def narrowed(self) -> bool:
        """Whether any filter beside the period is set, or was meant to be."""
        return any(self.cleaned_data.get(name) for name in NARROW) or bool(self.errors)

    @property
    def period_query(self) -> str:
        """The period alone."""
        return self.query_with(**dict.fromkeys(NARROW))


def _spans() -> Choices:
    days = [(str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in SPANS]
    return [*days, (ALL, _("Everything so far"))]


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time.min, zone) if day else None
