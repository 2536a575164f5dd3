"""The PDF: whatever is in it, it is a file that can be read, and the same report is the same file."""

import re
import zlib
from base64 import a85decode

from assay.reports.pdf import as_pdf
from assay.reports.report import Report, Section, Table

TABLE = Table(["", "Now"], [["Leads", "1\u202f250"], ["MQL", "78"]])
FINDING = Section(
    "1. Raw", "9 leads (47\u00a0%)", ["6 worked <b>", "3 & owned"], ["Cost: 2 h"], "Give them back", TABLE
)


def written(pdf: bytes) -> str:
    """The text of a file of ours: what its pages draw."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    drawn = b"".join(zlib.decompress(a85decode(stream.strip().removesuffix(b"~>"))) for stream in streams)
    texts = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", drawn)
    plain = [re.sub(rb"\\(\d{3})", lambda octal: bytes([int(octal[1], 8)]), text) for text in texts]
    return b" ".join(plain).replace(b"\\(", b"(").replace(b"\\)", b")").decode("cp1252")


def test_everything_is_in_it_in_order_and_markup_is_only_text():
    text = written(as_pdf(Report("Title", "This week", "en", [FINDING])))
    said = [
        "Title",
        "This week",
        "1. Raw",
        "9 leads",
        "6 worked < b >",
        "3 & owned",
        "Leads",
        "1 250",
        "Cost",
        "Next:",
    ]
    assert [text.index(part) for part in said] == sorted(text.index(part) for part in said)


def test_the_same_report_is_the_same_file_and_a_long_one_has_more_pages():
    short, long = (Report("Title", "This week", "fr", [FINDING] * number) for number in (1, 12))
    assert as_pdf(short) == as_pdf(short)
    assert as_pdf(short).count(b"/Type /Page\n") == 1
    assert as_pdf(long).count(b"/Type /Page\n") > 2
    assert "Suite" not in written(as_pdf(short))


def test_a_character_the_fonts_lack_breaks_nothing():
    assert "? leads" in written(as_pdf(Report("\u4e2d leads", "", "en", [])))
    endless = Section("x" * 300, "y" * 3_000, ["z" * 300])
    assert as_pdf(Report("Title", "", "en", [endless])).startswith(b"%PDF-")
