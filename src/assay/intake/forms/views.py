"""The form as people see it, and what happens when they send it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from assay.actions.forms import count_refusal
from assay.domain.forms import allowed_address
from assay.intake.cells import clean
from assay.intake.forms import proof
from assay.intake.forms.answers import CONSENT, PREFIX, questions
from assay.intake.forms.door import go_on, public, shielded
from assay.intake.forms.refusals import SENTENCES, NotTaken
from assay.intake.forms.taking import TRAP, kept_ticket, take
from assay.intake.forms.tickets import Ticket
from assay.intake.forms.visits import Visit, visit
from assay.records.models import Form, Submission
from assay.requests import tell_refused


@public
def hosted(request: HttpRequest, slug: str) -> HttpResponse:
    """The form on a page of its own."""
    return _serve(request, slug, framed=False)


@public
def framed(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for a frame in another website's page."""
    return _serve(request, slug, framed=True)


def _serve(request: HttpRequest, slug: str, *, framed: bool) -> HttpResponse:
    form = Form.objects.select_related("source", "campaign").filter(slug=clean(slug), active=True).first()
    if form is None:
        return shielded(render(request, "forms/closed.html", {"framed": framed}, status=404), framed=framed)
    with translation.override(form.language):
        here, now = visit(request), timezone.now()
        if request.method != "POST":
            return _page(request, form, here, now, framed=framed)
        try:
            submission = take(request, form, here, now)
        except NotTaken as error:
            tell_refused(error.reason)
            if error.counted:
                count_refusal(form, error.reason, now)
            return _page(request, form, here, now, framed=framed, error=error)
        return _thanks(request, form, here, submission, framed=framed)


def _page(
    request: HttpRequest, form: Form, here: Visit, now: datetime, *, framed: bool, error: NotTaken | None = None
) -> HttpResponse:
    """The questions; after a refusal with all that was typed, and what to do."""
    ticket = (kept_ticket(request, form, now) if error else None) or Ticket.issue(form.pk, form.consent.pk, now)
    context = {
        "form": form,
        "sheet": questions(form, here, request.POST.dict() if error else None),
        "consent": CONSENT,
        "ticket": ticket,
        "challenge": proof.challenge(ticket, now),
        "error": SENTENCES[error.reason] if error else "",
        "trapped": request.POST.get(TRAP, ""),
        "visit": here,
        **_look(here, framed=framed),
    }
    response = render(request, "forms/page.html", context, status=error.status if error else 200)
    return shielded(response, framed=framed, leads_to=_afterwards(form, here))


def _look(here: Visit, *, framed: bool) -> dict[str, object]:
    """Within another website the form is light unless that asks for something else; on its own as the reader likes."""
    theme = here.said.get("theme", "light" if framed else "")
    return {"framed": framed, "theme": theme if theme in ("light", "dark") else ""}


def _afterwards(form: Form, here: Visit) -> str:
    """Where to go on: where the page around the form says, if that is allowed, else where the form says."""
    return allowed_address(here.said.get("thanks", ""), form.hosts) or form.redirect


def _thanks(request: HttpRequest, form: Form, here: Visit, submission: Submission, *, framed: bool) -> HttpResponse:
    """What comes next. A frame cannot leave the page it is in: its script asks that page to go on, or a link does."""
    waits = submission.confirmed_at is None
    address = "" if waits else _afterwards(form, here)
    if address and not framed:
        return go_on(address)
    # Only an address that was typed just now is shown; never one that was known.
    typed = request.POST.get(f"{PREFIX}-person.email", "")
    context = {"form": form, "waits": waits, "address": address, "typed": typed, **_look(here, framed=framed)}
    return shielded(render(request, "forms/thanks.html", context), framed=framed)
