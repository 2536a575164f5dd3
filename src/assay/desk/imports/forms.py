"""What to hand in, and how to read it."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assay.intake.cells import clean
from assay.intake.files import Reading
from assay.intake.uploaded import Options
from assay.records.imports import ImportKind

SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".parquet"),
    *(".csv.gz", ".json.gz", ".jsonl.gz", ".gz"),
)


class UploadForm(forms.Form):
    """A file, and what its rows are."""

    kind = forms.ChoiceField(
        label=_("What is in it?"),
        choices=[
            (str(ImportKind.LEADS), _("Leads: one person a row")),
            (str(ImportKind.SIGNALS), _("Signals: what people did, and when")),
            (str(ImportKind.COSTS), _("Costs: what a source or campaign cost, and when")),
        ],
        initial=str(ImportKind.LEADS),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX, JSON lines or Parquet, up to 200 MB."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput({"accept": ",".join(SUFFIXES)}),
    )


def shown_name(file: "UploadedFile[bytes]") -> str:
    """The name of a file as it may be shown: never part of a path of ours."""
    name = clean(PurePath(str(file.name or "").replace("\\", "/")).name)
    return (name or "file")[-300:]


def suffix(name: str) -> str:
    """The end of a name where it is one we know, else nothing."""
    low = name.lower()
    return next((known for known in sorted(SUFFIXES, key=len, reverse=True) if low.endswith(known)), "")


ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr")
DELIMITERS = {"comma": _("Comma ,"), "semicolon": _("Semicolon ;"), "tab": _("Tab"), "pipe": _("Bar |")}
ORDERS = {
    "auto": _("Find out"),
    "dmy": _("Day first: 31/12/2026"),
    "mdy": _("Month first: 12/31/2026"),
    "ymd": _("Year first: 2026-12-31"),
}


class ReadingForm(forms.Form):
    """How to read a file, where its own look does not tell it right."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    date_order = forms.ChoiceField(label=_("Dates"), choices=list(ORDERS.items()), required=False, initial="auto")
    source = forms.CharField(
        label=_("Source of rows without one"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, sheets: Sequence[str]) -> None:
        super().__init__(data)
        found = ("", _("Find out"))
        choices: dict[str, list[Any]] = {
            "encoding": [found, *((name, name) for name in ENCODINGS)],
            "delimiter": [found, *DELIMITERS.items()],
            "sheet": [("", _("The first with rows")), *((name, name) for name in sheets)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def options(self, columns: Mapping[str, str] | None) -> Options:
        """What was said; a field that makes no sense counts as not said."""
        self.is_valid()
        said = self.cleaned_data
        return Options(
            Reading(
                said.get("encoding") or None,
                said.get("delimiter") or None,
                said.get("sheet") or None,
                said.get("date_order") or "auto",
            ),
            clean(said.get("source", "")),
            columns,
        )
