"""A lead in the list of My work. Put together here and not in a template: dozens a page have to be quick."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assay.desk.addresses import address
from assay.desk.templatetags.desk import labels, money
from assay.desk.templatetags.words import clock
from assay.desk.work.queue import Row
from assay.records.models import Deal, Lead

JOB = """<li class="job">
  <div class="job-who"><a class="who" href="{page}">{who}</a> {labels}<p class="small soft">{about}</p>{owner}</div>
  <div class="job-step"><p>{step}</p><p class="small faint">{stage}{deal}</p></div>
  <p class="job-clock">{clock} <span class="small faint">{owed}</span></p>
  <form class="job-log row" method="post" action="{log}" hx-post="{log}"
    hx-target="#work" hx-swap="outerHTML show:none" hx-disabled-elt="find button">{token}
    <label class="visually-hidden" for="kind-{number}">{asks}</label>
    <select class="input input-small" id="kind-{number}" name="kind">{touches}</select>
    <button class="button button-small" name="reached" value="yes">{yes}{whom}</button>
    <button class="button button-small button-quiet" name="reached" value="no">{no}{whom}</button>
  </form>
</li>
"""


def jobs(rows: Sequence[Row], *, state: str, token: SafeString, touches: SafeString, own: bool) -> list[SafeString]:
    """The list. ``state`` goes along in the addresses, ``token`` and ``touches`` into each form.

    Whose lead it is, is said where the list is not one's own.
    """
    query = f"?{state}" if state else ""
    same = {"token": token, "touches": touches, "yes": _("Reached"), "no": _("Not reached")}
    asks = _("What you did with %(who)s")
    return [
        format_html(
            JOB,
            **same,
            **_of(row.lead),
            log=address("work-touch", row.lead.pk) + query,
            asks=asks % {"who": row.lead.person},
            owner="" if own else format_html('<p class="small faint">{}</p>', row.lead.owner),
            step=row.step,
            stage=row.stage,
            deal=_deal(row.deal),
            clock=clock(row.clock),
            owed=row.owed,
        )
        for row in rows
    ]


def _of(lead: Lead) -> dict[str, object]:
    """What a job says of its lead."""
    return {
        "number": lead.pk,
        "page": address("lead", lead.pk),
        "who": lead.person,
        "whom": format_html('<span class="visually-hidden"> {}</span>', lead.person),
        "labels": labels(lead),
        "about": " · ".join(filter(None, (lead.person.title, str(lead.company or "")))),
    }


def _deal(deal: Deal | None) -> SafeString:
    if deal is None:
        return SafeString("")
    closes = date_format(deal.close_date, "SHORT_DATE_FORMAT") if deal.close_date else ""
    worth = money(deal.value, deal.currency)
    return format_html(' · <a href="{}">{}, {}</a>', address("deal", deal.lead_id), worth, closes)
