"""A report as a PDF, written by ReportLab with the fonts that every reader has."""

from collections.abc import Iterator
from html import escape
from io import BytesIO

from django.utils import translation
from django.utils.translation import pgettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    ListFlowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from assay.reports.report import Report, Section, Table

INK, SOFT, LINE, ACCENT, TINT = (HexColor(code) for code in ("#1b2421", "#4b5853", "#dde3de", "#0b655b", "#e0f0ec"))
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10, leading=14, textColor=INK, spaceAfter=4)
SMALL = ParagraphStyle("small", TEXT, fontSize=8.5, leading=12, textColor=SOFT)
TITLE = ParagraphStyle("title", TEXT, fontName="Helvetica-Bold", fontSize=20, leading=24, spaceAfter=2)
HEADING = ParagraphStyle("heading", TEXT, fontName="Helvetica-Bold", fontSize=13, leading=17, spaceBefore=12)
NEXT = ParagraphStyle("next", TEXT, backColor=TINT, borderPadding=6, spaceBefore=6, spaceAfter=10)
MARGIN = 18 * mm
THIN_SPACES = dict.fromkeys(map(ord, "\u2009\u202f"), "\u00a0")
"""Spaces that numbers have in some languages and the fonts have not."""


def as_pdf(report: Report) -> bytes:
    """The file. The same report makes the same bytes."""
    file = BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, title=f"{report.title}, {report.period}", author="Assay", lang=report.language,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN, invariant=1,
    )  # fmt: skip
    with translation.override(report.language):
        story: list[Flowable] = [_text(report.title, TITLE), _text(report.period, SMALL)]
        story += [KeepTogether(list(_section(section))) for section in report.sections]
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _section(section: Section) -> Iterator[Flowable]:
    yield _text(section.title, HEADING)
    yield _text(section.said)
    if section.points:
        yield ListFlowable([_text(point) for point in section.points], bulletType="bullet", start="•", leftIndent=12)
    if section.table:
        yield _grid(section.table)
    for note in section.notes:
        yield _text(note, SMALL)
    if section.next_step:
        yield Spacer(1, 4)
        yield Paragraph(f"<b>{_plain(pgettext('step', 'Next'))}:</b> {_plain(section.next_step)}", NEXT)


def _grid(table: Table) -> Flowable:
    rows = [[_drawn(cell) for cell in row] for row in (table.heads, *table.rows)]
    style = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9.5),
        ("TEXTCOLOR", (0, 0), (-1, 0), SOFT),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("LINEABOVE", (0, 1), (-1, -1), 0.5, LINE),
    ]
    return Grid(rows, colWidths=[60 * mm, *[40 * mm] * (len(table.heads) - 1)], style=TableStyle(style), hAlign="LEFT")


def _text(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    return Paragraph(_plain(text), style)


def _plain(text: str) -> str:
    """A text without markup: what looks like it was typed by somebody."""
    return escape(_drawn(text), quote=False)


def _drawn(text: str) -> str:
    """The text in the characters that the fonts have; any other is a question mark."""
    return text.translate(THIN_SPACES).encode("cp1252", "replace").decode("cp1252")


def _number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(SOFT)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, str(document.page))
