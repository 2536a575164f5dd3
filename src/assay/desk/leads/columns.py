"""The columns of the lead list: what each is called, how it is sorted, and how a lead looks in it.

Cells are put together here and not in a template: several hundred a page have to be quick.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assay.desk.addresses import address
from assay.desk.templatetags.desk import labels, points
from assay.desk.words import Text
from assay.records.models import Lead

NOTHING = SafeString("")

USER_NAME = ("first_name", "last_name", "email")
WHO = ("person__name", "person__email", "person__phone", "person__title")
"""What a name is made of, of somebody of ours and of a lead."""


class Column(NamedTuple):
    """A column: its name in the address, heading and cells, the fields of a lead that they read, its order if any."""

    key: str
    heading: Text
    cell: Callable[[Lead], SafeString]
    reads: tuple[str, ...]
    sort: str = ""
    number: bool = False

    @property
    def attributes(self) -> SafeString:
        """Of each of its cells; on a phone, where there are no headings, a cell says what it is."""
        return format_html('{} data-label="{}"', SafeString(' class="number"') if self.number else "", self.heading)


def who(lead: Lead) -> SafeString:
    """Name and title, leading to the lead's page."""
    name = format_html('<a class="who clamp" href="{}">{}</a>', address("lead", lead.pk), lead.person)
    return name + format_html('<span class="small soft clamp">{}</span>', lead.person.title)


def _company(lead: Lead) -> SafeString:
    if lead.company is None:
        return NOTHING
    return format_html('<a class="quiet clamp" href="{}">{}</a>', address("company", lead.company.pk), lead.company)


def _labels(lead: Lead) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', labels(lead))


def _total(lead: Lead) -> SafeString:
    return format_html("<b>{}</b>", points(lead.total))


def _fit(lead: Lead) -> SafeString:
    if not lead.insufficient_data:
        return format_html("{}", points(lead.fit))
    why = _("Too little is known to judge the fit")
    return format_html('<span class="label" title="{}">{}</span> {}', why, _("data?"), points(lead.fit))


def _intent(lead: Lead) -> SafeString:
    return format_html("{}", points(lead.intent))


def _captured(lead: Lead) -> SafeString:
    at = timezone.localtime(lead.captured_at)
    shown = date_format(at, "SHORT_DATE_FORMAT")
    return format_html('<time class="nowrap" datetime="{}">{}</time>', at.isoformat(timespec="seconds"), shown)


def _text(value: object) -> SafeString:
    return format_html('<span class="clamp">{}</span>', value) if value else NOTHING


COLUMNS = (
    Column("company", _lazy("Company"), _company, ("company__name", "company__domain")),
    Column("labels", _lazy("Labels"), _labels, ("temperature", "rung", "grid")),
    Column("total", _lazy("Total"), _total, ("total",), "total", True),
    Column("fit", _lazy("Fit"), _fit, ("fit", "insufficient_data"), "", True),
    Column("intent", _lazy("Intent"), _intent, ("intent",), "intent", True),
    Column("email", _lazy("Email"), lambda lead: _text(lead.person.email), ("person__email",)),
    Column("phone", _lazy("Phone"), lambda lead: _text(lead.person.phone), ("person__phone",)),
    Column("source", _lazy("Source"), lambda lead: _text(lead.source), ("source__name",)),
    Column("campaign", _lazy("Campaign"), lambda lead: _text(lead.campaign), ("campaign__name",)),
    Column("owner", _lazy("Owner"), lambda lead: _text(lead.owner), tuple(f"owner__{name}" for name in USER_NAME)),
    Column("captured", _lazy("Captured"), _captured, ("captured_at",), "captured"),
)

USUAL = ("company", "labels", "total", "fit", "intent", "source", "captured")


TICK = (
    '<td class="tick-cell"><label><input class="ticking" type="checkbox" name="lead" value="{}">'
    '<span class="visually-hidden">{} {}</span></label></td>'
)


def loaded(keys: Collection[int], columns: Sequence[Column]) -> Mapping[int, Lead]:
    """Leads by number, with what these columns read: all of each would take as long as the rest of the page."""
    reads = [field for column in columns for field in column.reads]
    related = {field.partition("__")[0] for field in (*WHO, *reads) if "__" in field}
    return Lead.objects.select_related(*sorted(related)).only(*WHO, *reads).in_bulk(keys)


def rows(leads: Sequence[Lead], columns: Sequence[Column], *, ticks: bool) -> list[SafeString]:
    """Leads as rows of the table, with a box to tick where something can be done with several."""
    each = [(column.attributes, column.cell) for column in columns]
    tick = _("Tick")
    return [
        format_html(
            '<tr>{}<th scope="row">{}</th>{}</tr>\n',
            format_html(TICK, lead.pk, tick, lead.person) if ticks else "",
            who(lead),
            format_html_join("", "<td{}>{}</td>", ((attributes, cell(lead)) for attributes, cell in each)),
        )
        for lead in leads
    ]
