"""Workbooks: XLSX, and what calamine reads besides (XLS, XLSB, ODS). Formulas come as their last result."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from assay.domain.errors import BadInput
from assay.intake.cells import Cell
from assay.intake.rows import Format, Record, Source

_Value = int | float | str | bool | time | date | datetime | timedelta


def read_sheet(path: Path, sheet: str | None = None) -> Source:
    """The sheet named, or the first visible one with anything in it; its first filled row is the header."""
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        page = workbook.get_sheet_by_name(sheet) if sheet else _first_filled(workbook)
    except calamine.WorksheetNotFound:
        names = ", ".join(workbook.sheet_names)
        raise BadInput("no_sheet", f'{path} has no sheet "{sheet}".', f"It has: {names}.") from None
    except calamine.PasswordError:
        raise BadInput("locked_spreadsheet", f"{path} is locked by a password.", "Save it without one.") from None
    except calamine.CalamineError:
        raise BadInput("broken_spreadsheet", f"{path} is a damaged workbook.", "Open it and save it again.") from None
    header = next(_records(page), None)
    if header is None:
        raise BadInput("empty_file", f"{path} has no filled sheet.", "Export it again, with a header and rows.")
    start, titles = header
    return Source(
        [str(cell or "") for cell in titles],
        Format("sheet", sheet=page.name, sheets=tuple(workbook.sheet_names)),
        lambda: (record for record in _records(page) if record[0] > start),
    )


def _first_filled(workbook: calamine.CalamineWorkbook) -> calamine.CalamineSheet:
    shown = [about.name for about in workbook.sheets_metadata if about.visible is calamine.SheetVisibleEnum.Visible]
    pages = [workbook.get_sheet_by_name(name) for name in shown or workbook.sheet_names]
    return next((page for page in pages if page.height), pages[0])


def _records(page: calamine.CalamineSheet) -> Iterator[Record]:
    for line, row in enumerate(page.iter_rows(), start=1):
        cells = [_cell(value) for value in row]
        if any(cell not in (None, "") for cell in cells):
            yield line, cells


def _cell(value: _Value) -> Cell:
    if isinstance(value, datetime | str | int | float):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())  # the reader of dates adds the zone
    return str(value)
