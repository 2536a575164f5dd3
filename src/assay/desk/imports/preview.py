"""A file before it is brought in: how it was understood, what its first rows would do, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assay.actions.actors import Actor
from assay.actions.policies import rule
from assay.actions.uploads import path_of
from assay.desk import telling
from assay.desk.imports.forms import ReadingForm
from assay.domain.errors import AssayError, BadInput
from assay.intake.cells import text_of
from assay.intake.columns import COST_FIELDS, LEAD_FIELDS, SIGNAL_FIELDS, found_by_name
from assay.intake.rows import RawRow, Table
from assay.intake.uploaded import Options, Trial, attempt
from assay.records.imports import ImportKind
from assay.records.models import Import, Upload

SAMPLES = 3
Chosen = Sequence[tuple[str, str]]
"""A field and the column taken for it, in the order of the file."""
FIELDS = {ImportKind.LEADS: LEAD_FIELDS, ImportKind.SIGNALS: SIGNAL_FIELDS, ImportKind.COSTS: COST_FIELDS}
HINTS: Mapping[str, str | Promise] = {
    "wrong_columns": gettext_lazy("Choose below which column it is."),
    "ambiguous_dates": gettext_lazy("Choose below which comes first."),
    "bad_encoding": gettext_lazy("Choose another encoding below."),
}
"""What to do about a mistake here, where the sentence of the shell names an option."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: the field it is taken for ("" is kept as it is) and what stands in its first rows."""

    number: int
    name: str
    field: str
    samples: Sequence[str]


@dataclass(slots=True)
class Preview:
    """What the page shows. Without a trial there is an ``error`` that says what to do."""

    upload: Upload
    form: ReadingForm
    fields: Sequence[str]
    options: Options
    columns: list[Column] = field(default_factory=list)
    table: Table | None = None
    trial: Trial | None = None
    error: str = ""
    earlier: Import | None = None

    @property
    def usable(self) -> bool:
        """Whether there is anything to bring in."""
        return self.trial is not None and self.trial.counts["rows"] > self.trial.counts.get("quarantined", 0)


def preview(upload: Upload, asked: QueryDict, by: Actor, now: datetime) -> Preview:
    """Read a file as somebody asks for it, and try its first rows. Raises NotFound where it is gone."""
    path, policy = path_of(upload), rule(now).policy
    fields = FIELDS[ImportKind(upload.kind)]
    shown = Preview(upload, ReadingForm(asked or None, ()), fields, Options(), earlier=_earlier(upload))
    try:
        shown.table = table = ReadingForm(asked, asked.getlist("sheet")).options(None).reading.table(path)
        shown.form = ReadingForm(asked or None, table.format.sheets)
        chosen = _chosen(table, asked, fields)
        shown.columns = _columns(table, _by_name(table, fields) if chosen is None else chosen)
        shown.options = ReadingForm(asked, table.format.sheets).options(_mapping(chosen))
        opened = shown.options.open(upload, path, policy)
        shown.trial = attempt(upload, opened, by, now)
    except AssayError as error:
        shown.error = told(error, upload)
    return shown


def told(error: AssayError, upload: Upload) -> str:
    """An error as one sentence for this page: the file by the name people know, the hint for what stands here."""
    hint = HINTS.get(error.code) or telling.told(error.hint)
    sentence = f"{telling.told(error.sentence)} {hint}".strip()
    return sentence.replace(str(path_of(upload)), upload.file_name)


def _chosen(table: Table, asked: QueryDict, fields: Sequence[str]) -> Chosen | None:
    """Fields and columns as somebody chose it; None where nobody has yet, so that columns are found by name."""
    if "mapped" not in asked or asked["mapped"] != _fingerprint(table):
        return None
    said = {name: asked.get(f"column-{number}", "") for number, name in enumerate(table.columns)}
    return [(field, name) for name, field in said.items() if field in fields]


def _by_name(table: Table, fields: Sequence[str]) -> Chosen:
    return list(found_by_name(table.columns, fields).items())


def _mapping(chosen: Chosen | None) -> Mapping[str, str] | None:
    """The choices as a mapping. Raises BadInput where two columns are taken for one field."""
    mapping: dict[str, str] = {}
    for said, name in chosen or ():
        if said in mapping:
            twice = {"one": mapping[said], "two": name, "field": said}
            sentence = _("“%(one)s” and “%(two)s” are both taken for %(field)s.") % twice
            raise BadInput("mapped_twice", sentence, _("Keep one of them."))
        mapping[said] = name
    return None if chosen is None else mapping


def _fingerprint(table: Table) -> str:
    """Tells whether columns were chosen of the same reading: with another delimiter they are others."""
    return f"{len(table.columns)}-{sum(map(len, table.columns))}"


def fingerprint(shown: Preview) -> str:
    """The same for the form."""
    return _fingerprint(shown.table) if shown.table else ""


def _columns(table: Table, chosen: Chosen) -> list[Column]:
    taken = {column: name for name, column in chosen}
    rows = [row.values for row in islice((row for row in table if isinstance(row, RawRow)), SAMPLES)]
    return [
        Column(number, name, taken.get(name, ""), [text_of(row[name]) or "" for row in rows])
        for number, name in enumerate(table.columns)
    ]


def _earlier(upload: Upload) -> Import | None:
    """The import that has brought in this very file before, if one did and stands."""
    same = Upload.objects.filter(digest=upload.digest, kind=upload.kind, result__undone_at=None, result__isnull=False)
    before = same.select_related("result__by").exclude(pk=upload.pk).order_by("-at").first()
    return before.result if before else None
