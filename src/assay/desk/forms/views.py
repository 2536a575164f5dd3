"""Forms: what there is, how it does, and building one."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.form_editing import save_form, switch_form
from assay.actions.mailing import can_mail
from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, acting, needs
from assay.desk.forms.builder import Builder
from assay.desk.forms.embedding import embedding
from assay.desk.forms.figures import figures, refusals_of, submissions_of
from assay.desk.notices import refused
from assay.desk.paging import page
from assay.domain.errors import AssayError
from assay.intake.forms.answers import CONSENT, questions
from assay.intake.forms.visits import NOBODY
from assay.records.models import Form, Source

SOURCES_OFFERED = 100


@needs(Right.MARKET)
def forms(request: HttpRequest) -> HttpResponse:
    """Every form with what it brought lately."""
    shown = page(request, Form.objects.select_related("source", "campaign"), ["name", "id"])
    entries = figures(shown.rows, timezone.now())
    return render(request, "forms/list.html", {"page": shown, "entries": entries})


@needs(Right.MARKET)
def show(request: HttpRequest, form_id: int) -> HttpResponse:
    """One form: how it looks, how to put it on a website, what came in and what was not taken."""
    form, now = _form(form_id), timezone.now()
    [entry] = figures([form], now)
    context = {
        "form": form,
        "entry": entry,
        "embedding": embedding(request, form),
        "refusals": refusals_of(form),
        "submissions": submissions_of(form),
        "kind": words.signal(rule(now).policy, form.kind),
        "mail_missing": form.double_opt_in and not can_mail(),
        **_look(form),
    }
    return render(request, "forms/form.html", context)


@needs(Right.MARKET)
def new(request: HttpRequest) -> HttpResponse:
    """Build a form."""
    return _build(request, None, timezone.now())


@needs(Right.MARKET)
def edit(request: HttpRequest, form_id: int) -> HttpResponse:
    """Change a form."""
    return _build(request, _form(form_id), timezone.now())


def _build(request: HttpRequest, form: Form | None, now: datetime) -> HttpResponse:
    """The builder: each of its buttons sends all of it, and only one of them saves."""
    policy, asked = rule(now).policy, request.POST.get("do", "")
    if request.method != "POST":
        return _builder(request, Builder.of(form, policy), form)
    builder = Builder.posted(request.POST, policy)
    if asked != "save":
        builder.change(asked)
        return _builder(request, builder, form)
    if builder.settings.is_valid():
        try:
            saved = save_form(builder.draft(), acting(request), now, form.pk if form else None)
        except AssayError as error:
            refused(request, error)
        else:
            messages.success(request, _("%(form)s is kept.") % {"form": saved})
            return redirect("form", saved.pk)
    return _builder(request, builder, form, 422)


def _builder(request: HttpRequest, builder: Builder, form: Form | None, status: int = 200) -> HttpResponse:
    part = "forms/builder.html" if request.headers.get("HX-Target") == "builder" else "forms/build.html"
    sources = Source.objects.order_by("name").values_list("name", flat=True)[:SOURCES_OFFERED]
    context = {"builder": builder, "form": form, "sources": sources, **_look(builder.sketch())}
    return render(request, part, context, status=status)


def _look(form: Form) -> dict[str, object]:
    """What a stranger would see."""
    return {"sketch": form, "sheet": questions(form, NOBODY), "consent": CONSENT}


@needs(Right.MARKET)
@require_POST
def switch(request: HttpRequest, form_id: int) -> HttpResponse:
    """Open a form to everybody, or close it."""
    try:
        form = switch_form(form_id, acting(request), active="active" in request.POST)
    except AssayError as error:
        refused(request, error)
    else:
        told = _("%(form)s is open to everybody.") if form.active else _("%(form)s is closed.")
        messages.success(request, told % {"form": form})
    return redirect("form", form_id)


def _form(form_id: int) -> Form:
    return get_object_or_404(Form.objects.select_related("source", "campaign"), pk=form_id)
