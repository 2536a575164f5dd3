"""CSV: every sane dialect in every sane encoding, exact line numbers, and one broken row never costs another."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.intake.csv_files import CsvFile
from assay.intake.dialect import Dialect, find_dialect
from assay.intake.encoding import LONGEST_LINE, TextFile
from assay.intake.rows import MOST_IN_A_CELL
from assay.intake.tables import BadRow, read_table
from tests.intake.reading import cells, lines, refusals, refused

HEADER = ["email", "name", "note"]
PEOPLE = [
    ["lea@acme.fr", "Léa Dupré", 'said "hello", then; left | now'],
    ["jürgen@groß.de", "Jürgen Groß", "two\nlines"],
    ["ann@acme.com", "Ann", "1,5"],
    ["zoé@forêt.fr", "Zoé Forêt", "tab\there"],
]


def written(delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n", rows=PEOPLE):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([HEADER, *rows])
    return text.getvalue()


# --- Dialects and encodings ----------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_dialect_and_encoding_are_found(write, delimiter, encoding, found):
    table = read_table(write(written(delimiter), encoding=encoding))
    assert cells(table) == PEOPLE
    assert (table.format.delimiter, table.format.encoding) == (delimiter, found)


@pytest.mark.parametrize(
    ("quoting", "end"),
    [(csv.QUOTE_MINIMAL, "\n"), (csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r")],
)
def test_line_ends_and_quotes_of_every_kind(write, quoting, end):
    assert cells(read_table(write(written(";", quoting, end)))) == PEOPLE


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1251", "Имя;Компания\nИван Петров;Ромашка\nАнна Сидорова;Ветер\n"),
        ("cp1250", "Imię;Firma;Miasto\nŁukasz Żak;Spółka Zażółć;Łódź\nJaźń Gęś;Kraków;Świdnica\n"),
        ("cp932", "名前;会社;都市\n山田太郎;株式会社山田;東京\n"),
        ("gb18030", "姓名;公司;城市\n王小明;北京科技有限公司;北京\n"),
        ("cp1252", "name;price\nAnn;10 €\nBob;“quoted” – dash\n"),
    ],
)
def test_other_encodings_are_guessed_from_the_text(write, encoding, name):
    rows = [line.split(";") for line in name.splitlines()]
    table = read_table(write(name, encoding=encoding))
    assert [table.columns, *cells(table)] == rows


def test_a_foreign_byte_late_in_a_large_file_is_seen(write):
    text = "email,name\n" + "ann@acme.com,Ann\n" * 100_000 + "léa@acme.fr,Léa\n"
    table = read_table(write(text, encoding="cp1252"))
    assert cells(table)[-1] == ["léa@acme.fr", "Léa"]


def test_the_guess_needs_no_more_than_a_part_of_the_file(write):
    people = [["léa@acme.fr", "Léa", "Forêt"]] * 100_000
    table = read_table(write(written(rows=people), encoding="cp1252"))
    assert (table.format.encoding, cells(table)[-1]) == ("cp1252", people[-1])


def test_bytes_of_no_encoding_at_all_cost_their_rows_only(write):
    table = read_table(write(b"email,name\nann@acme.com,Ann\nbob@acme.com," + bytes(range(255, 128, -1)) + b"\n"))
    assert (table.format.encoding, lines(table), refusals(table)) == ("cp1252", [2], [(3, "bad_encoding")])


def test_a_wrong_guess_can_be_overruled(write):
    path = write("Ad;Şehir\nIşık;İzmir\n", encoding="cp1254")
    table = read_table(path, encoding="cp1254", delimiter=";")
    assert [table.columns, *cells(table)] == [["Ad", "Şehir"], ["Işık", "İzmir"]]


def test_the_delimiter_given_wins_even_against_the_header(write):
    assert read_table(write("a,b;c\n1,2;3\n"), delimiter=";").columns == ["a,b", "c"]
    assert read_table(write("a,b\tc\n1,2\t3\n"), delimiter="tab").columns == ["a,b", "c"]


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n"])
def test_a_delimiter_is_one_character(write, delimiter):
    assert refused(write(written()), delimiter=delimiter).code == "bad_delimiter"


@pytest.mark.parametrize("encoding", ["utf-9", "base64", "klingon"])
def test_an_encoding_has_to_exist(write, encoding):
    assert refused(write(written()), encoding=encoding).code == "unknown_encoding"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_has_to_fit(write, encoding):
    path = write("email,name\n" + "léa@acme.fr,Léa\n" * 3 + "ü")
    assert refused(path, encoding=encoding).code == "wrong_encoding"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("email\nann@acme.com\nbob@acme.com\n", Dialect(",")),
        ("name;notes\nAnn;a, b, c\nBob;c, d, e\n", Dialect(";")),  # commas in every row, but not in the header
        ("a,b\n1,2,3\n4\n5,6\n", Dialect(",")),
        ("a|b\n'x|y'|2\n'z'|3\n", Dialect("|", "'")),
        ('a,b\n"x\\"y",2\n"z",3\n', Dialect(",", '"', "\\")),
        ("first name\tlast name\nAnn Lee\tSmith, Jr.\n", Dialect("\t")),
        ("a;b;c\n;;\n;;\n1;2;3\n", Dialect(";")),
        ("email\nann\0\n", Dialect(",")),
        pytest.param("a;b\n" + "x" * 3_000_000 + ";y\n", Dialect(";"), id="a line longer than DuckDB reads"),
    ],
)
def test_a_dialect_has_to_split_the_header(text, dialect):
    assert find_dialect(text) == dialect


def test_the_hint_that_excel_writes_is_no_header(write):
    table = read_table(write("sep=;\nemail;name\nann@acme.com;Lee, Ann\n"))
    assert (table.columns, cells(table), lines(table)) == (["email", "name"], [["ann@acme.com", "Lee, Ann"]], [3])


# --- Lines and broken rows -----------------------------------------------------------------------


def test_a_row_goes_by_the_line_it_starts_on(write):
    table = read_table(write('email,note\n\nann@acme.com,"one\ntwo\nthree"\nbob@acme.com,x\n'))
    assert lines(table) == [3, 6]


def test_a_quote_that_is_not_closed_costs_its_own_row_only(write):
    text = 'email,note\nann@acme.com,a\nbob@acme.com,"b\ncyd@acme.com,c\ndan@acme.com,"d, e"\neve@acme.com,f\n'
    table = read_table(write(text))
    assert lines(table) == [2, 4, 5, 6]
    (bad,) = [row for row in table if isinstance(row, BadRow)]
    assert (bad.line, bad.code, bad.raw) == (3, "broken_quote", {"text": 'bob@acme.com,"b'})


def test_a_quote_that_is_never_closed_does_not_swallow_the_file(write):
    good = [f"p{number}@acme.com,note {number}\n" for number in range(90_000)]  # more than one cell may hold
    table = read_table(write('email,note\nann@acme.com,"b\n' + "".join(good)))
    assert refusals(table) == [(2, "broken_quote")]
    assert lines(table) == list(range(3, 90_003))


def test_a_stray_quote_in_a_cell_of_many_lines_is_refused_up_to_the_next_whole_row(write):
    table = read_table(write('email,note\nann@acme.com,"one\ntwo "quoted" words"\nbob@acme.com,x\n'))
    assert (refusals(table), lines(table)) == ([(2, "broken_quote")], [4])


def test_what_is_cut_off_in_the_last_row_is_kept(write):
    (bad,) = [
        row
        for row in read_table(write('email,note\nann@acme.com,a\nbob@acme.com,"one\ntwo'))
        if isinstance(row, BadRow)
    ]
    assert (bad.line, bad.code, bad.raw) == (3, "broken_quote", {"text": 'bob@acme.com,"one\ntwo'})


def test_a_cell_of_over_a_megabyte_is_refused_and_partly_kept(write):
    table = read_table(write(f"email,note\nann@acme.com,{'x' * (MOST_IN_A_CELL + 1)}\nbob@acme.com,b\n"))
    assert lines(table) == [3]
    (bad,) = [row for row in table if isinstance(row, BadRow)]
    assert (bad.line, bad.code, len(str(bad.raw["text"]))) == (2, "cell_too_big", 32 * 1024)


def test_a_cell_of_a_megabyte_is_read(write):
    assert cells(read_table(write(f"email,note\nann@acme.com,{'x' * MOST_IN_A_CELL}\n")))[0][1] == "x" * MOST_IN_A_CELL


def test_an_endless_line_is_not_held_whole(write):
    table = read_table(write(f"email,note\nann@acme.com,{'x,' * LONGEST_LINE}\nbob@acme.com,b\n"))
    assert (refusals(table), lines(table)) == ([(2, "cell_too_big")], [3])


def test_nul_bytes_cost_their_row_only(write):
    table = read_table(write("email,note\nann@acme.com,a\0b\nbob@acme.com,b\n"))
    assert (refusals(table), lines(table)) == ([(2, "nul_byte")], [3])
    assert "\0" not in str([row.raw for row in table if isinstance(row, BadRow)])


def test_bytes_in_another_encoding_cost_their_row_only(write):
    good = "".join(f"p{number}@acme.com,Café {number}\n" for number in range(9)).encode()
    table = read_table(write(b"email,note\n" + good + b"lea@acme.fr,L\xe9a\nbob@acme.com,b\n"))
    assert (refusals(table), lines(table)) == ([(11, "bad_encoding")], [*range(2, 11), 12])
    assert [row.raw for row in table if isinstance(row, BadRow)] == [{"text": "lea@acme.fr,L\\xe9a"}]


def test_a_header_that_cannot_be_read(write):
    assert refused(write('email,"name\nann@acme.com,Ann\n')).code == "no_columns"


# --- Any text at all -----------------------------------------------------------------------------

texts = st.text(
    st.sampled_from("ab1 ,;|\t\"\n\r'é") | st.characters(codec="utf-8", exclude_characters="\0"), max_size=9
)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=9), st.sampled_from(",;\t|"))
def test_what_a_csv_writer_wrote_comes_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_text(written(delimiter, rows=rows), encoding="utf-8", newline="")
    file = CsvFile(TextFile(path, "utf-8", sound=True), Dialect(delimiter), 0)
    assert [list(record[1]) for record in file.records()] == [HEADER, *rows]


@given(st.text(st.sampled_from('ab,"\n'), max_size=60))
def test_whatever_is_broken_every_line_is_either_read_or_refused(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_text(f"a,b\n{body}", encoding="utf-8", newline="")
    records = list(CsvFile(TextFile(path, "utf-8", sound=True), Dialect(","), 0).records())
    starts = [record[0] for record in records]
    assert starts == sorted(set(starts))
    kept = sum(
        str(record.raw["text"]).count(letter) for record in records if isinstance(record, BadRow) for letter in "ab"
    )
    read = sum(
        "".join(map(str, record[1])).count(letter)
        for record in records
        if not isinstance(record, BadRow)
        for letter in "ab"
    )
    assert kept + read == 2 + body.count("a") + body.count("b")
