"""What is asked of whom, and where a form may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import BadInput
from assay.domain.forms import MOST_FIELDS, Field, allowed_address, asked, check_fields, check_slug, host_of

EMAIL, NAME = Field("email", "Email", required=True), Field("name", "Name")
TITLE, SEATS = Field("title", "Role", progressive=True), Field("Team size", "Seats?", progressive=True)
ALL = [EMAIL, NAME, TITLE, SEATS]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (set(), [EMAIL, NAME]),
        ({"person.name"}, [EMAIL, TITLE]),
        ({"person.first_name", "person.last_name"}, [EMAIL, TITLE]),
        ({"person.email", "person.name"}, [TITLE, SEATS]),
        ({"person.email", "person.name", "person.title"}, [SEATS]),
        ({"person.title"}, [EMAIL, NAME]),
        ({"person.email", "person.name", "person.title", "lead.team_size"}, []),
    ],
)
def test_what_is_known_is_left_out_and_the_next_is_asked(known: set[str], expected: list[Field]):
    assert asked(ALL, known) == expected


@given(st.sets(st.sampled_from([field.key for field in ALL])))
def test_nothing_known_is_asked_and_never_more_than_of_a_stranger(known: set[str]):
    shown = asked(ALL, known)
    assert not {field.key for field in shown} & known
    assert len(shown) <= len(asked(ALL, set()))
    assert shown == sorted(shown, key=ALL.index)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ([NAME], "no_email"),
        ([Field("email", "Email")], "no_email"),
        ([Field("email", "Email", required=True, progressive=True)], "no_email"),
        ([EMAIL, NAME, NAME], "asked_twice"),
        ([EMAIL, Field("Team size", "a"), Field("team-size", "b")], "asked_twice"),
        ([EMAIL, Field("…", "a")], "unnamed_field"),
        ([EMAIL, Field("-consent", "a")], "unnamed_field"),
        ([EMAIL, Field("Source", "a")], "reserved_field"),
        ([EMAIL, Field("name", "")], "unlabelled_field"),
        ([EMAIL, Field("name", "x" * 201)], "long_field"),
        ([EMAIL, *(Field(f"a{number}", "a") for number in range(MOST_FIELDS))], "many_fields"),
    ],
)
def test_questions_that_make_no_form_are_refused(fields: list[Field], code: str):
    with pytest.raises(BadInput) as refused:
        check_fields(fields)
    assert refused.value.code == code


def test_questions_that_make_a_form():
    check_fields(ALL)
    assert [Field.of(field.as_json()) for field in ALL] == ALL


@pytest.mark.parametrize("slug", ["demo", "demo-2", "a" * 60])
def test_an_address_of_ours(slug: str):
    check_slug(slug)


@pytest.mark.parametrize("slug", ["", "Demo", "a b", "-a", "a--b", "é", "a/b", "confirm", "a" * 61, "../x"])
def test_what_cannot_stand_in_an_address(slug: str):
    with pytest.raises(BadInput):
        check_slug(slug)


HOSTS = ["firm.example", "www.firm.example:8080", "xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://firm.example", "https://firm.example/"),
        ("https://firm.example/thanks?a=1&b=%20#end", "https://firm.example/thanks?a=1&b=%20#end"),
        ("http://FIRM.example/a", "http://firm.example/a"),
        ("HTTPS://firm.example/", "https://firm.example/"),
        ("https://www.firm.example:8080/", "https://www.firm.example:8080/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://firm.example/@evil.example", "https://firm.example/@evil.example"),
        ("https://firm.example//evil.example", "https://firm.example//evil.example"),
    ],
)
def test_an_address_on_a_listed_host_is_gone_to(address: str, expected: str):
    assert allowed_address(address, HOSTS) == expected
    assert allowed_address(expected, HOSTS) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/thanks",
        "thanks",
        "//evil.example",
        "//firm.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:\\\\evil.example",
        "https:/firm.example",
        "https:firm.example",
        "https:///evil.example",
        "https://evil.example",
        "https://evil.example/firm.example",
        "https://evil.example#firm.example",
        "https://evil.example?firm.example",
        "https://evil.example\\@firm.example",
        "https://firm.example\\.evil.example",
        "https://firm.example@evil.example",
        "https://evil.example@firm.example",
        "https://user:word@firm.example",
        "https://firm.example.evil.example",
        "https://notfirm.example",
        "https://firm.example:8080",
        "https://www.firm.example",
        "https://firm.example:99999",
        "https://firm.example:a",
        "https://firm.example\n.evil.example",
        "https://firm\t.example",
        " https://firm.example",
        "https://firm.example\u2028",
        "https://fırm.example",
        "https://firm。example.evil.example",
        "https://bucher.example",
        "https://[::1]/",
        "https://[firm.example]/",
        "javascript:alert(1)",
        "javascript://firm.example/%0aalert(1)",
        "data:text/html,hello",
        "ftp://firm.example",
    ],
)
def test_any_other_address_is_not(address: str):
    assert allowed_address(address, HOSTS) is None


@given(st.text(alphabet="/\\@:.#? \tfirm.exaplHTPS%", max_size=40))
def test_whatever_is_typed_leads_nowhere_else(text: str):
    found = allowed_address(f"https:{text}", ["firm.example"])
    assert found is None or found.startswith("https://firm.example/")


@pytest.mark.parametrize(
    ("typed", "host"), [(" Firm.Example ", "firm.example"), ("bücher.example:80", "xn--bcher-kva.example:80")]
)
def test_a_host_in_one_spelling(typed: str, host: str):
    assert host_of(typed) == host


@pytest.mark.parametrize(
    "typed", ["", "https://firm.example", "firm.example/a", "a b", "firm.example:x", "user@firm.example", ":80"]
)
def test_what_is_no_host(typed: str):
    with pytest.raises(BadInput):
        host_of(typed)
