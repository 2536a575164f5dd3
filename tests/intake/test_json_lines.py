"""JSON lines: columns are the keys of all lines, nested ones by their path."""

import pytest

from assay.intake.tables import BadRow, read_table
from tests.intake.reading import cells, lines, refusals, refused


def test_columns_are_the_keys_of_all_lines_in_the_order_met(write):
    table = read_table(
        write('{"email": "a@b.com", "n": 1}\n\n{"email": "c@d.com", "ok": true, "n": null}\n', "x.jsonl")
    )
    assert table.columns == ["email", "n", "ok"]
    assert cells(table) == [["a@b.com", 1, None], ["c@d.com", None, True]]
    assert lines(table) == [1, 3]


def test_nested_objects_are_flat_and_lists_are_text(write):
    table = read_table(write('{"context": {"page": {"url": "/a"}}, "tags": ["x", 1]}\n', "x.ndjson"))
    assert dict(zip(table.columns, cells(table)[0], strict=True)) == {"context.page.url": "/a", "tags": '["x",1]'}


@pytest.mark.parametrize(
    "bad", ['{"email": ', "[1]", "email", '{"email": NaN}', '{"email": "\\ud800"}', '{"a":' * 5_000]
)
def test_a_broken_line_costs_itself_only(write, bad):
    table = read_table(write(f'{{"email": "a@b.com"}}\n{bad}\n{{"email": "c@d.com"}}\n', "x.jsonl"))
    assert (refusals(table), lines(table)) == ([(2, "broken_json")], [1, 3])
    assert [row.raw for row in table if isinstance(row, BadRow)] == [{"text": bad}]


def test_bytes_that_are_no_text_cost_their_line_only(write):
    good = b'{"name": "Caf\xc3\xa9"}\n'
    assert refusals(read_table(write(good * 3 + b'{"name": "Caf\xe9"}\n', "x.jsonl"))) == [(4, "bad_encoding")]


def test_one_big_array_is_no_lines(write):
    error = refused(write('[{"email": "a@b.com"}]', "x.json"))
    assert error.code == "json_array"
    assert "jq" in error.hint


def test_lines_of_nothing_but_mistakes(write):
    assert refused(write("nothing\nat all\n", "x.jsonl")).code == "no_columns"
