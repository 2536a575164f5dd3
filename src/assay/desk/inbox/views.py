"""The inbox: every lead that waits for a decision, best first, and beside it why the chosen one is there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from assay.actions.policies import rule
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.inbox import queue
from assay.desk.inbox.item import items
from assay.desk.inbox.panel import deciders, load, panel
from assay.desk.paging import page
from assay.desk.reasons import ReasonForm
from assay.desk.words import reasons
from assay.records.gate import come_since, gone_since, last_decision
from assay.records.offers import held_for, offers_of
from assay.records.waiting import INBOX_ORDER

LONGEST_NUMBER = 19
"""Digits: a longer one is no number of an entry."""


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


@needs(Right.SEE)
def inbox(request: Request, lead_id: int | None = None) -> HttpResponse:
    """The list with one lead beside it: the one named, else the best. htmx asks for either alone."""
    now, filters = timezone.now(), queue.Filters.asked(request.GET)
    policy = rule(now).policy
    only_panel = request.htmx.target == "panel" and not request.htmx.history_restore_request
    context: dict[str, object] = {"state": request.GET.urlencode(), "filters": filters}
    chosen, rows, decides = lead_id, [], Right.SELL in rights_of(request)
    if not only_panel:
        shown = page(request, filters.leads(), INBOX_ORDER, queue.SIZE)
        chosen = lead_id or (shown.rows[0].pk if shown.rows else None)
        rows = queue.rows(shown.rows, policy, now)
        context |= {
            "page": shown,
            "rows": rows,
            "items": items(rows, chosen, request.GET.urlencode(), decides=decides, reader=request.user.pk),
            "count": queue.count(filters.leads(), shown),
            "temperatures": queue.temperatures(request.GET, filters),
            "sources": queue.sources(request.GET, filters),
            "seen": last_decision(),
        }
    lead = load(chosen) if chosen else None
    if lead_id and lead is None:
        raise Http404
    row = next((row for row in rows if row.lead.pk == chosen), None)
    offer = row.offer if row else offers_of([chosen], now).get(chosen) if chosen else None
    context |= {
        "rule": policy,
        "chosen": lead_id is not None,
        "panel": panel(lead, policy, now, row.promoted if row else None) if lead else None,
        "decides": decides,
        "offer": offer,
        "held": lead is not None and held_for(lead, offer, acting(request), policy),
        "deciders": [] if decides else deciders(),
        "form": ReasonForm(reasons(policy, "reject")),
    }
    return _answer(request, context)


@needs(Right.SEE)
def newer(request: HttpRequest) -> HttpResponse:
    """Whether leads came to the gate since the page was made, or were decided elsewhere, by colleagues or programs.

    The page asks, and says so without moving its list.
    """
    seen, *shown = (_number(request.GET.get(name, "")) for name in ("seen", "shown", "gone"))
    counts = [come_since(seen, queue.MOST), gone_since(seen, queue.MOST)]
    if counts == shown:
        return HttpResponse(status=204)
    return render(request, "inbox/newer.html", {"seen": seen, "newer": counts[0], "gone": counts[1]})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


def _answer(request: Request, context: dict[str, object]) -> HttpResponse:
    """The whole page, or the part of it that htmx puts in the place of its target."""
    parts = {"panel": "inbox/panel.html", "inbox": "inbox/both.html"}
    part = parts.get(request.htmx.target or "") if not request.htmx.history_restore_request else None
    response = render(request, part or "inbox/inbox.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return push_url(response, request.get_full_path()) if part else response
