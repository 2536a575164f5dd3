"""Webhooks: who is told what happens here, what they were told, and a secret that is shown once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.webhooks import add_endpoint, change_endpoint, rotate_secret
from assay.desk.access import Right, acting, needs
from assay.desk.notices import refused
from assay.desk.paging import page
from assay.desk.telling import told_error
from assay.desk.webhooks.forms import EndpointForm, said
from assay.desk.webhooks.log import DEAD, Left, left, left_for, log, written
from assay.domain.errors import AssayError
from assay.records.models import WebhookEndpoint

SHOWN = 15
"""Messages of a page."""


@needs(Right.ADMINISTER)
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every endpoint, and the form that adds another."""
    form = EndpointForm(request.POST if request.method == "POST" else None, initial={"everything": True})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            row, secret = add_endpoint(asked["url"], form.wanted, acting(request), timezone.now(), asked["name"])
        except AssayError as error:
            form.add_error("types" if error.code == "no_types" else "url", told_error(error))
        else:
            return _shown(request, row, secret=secret)
    open_ = left()
    rows = [(row, open_.get(row.pk, Left())) for row in WebhookEndpoint.objects.order_by("name", "pk")]
    return render(request, "webhooks/webhooks.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@needs(Right.ADMINISTER)
def webhook(request: HttpRequest, number: int) -> HttpResponse:
    """One endpoint: where it is, what it wants, what it was told."""
    row = get_object_or_404(WebhookEndpoint, pk=number)
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=said(row))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            change_endpoint(number, acting(request), url=asked["url"], types=form.wanted, name=asked["name"])
        except AssayError as error:
            form.add_error("types" if error.code == "no_types" else "url", told_error(error))
        else:
            messages.success(request, _("Kept. What waits for it goes to this address."))
            return redirect("webhook", number)
    return _shown(request, row, form)


@needs(Right.ADMINISTER)
@require_POST
def rotate(request: HttpRequest, number: int) -> HttpResponse:
    """Give it a new secret, and show that once."""
    try:
        row, secret = rotate_secret(number, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
        return redirect("webhooks")
    return _shown(request, row, secret=secret)


def _shown(  # nosec B107 - no secret is what most pages show
    request: HttpRequest, row: WebhookEndpoint, form: EndpointForm | None = None, secret: str = ""
) -> HttpResponse:
    """The page of an endpoint; with a secret, which no page that is kept or visited again may hold."""
    only = DEAD if request.GET.get("only") == DEAD else ""
    now, entries = timezone.now(), page(request, log(row, only), ["-id"], SHOWN)
    context = {
        "row": row,
        "form": form or EndpointForm(initial=said(row)),
        "secret": secret,
        "both_until": row.previous_until if row.previous_until and now < row.previous_until else None,
        "left": left_for(row),
        "only": only,
        "page": entries,
        "entries": [(message, written(message)) for message in entries.rows],
    }
    status = 422 if form is not None and form.errors else 200
    response = render(request, "webhooks/webhook.html", context, status=status)
    if secret:
        response["Cache-Control"] = "no-store"
    return response
