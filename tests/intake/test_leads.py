"""Leads of a file: what each column becomes, and why a row is refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import BadInput
from assay.intake.columns import lead_mapping
from assay.intake.leads import LeadRow, Refusal, read_leads
from assay.intake.rows import Format, Table
from assay.intake.tables import read_table

PARIS = ZoneInfo("Europe/Paris")


def leads(table, overrides=(), **options):
    """Every row of a table as a lead or a refusal."""
    return list(read_leads(table, lead_mapping(table.columns, overrides), tz=PARIS, **options))


def a_table(path, header, *rows):
    """A table of rows as they would come from a file."""
    return Table(path, list(header), Format("csv"), lambda: iter(enumerate(rows, start=2)))


@pytest.fixture
def lead(tmp_path):
    """The lead, or refusal, of one row of named cells; named after Ann where it says nothing of anyone."""

    def read(cells, **options):
        cells = {"name": "Ann Lee"} | cells
        (row,) = leads(a_table(tmp_path, cells, list(cells.values())), **options)
        return row

    return read


def test_a_whole_row(write):
    path = write(
        "Record ID,Email,First Name,Last Name,Job Title,Phone Number,Company Name,Website URL,"
        "Number of Employees,Industry,Country/Region,Annual Revenue,Budget,"
        "Original Source,utm_campaign,Create Date,Plan,Notes\n"
        "7, Ann <Ann+crm@Mail.Acme.FR> ,Ann,Lee,CFO,01 42 68 53 00,Acme SA,https://www.acme.fr/en,"
        '"1,200",Software,France,€2.5m,10 000,Web,Spring,2026-01-02 03:04,Pro,\n'
    )
    assert leads(read_table(path)) == [
        LeadRow(
            line=2,
            lead_id="7",
            email="Ann <Ann+crm@Mail.Acme.FR>",
            email_key="ann@mail.acme.fr",
            email_kind="work",
            first_name="Ann",
            last_name="Lee",
            title="CFO",
            phone="+33142685300",
            company="Acme SA",
            domain="acme.fr",
            employees=1200,
            industry="Software",
            country="FR",
            revenue=2_500_000,
            budget=10_000,
            source="Web",
            campaign="Spring",
            captured_at=datetime(2026, 1, 2, 2, 4, tzinfo=UTC),
            attributes={"Plan": "Pro"},
        )
    ]


def test_its_facts_are_what_a_policy_asks_for(lead):
    row = lead(
        {
            "name": "",
            "first_name": "Ann",
            "last_name": "Lee",
            "email": "ann@gmail.com",
            "Lead Origin": "API",
            "employees": "12",
        }
    )
    known = {key: value for key, value in row.facts().items() if value is not None}
    assert known == {
        "person.name": "Ann Lee",
        "person.first_name": "Ann",
        "person.last_name": "Lee",
        "person.email": "ann@gmail.com",
        "person.email_kind": "free",
        "company.employees": 12,
        "lead.lead_origin": "API",
    }


# --- What a column becomes -----------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", "  ", "null", "NULL", "N/A", "NaN", "-", "#N/A", None])
def test_blank_cells_say_nothing(lead, blank):
    row = lead({"email": blank, "title": blank, "employees": blank, "captured_at": blank, "Plan": blank})
    assert row == LeadRow(line=2, name="Ann Lee")


def test_text_is_clean(lead):
    row = lead({"name": "  Zoe\u0301\u200b \n Lee\x07", "title": "Head\u00a0of Sales"})
    assert (row.name, row.title) == ("Zoé Lee", "Head of Sales")


@pytest.mark.parametrize(
    ("cells", "domain"),
    [
        ({"email": "ann@mail.acme.co.uk"}, "acme.co.uk"),
        ({"email": "ann@gmail.com"}, None),
        ({"email": "ann@mailinator.com"}, None),
        ({"email": "ann@gmail.com", "website": "www.acme.com"}, "acme.com"),
        ({"email": "ann@group.com", "website": "https://acme.com/x"}, "acme.com"),
        ({"email": "ann@acme.com", "website": "gmail.com"}, "acme.com"),
        ({"website": "Acme!"}, None),
        ({}, None),
    ],
)
def test_the_company_is_known_by_its_own_domain(lead, cells, domain):
    assert lead(cells).domain == domain


def test_what_is_no_web_address_is_kept(lead):
    assert lead({"website": "ask Ann"}).attributes == {"website": "ask Ann"}


@pytest.mark.parametrize(
    ("cells", "phone"),
    [
        ({"phone": "+33 1 42 68 53 00"}, "+33142685300"),
        ({"phone": "01 42 68 53 00", "country": "France"}, "+33142685300"),
        ({"phone": "01 42 68 53 00"}, "01 42 68 53 00"),
        ({"phone": 33142685300.0, "country": "FR"}, "+33142685300"),
        ({"phone": "+33 1 42 68 53 00 ext. 5"}, "+33 1 42 68 53 00 ext. 5"),
        ({"phone": "front desk"}, "front desk"),
    ],
)
def test_a_phone_number_is_e164_where_it_can_be(lead, cells, phone):
    assert lead(cells).phone == phone


@pytest.mark.parametrize(("text", "country"), [("Allemagne", "DE"), ("uk", "GB"), ("Atlantis", "Atlantis")])
def test_a_country_is_a_code_where_it_is_known(lead, text, country):
    assert lead({"country": text}).country == country


@pytest.mark.parametrize(
    ("cell", "employees"),
    [("1,200", 1200), ("1.200", 1200), ("12k", 12_000), ("51-200", "51-200"), (1200.0, 1200), (7, 7), ("many", "many")],
)
def test_a_head_count_is_a_number_where_it_is_one(lead, cell, employees):
    assert lead({"employees": cell}).employees == employees


def test_an_amount_that_could_be_two_is_unknown_and_kept(lead):
    row = lead({"revenue": "1.200", "budget": "€1.200"})
    assert (row.revenue, row.budget, row.attributes) == (None, 1200, {"revenue": "1.200"})
    assert lead({"revenue": 1.125}).revenue == 1.125


def test_the_default_source_stands_where_none_is_named(lead):
    assert lead({"source": "Web"}, default_source="Import").source == "Web"
    assert lead({"source": ""}, default_source="Import").source == "Import"
    assert lead({}, default_source="Import").source == "Import"
    assert lead({}).source is None


def test_further_columns_are_kept_as_they_came(lead):
    row = lead(
        {
            "Plan": "Pro",
            "Seats": 5.0,
            "Zip": "00750",
            "Trial": True,
            "Since": datetime(2026, 1, 2, tzinfo=UTC),
            "Left": None,
        }
    )
    assert row.attributes == {
        "Plan": "Pro",
        "Seats": 5,
        "Zip": "00750",
        "Trial": True,
        "Since": "2026-01-02T00:00:00+00:00",
    }


def test_columns_that_were_passed_over_are_kept_too(lead):
    row = lead({"phone": "+33142685300", "Mobile": "+33612345678"})
    assert (row.phone, row.attributes) == ("+33142685300", {"Mobile": "+33612345678"})


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-07-02T03:04", datetime(2026, 7, 2, 1, 4, tzinfo=UTC)),
        ("2026-07-02T03:04Z", datetime(2026, 7, 2, 3, 4, tzinfo=UTC)),
        (datetime.fromisoformat("2026-07-02T03:04"), datetime(2026, 7, 2, 1, 4, tzinfo=UTC)),
        ("25/12/2026", datetime(2026, 12, 24, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_time_without_zone_is_in_the_zone_given(lead, cell, at):
    assert lead({"captured_at": cell}).captured_at == at


def test_the_whole_column_says_whether_day_or_month_comes_first(tmp_path):
    header = ["name", "Created"]
    american = a_table(tmp_path, header, ["Ann", "03/04/2026"], ["Bob", "04/25/2026"])
    assert [row.captured_at.month for row in leads(american)] == [3, 4]
    unclear = a_table(tmp_path, header, ["Ann", "03/04/2026"])
    with pytest.raises(BadInput) as caught:
        leads(unclear)
    assert caught.value.code == "ambiguous_dates"
    assert [row.captured_at.month for row in leads(unclear, date_order="mdy")] == [3]


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": "", "title": "CFO"}, "no_contact"),
        ({"name": "N/A", "title": "CFO"}, "no_contact"),
        ({"name": "---..."}, "no_contact"),
        ({"email": "ann@"}, "bad_email"),
        ({"email": "ann@acme.com; bob@acme.com"}, "bad_email"),
        ({"captured_at": "31/02/2026"}, "bad_date"),
        ({"captured_at": "soon"}, "bad_date"),
        ({"captured_at": "0026-01-02"}, "bad_date"),
        ({"captured_at": 46024.5}, "bad_date"),
        ({"name": "x", "title": "x", "Plan": "x"}, "filler"),
        ({"name": "x" * 301}, "too_long"),
        ({"phone": "1" * 101}, "too_long"),
        ({"lead_id": "x" * 321}, "too_long"),
    ],
)
def test_a_row_is_refused_with_its_reason(lead, cells, code):
    row = lead(cells)
    assert isinstance(row, Refusal)
    assert (row.line, row.code) == (2, code)
    assert row.sentence.endswith(".")
    assert len(row.sentence) < 250


def test_a_refusal_keeps_the_row_as_it_came(lead):
    row = lead({"email": "ann@", "Since": datetime(2026, 1, 2, tzinfo=UTC), "Seats": 5, "Left": None, "Note": "a\0b"})
    assert row.raw == {
        "name": "Ann Lee",
        "email": "ann@",
        "Since": "2026-01-02 00:00:00+00:00",
        "Seats": 5,
        "Note": "a\\x00b",
    }
    assert '"ann@"' in row.sentence


def test_any_one_of_them_says_who(lead):
    for field, text in {"lead_id": "7", "email": "ann@acme.com", "phone": "+33142685300", "last_name": "李"}.items():
        assert isinstance(lead({"name": "", field: text}), LeadRow)


def test_refused_rows_stand_between_the_others_in_the_order_of_the_file(write):
    path = write('email,name\nann@acme.com,Ann\nbob@,Bob\ncyd@acme.com,=1\ndan@acme.com,"Dan\neve@acme.com,Eve\n')
    rows = leads(read_table(path))
    assert [(row.line, getattr(row, "code", "ok")) for row in rows] == [
        (2, "ok"),
        (3, "bad_email"),
        (4, "formula"),
        (5, "broken_quote"),
        (6, "ok"),
    ]


anything = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8")) | st.datetimes()
)


@given(
    st.dictionaries(
        st.sampled_from(["lead_id", "email", "phone", "website", "employees", "country", "captured_at", "X"]), anything
    )
)
def test_whatever_a_cell_holds_the_row_is_a_lead_or_a_refusal(tmp_path_factory, cells):
    cells = {"name": "Ann"} | cells
    (row,) = leads(a_table(tmp_path_factory.getbasetemp(), cells, list(cells.values())), date_order="dmy")
    assert isinstance(row, LeadRow | Refusal)
