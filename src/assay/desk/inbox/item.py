"""A lead in the list of the inbox. Put together here and not in a template: dozens a page have to be quick."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assay.desk.addresses import address
from assay.desk.templatetags.desk import ago, bar, labels
from assay.desk.templatetags.words import clock
from assay.domain.clock import ClockReading
from assay.records.models import Decision, Lead, Offer

SOURCE, NAME = 16, 10
"""Characters of a source's name, and of a colleague's."""

TICKABLE, CURRENT = SafeString(' class="tickable"'), SafeString(' aria-current="true"')

ITEM = """<li{tickable}>{tick}<a class="item" href="{here}" hx-get="{here}"{current}>
  <span class="cut"><b class="who">{who}</b></span>
  <span class="right">{labels}</span>
  <span class="small soft cut">{about}</span>
  <span class="right">{clock}</span>
  <span class="item-foot small">
    <span class="meters"><span class="faint">{fit_name}</span>{fit_bar}<b>{fit}</b>
      <span class="faint">{intent_name}</span>{intent_bar}<b>{intent}</b></span>
    <span class="row row-tight faint">{standing}<span class="cut">{source}</span>
      <span class="nowrap" title="{waits}">{since}</span></span>
  </span>
</a></li>
"""
TICK = (
    '<label class="tick-box"><input class="ticking" type="checkbox" name="lead" value="{}">'
    '<span class="visually-hidden">{}</span></label>'
)


class Row(NamedTuple):
    """One lead of the list, the decision that brought it to the gate, its clock, and its offer if one stands."""

    lead: Lead
    promoted: Decision | None
    clock: ClockReading | None
    offer: Offer | None = None


def items(
    rows: Sequence[Row], current: int | None, state: str, *, decides: bool, reader: int | None = None
) -> list[SafeString]:
    """The list, as ``reader`` sees it. ``current`` is the lead beside it; ``state`` goes along in the addresses."""
    query = f"?{state}" if state else ""
    same = {
        "tickable": TICKABLE if decides else "",
        "fit_name": _("Fit"),
        "intent_name": _("Intent"),
        "waits": _("Waits for a decision"),
    }
    tick = _("Tick %(who)s")
    return [
        format_html(
            ITEM,
            **same,
            tick=format_html(TICK, row.lead.pk, tick % {"who": row.lead.person}) if decides else "",
            here=address("inbox-lead", row.lead.pk) + query,
            current=CURRENT if row.lead.pk == current else "",
            standing=_standing(row, reader),
            clock=clock(row.clock),
            since=ago(row.promoted.at) if row.promoted else "",
            **_of(row),
        )
        for row in rows
    ]


def _standing(row: Row, reader: int | None) -> SafeString | str:
    """For whom it is, or what is unusual about its being there."""
    said = _("cooling") if row.lead.cooling else _("exploration") if row.lead.explored else ""
    if row.offer is not None:
        to = row.offer.to
        said = _("for %(who)s") % {"who": Truncator(to.first_name or to.name).chars(NAME)} if to else _("nobody free")
        said = _("for you") if row.offer.to_id == reader else said
    return format_html('<b class="nowrap">{}</b>', said) if said else ""


def _of(row: Row) -> dict[str, object]:
    """What an item says of its lead."""
    lead = row.lead
    return {
        "who": lead.person,
        "labels": labels(lead),
        "about": " · ".join(filter(None, (lead.person.title, str(lead.company or "")))),
        "fit_bar": bar(lead.fit, "fit"),
        "fit": _whole(lead.fit),
        "intent_bar": bar(lead.intent, "intent"),
        "intent": _whole(lead.intent),
        # There is no room for both, and why it is here says more.
        "source": "" if lead.explored or row.offer else Truncator(lead.source.name).chars(SOURCE),
    }


def _whole(score: float) -> str:
    return str(int(score + 0.5))
