"""Which leads a reader wants to see, in which order and with which columns: all of it stands in the address."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assay.desk.leads import choices
from assay.desk.leads.columns import COLUMNS, USUAL
from assay.desk.select import QuickSelect
from assay.domain.ladder import Rung
from assay.records.models import Lead
from assay.records.words import matching

ORDERS: Mapping[str, tuple[str, str]] = {
    "total": ("-total", "id"),
    "captured": ("-captured_at", "id"),
    "intent": ("-intent", "id"),
    "-total": ("total", "-id"),
    "-captured": ("captured_at", "-id"),
    "-intent": ("intent", "-id"),
}
"""By name; each has its index. The best, the newest and the most interested come first, with "-" they come last."""

DAYS = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class Chip(NamedTuple):
    """A filter that is set: what it says, and the address query without it."""

    text: str
    without: str


class LeadFilters(forms.Form):
    """The filters of an address. What makes no sense is told beside its field and narrows nothing."""

    q = forms.CharField(label=_("Name, company or email"), max_length=200)
    temperature = forms.ChoiceField(label=_("Temperature"), choices=choices.temperatures, widget=QuickSelect)
    rung = forms.ChoiceField(label=_("Rung"), choices=choices.rungs, widget=QuickSelect)
    grid = forms.ChoiceField(label=_("Fit and intent"), choices=choices.grids, widget=QuickSelect)
    coverage = forms.ChoiceField(label=_("Data"), choices=choices.coverages, widget=QuickSelect)
    source = forms.ChoiceField(label=_("Source"), widget=QuickSelect)
    campaign = forms.ChoiceField(label=_("Campaign"), widget=QuickSelect)
    owner = forms.ChoiceField(label=_("Owner"), widget=QuickSelect)
    since = forms.DateField(label=_("Captured from"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Captured until"), validators=DAYS, widget=forms.DateInput({"type": "date"}))
    sort = forms.ChoiceField(label=_("Order"), choices=choices.orders, widget=QuickSelect)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(column.key, column.heading) for column in COLUMNS],
        widget=forms.CheckboxSelectMultiple,
    )

    use_required_attribute = False

    def __init__(self, query: QueryDict) -> None:
        data = query.copy()
        if "columns" not in query:
            data.setlist("columns", USUAL)
        super().__init__(data)
        for field in self.fields.values():
            field.required = False
        for name, offered in (
            ("source", choices.sources()),
            ("campaign", choices.campaigns()),
            ("owner", choices.owners()),
        ):
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def query(self) -> str:
        """The one spelling of these filters as an address query; "" where nothing is chosen."""
        return self._query()

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set, or was meant to be."""
        return any(self.cleaned_data.get(name) for name in NARROW) or bool(self.errors)

    @property
    def order(self) -> tuple[str, str]:
        """The fields the list is sorted by."""
        return ORDERS[self.ordered]

    @property
    def ordered(self) -> str:
        """The name of the order."""
        return self.cleaned_data.get("sort") or "total"

    @property
    def shown(self) -> list[str]:
        """The columns to show."""
        return self.cleaned_data.get("columns") or list(USUAL)

    def leads(self) -> QuerySet[Lead]:
        """The leads that pass every filter."""
        found = Lead.objects.all()
        for name, narrow in NARROW.items():
            if value := self.cleaned_data.get(name):
                found = found.filter(narrow(value))
        return found

    def chips(self) -> list[Chip]:
        """The filters that are set, each with the way to do without it."""
        return [Chip(self._said(name), self._query(**{name: None})) for name in NARROW if self.cleaned_data.get(name)]

    def sorted_by(self, name: str) -> str:
        """The address query for another order; the other way round where it is the present one."""
        return self._query(sort=f"-{name}" if self.ordered == name else name)

    def _query(self, **instead: object) -> str:
        asked = self.cleaned_data | instead
        if asked.get("sort") == "total":
            asked["sort"] = None
        if asked.get("columns") == list(USUAL):
            asked["columns"] = None
        query = QueryDict(mutable=True)
        for name in self.fields:
            value = asked.get(name)
            if value:
                query.setlist(name, value if isinstance(value, list) else [str(value)])
        return query.urlencode()

    def _said(self, name: str) -> str:
        value = self.cleaned_data[name]
        if name == "q":
            return f"“{value}”"
        if isinstance(value, date):
            return f"{self.fields[name].label} {date_format(value, 'SHORT_DATE_FORMAT')}"
        return str(_texts(self.fields[name].choices)[value])  # type: ignore[attr-defined]


def _texts(offered: choices.Choices) -> dict[str, object]:
    flat: dict[str, object] = {}
    for value, text in offered:
        flat |= dict(text) if isinstance(text, list) else {value: text}
    return flat


def _rungs(name: str) -> Q:
    return Q(rung__in=sorted(choices.RUNG_GROUPS[name])) if name in choices.RUNG_GROUPS else Q(rung=Rung(name))


def _grid(cell: str) -> Q:
    return Q(grid=cell) if len(cell) > 1 else Q(grid__in=[f"{cell}{number}" for number in "1234"])


def _midnight(day: date) -> datetime:
    """When a day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)


NARROW: Mapping[str, Callable[[Any], Q]] = {
    "q": matching,
    "temperature": lambda name: Q(temperature=name),
    "rung": _rungs,
    "grid": _grid,
    "coverage": lambda how: Q(insufficient_data=how == "missing"),
    "source": lambda pk: Q(source=pk),
    "campaign": lambda pk: Q(campaign=pk),
    "owner": lambda pk: Q(owner=None) if pk == "none" else Q(owner=pk),
    "since": lambda day: Q(captured_at__gte=_midnight(day)),
    "until": lambda day: Q(captured_at__lt=_midnight(day + timedelta(days=1))),
}
"""What each filter asks of a lead."""
