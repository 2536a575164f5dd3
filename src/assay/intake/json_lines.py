"""JSON lines: one object a line, nested ones flattened to ``outer.inner`` as event logs need it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from assay.domain.errors import BadInput
from assay.domain.rows import Refusal
from assay.intake.cells import Cell
from assay.intake.encoding import TextFile, text_file
from assay.intake.refusals import Reason, Unusable, refuse_text
from assay.intake.rows import Format, Record, Source

_NO_OBJECT = Unusable(Reason.BROKEN_JSON, "The line is no JSON object: write one whole object a line.")
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def read_json_lines(path: Path, head: bytes, encoding: str | None = None) -> Source:
    """The keys of all lines, in the order met, and the rows. Raises BadInput for one big array."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise BadInput(
            "json_array", f"{path} is one JSON array.", "Write one object a line: jq -c '.[]' FILE > FILE.jsonl"
        )
    text = text_file(path, head, encoding)
    objects = (row for _, row in _objects(text) if isinstance(row, dict))
    columns = list(dict.fromkeys(key for row in objects for key in row))
    return Source(columns, Format("json", encoding=text.encoding), lambda: _records(text, columns))


def _records(text: TextFile, columns: list[str]) -> Iterator[Record | Refusal]:
    for line, row in _objects(text):
        yield row if isinstance(row, Refusal) else (line, [row.get(column) for column in columns])


def _objects(text: TextFile) -> Iterator[tuple[int, dict[str, Cell] | Refusal]]:
    for line, written in enumerate(text.lines(), start=1):
        if not written.strip():
            continue
        try:
            text.check_line(written)
            yield line, _flat(_decode(written))
        except Unusable as why:
            yield line, refuse_text(line, why, written)
        except (msgspec.DecodeError, RecursionError):
            yield line, refuse_text(line, _NO_OBJECT, written)


def _flat(outer: dict[str, Any], prefix: str = "") -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for key, value in outer.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{prefix}{key}.")
        else:
            cells[f"{prefix}{key}"] = msgspec.json.encode(value).decode() if isinstance(value, list) else value
    return cells
