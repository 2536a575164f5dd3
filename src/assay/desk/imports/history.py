"""What was brought in before: its counts, the rows that were refused, and taking it all back."""

import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assay.actions.undo import undo_import
from assay.actions.uploads import SILENT
from assay.desk.access import Right, acting, needs
from assay.desk.imports.preview import FIELDS
from assay.desk.notices import refused
from assay.desk.paging import page
from assay.domain.errors import AssayError
from assay.intake.exports import write_csv
from assay.records.imports import ImportKind, UploadState
from assay.records.models import Import, Quarantine, Upload

COUNTS: dict[str, str | Promise] = {
    "rows": gettext_lazy("rows"),
    "new": gettext_lazy("new"),
    "known": gettext_lazy("known already"),
    "filled": gettext_lazy("of these with blanks filled"),
    "changed": gettext_lazy("corrected"),
    "waiting": gettext_lazy("waiting for somebody who is no lead yet"),
    "promoted": gettext_lazy("sent to the gate"),
    "quarantined": gettext_lazy("refused"),
}


class Entry(NamedTuple):
    """An import and how it stands: running, done, cut_off or undone."""

    row: Import
    state: str


def listed(request: HttpRequest) -> dict[str, object]:
    """One page of the history, newest first."""
    shown = page(request, Import.objects.select_related("by", "undone_by"), ("-pk",), size=20)
    running = _running()
    return {"page": shown, "entries": [Entry(row, _state(row, running)) for row in shown.rows]}


@needs(Right.MARKET)
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One import."""
    row = get_object_or_404(Import.objects.select_related("by", "undone_by"), pk=number)
    refusals = page(request, Quarantine.objects.filter(imported_by=row), ("line", "pk"))
    counts = [(text, row.counts[name]) for name, text in COUNTS.items() if row.counts.get(name)]
    mapping = [(field, row.mapping[field]) for field in FIELDS[ImportKind(row.kind)] if field in row.mapping]
    context = {"row": row, "page": refusals, "counts": counts, "mapping": mapping, "state": _state(row, _running())}
    return render(request, "imports/import.html", context)


@needs(Right.MARKET)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take back all that an import did."""
    row = get_object_or_404(Import, pk=number)
    if _state(row, _running()) == "running":
        messages.warning(request, _("This import is still running: undo it once it is done."))
        return redirect("import", number)
    try:
        done = undo_import(number, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
        return redirect("import", number)
    said = _("Undone: %(leads)d leads and %(signals)d signals are gone, %(emptied)d blanks emptied again.") % done
    if row.kind == ImportKind.COSTS:
        said = _("Undone: %(costs)d costs are gone, %(put_back)d say again what they said before.") % done
    if done["kept"]:
        said += " " + _("%(kept)d leads stayed, because people have worked on them.") % done
    messages.success(request, said)
    return redirect("import", number)


@needs(Right.MARKET)
def refused_rows(request: HttpRequest, number: int) -> HttpResponseBase:
    """The refused rows as CSV: line, reason, and the row as it came."""
    row = get_object_or_404(Import, pk=number)
    name = f"refused-{row.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_csv(row), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(row: Import) -> Iterator[str]:
    """The file, row by row. The columns stand by name: not every database keeps the order of a row's cells."""
    columns: set[str] = set()
    for raw in Quarantine.objects.filter(imported_by=row).values_list("raw", flat=True).iterator():
        columns.update(raw)
    names = sorted(columns)
    yield "\ufeff" + _line(["line", "reason", *names])
    for refusal in Quarantine.objects.filter(imported_by=row).order_by("line", "pk").iterator():
        yield _line([refusal.line, refusal.sentence, *(refusal.raw.get(name, "") for name in names)])


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO(newline="")
    write_csv(text, [str(cell) for cell in cells], ())
    return text.getvalue()


def _running() -> set[object]:
    """When the imports began that are still at it."""
    alive = Upload.objects.filter(state=UploadState.RUNNING, alive_at__gte=timezone.now() - SILENT)
    return set(alive.values_list("started_at", flat=True))


def _state(row: Import, running: set[object]) -> str:
    if row.undone_at:
        return "undone"
    if row.finished_at:
        return "done"
    return "running" if row.started_at in running else "cut_off"
