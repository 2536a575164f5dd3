"""Imports: hand in a file, look at how it was understood, bring it in, see how far it is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import uploads
from assay.desk.access import Right, acting, needs
from assay.desk.imports import process
from assay.desk.imports.forms import UploadForm, shown_name, suffix
from assay.desk.imports.history import listed
from assay.desk.imports.limit import was_too_big
from assay.desk.imports.preview import Preview, fingerprint, preview, told
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.intake.tables import read_table
from assay.records.imports import UploadState
from assay.records.models import Upload


@needs(Right.MARKET)
def imports(request: HttpRequest) -> HttpResponse:
    """The form to hand a file in, files that wait to be looked at, and what was brought in before."""
    now = timezone.now()
    uploads.drop_old(now)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if was_too_big(request):
            form = UploadForm(initial={"kind": request.POST.get("kind")})
            error = _("The file is larger than 200 MB: bring it in from a shell, with “assay import leads FILE”.")
            return _page(request, form, error, 413)
        if form.is_valid():
            return _hand_in(request, form)
    return _page(request, form, "", 422 if form.errors else 200)


def _hand_in(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """Keep the file if it is a table; tell what is wrong with it if not."""
    file, name = form.cleaned_data["file"], shown_name(form.cleaned_data["file"])
    kept = uploads.keep_upload(
        file.chunks(),
        name,
        suffix(name),
        form.cleaned_data["kind"],
        acting(request),
        timezone.now(),
    )
    try:
        read_table(uploads.path_of(kept))
    except AssayError as error:
        sentence = told(error, kept)
        uploads.discard(kept)
        return _page(request, form, sentence, 422)
    return redirect("upload", kept.pk)


def _page(request: HttpRequest, form: UploadForm, error: str, status: int) -> HttpResponse:
    waiting = Upload.objects.exclude(state=UploadState.DONE).exclude(stored="").select_related("by").order_by("-at")
    context = {"form": form, "error": error, "waiting": waiting[:20], **listed(request)}
    return render(request, "imports/imports.html", context, status=status)


@needs(Right.MARKET)
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """A file that was handed in: the preview, or how far it is. What is posted says how to look at it again."""
    kept, now = _upload(upload_id), timezone.now()
    if request.method == "POST":
        asked = request.POST.copy()
        asked.pop("csrfmiddlewaretoken", None)
        return redirect(f"{reverse('upload', args=[kept.pk])}?{asked.urlencode()}")
    if kept.state == UploadState.DONE:
        address = reverse("import", args=[kept.result_id]) if kept.result_id else reverse("imports")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
    if kept.state == UploadState.RUNNING:
        silent = kept.alive_at is None or kept.alive_at < now - uploads.SILENT
        part = "imports/progress.html" if request.headers.get("HX-Target") == "progress" else "imports/running.html"
        return render(request, part, {"upload": kept, "silent": silent})
    if request.headers.get("HX-Target") == "progress":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("upload", args=[kept.pk])})
    try:
        shown = preview(kept, request.GET, acting(request), now)
    except AssayError as error:
        refused(request, error)
        return redirect("imports")
    return _preview(request, kept, shown, 200)


def _preview(request: HttpRequest, kept: Upload, shown: Preview, status: int) -> HttpResponse:
    part = "imports/look.html" if request.headers.get("HX-Target") == "look" else "imports/preview.html"
    context = {"preview": shown, "upload": kept, "fingerprint": fingerprint(shown)}
    return render(request, part, context, status=status)


@needs(Right.MARKET)
@require_POST
def start(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Bring the file in as the form says; one that was cut off goes on as it was."""
    kept, by, now = _upload(upload_id), acting(request), timezone.now()
    try:
        reading = kept.reading
        if kept.state != UploadState.RUNNING:
            shown = preview(kept, request.POST, by, now)
            if not shown.usable:
                return _preview(request, kept, shown, 422)
            reading = shown.options.as_json()
        process.start(uploads.claim(kept.pk, by, now, reading))
    except AssayError as error:
        refused(request, error)
        return redirect("imports")
    return redirect("upload", kept.pk)


@needs(Right.MARKET)
@require_POST
def discard(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Do not bring the file in after all."""
    kept = _upload(upload_id)
    uploads.discard(kept)
    messages.success(request, _("%(name)s was put away; nothing was changed.") % {"name": kept.file_name})
    return redirect("imports")


def _upload(upload_id: int) -> Upload:
    return get_object_or_404(Upload.objects.select_related("by"), pk=upload_id)
