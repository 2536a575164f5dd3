"""Contact: which spellings are the same address, company, number and country."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.contact import (
    company_domain,
    country_code,
    email_identity,
    email_kind,
    mail_domain,
    phone_identity,
)

# --- Email addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    [
        "ann@example.com",
        "  Ann@Example.COM\n",
        "ann+newsletter@example.com",
        "ann+a.b+c@example.com",
        "mailto:ann@example.com?subject=Hello",
        "Ann Lee <ann@example.com>",
        '"Lee, Ann" <mailto:Ann@example.com>',
        "<ann@example.com>",
        "'ann@example.com'",
        "ann@example.com;",
        "\ufeffann@example.com\u200b",
        "ａｎｎ＠example.com",
    ],
)
def test_every_spelling_of_an_address_is_the_same_person(spelling):
    assert email_identity(spelling) == "ann@example.com"


@pytest.mark.parametrize(
    "spelling", ["annlee@gmail.com", "Ann.Lee@gmail.com", "a.n.n.lee+x@googlemail.com", "Ann <AnnLee@GoogleMail.com>"]
)
def test_gmail_knows_no_dots_and_one_domain(spelling):
    assert email_identity(spelling) == "annlee@gmail.com"


def test_dots_tell_people_apart_elsewhere():
    assert email_identity("ann.lee@example.com") != email_identity("annlee@example.com")


@pytest.mark.parametrize(
    "spelling", ["ann@münchen.de", "ann@MÜNCHEN.de", "ann@mu\u0308nchen.de", "ann@xn--mnchen-3ya.de"]
)
def test_an_international_domain_has_one_form(spelling):
    assert email_identity(spelling) == "ann@xn--mnchen-3ya.de"


@pytest.mark.parametrize(
    ("address", "identity"),
    [
        ("Jürgen@example.com", "jürgen@example.com"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("+only-a-tag@example.com", "+only-a-tag@example.com"),
        ("a.+tag@example.com", "a@example.com"),
        ("ann@acme.test", "ann@acme.test"),
        ("ann@printer.local", "ann@printer.local"),
        ("ann+tag.with.dots@printer.local", "ann@printer.local"),
    ],
)
def test_unusual_addresses_are_addresses_too(address, identity):
    assert email_identity(address) == identity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@localhost",
        "ann@example..com",
        "ann..lee@example.com",
        ".ann@example.com",
        "ann.@example.com",
        "ann@-example.com",
        "ann@ab--cd.com",
        "ann lee@example.com",
        "ann@example.com, bob@example.com",
        "ann@[127.0.0.1]",
        "ann@127.0.0.1",
        '"ann lee"@example.com',
        "ann@" + "a" * 64 + ".com",
        "ann@" + "a." * 200 + "com",
        "<" * 5_000 + "ann@example.com",
    ],
)
def test_what_is_no_address_has_no_identity(text):
    assert email_identity(text) is None


locals_and_domains = st.builds(
    "{}@{}".format,
    st.text(st.sampled_from("abzABZ019._-+'éßİı ") | st.characters(), min_size=1, max_size=70),
    st.sampled_from(["example.com", "Gmail.com", "googlemail.com", "münchen.de", "xn--mnchen-3ya.de", "a-b.co.uk"])
    | st.text(st.sampled_from("abzABZ019.-ü"), max_size=70),
)


@given(st.emails() | locals_and_domains)
def test_an_identity_is_its_own_identity(text):
    identity = email_identity(text)
    assert identity is None or email_identity(identity) == identity


plain_addresses = st.from_regex(r"\A[a-z0-9._+-]{1,9}@[a-z0-9.-]{1,9}\.(com|co|x1|c)\Z")


@given(plain_addresses)
def test_the_quick_look_at_plain_addresses_sees_what_the_library_sees(address):
    assert email_identity(address) == email_identity(f"<{address}>")


@given(st.emails())
def test_case_wrapping_and_tags_do_not_change_an_identity(address):
    identity = email_identity(address)
    local, _, domain = address.partition("@")
    assert email_identity(f" Ann <{address.upper()}> ") == identity
    if "+" not in local and len(local) < 50:
        assert email_identity(f"{local}+tag@{domain}") == identity


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("ann@acme.com", "work"),
        ("ann@gmail.com", "free"),
        ("ann@yahoo.co.uk", "free"),
        ("ann@mailinator.com", "disposable"),  # the lists of free mail have it, too
        ("ann@inbox.mailinator.com", "disposable"),
    ],
)
def test_a_mailbox_is_for_work_free_or_to_throw_away(address, kind):
    assert email_kind(address) == kind


def test_mailbox_and_company_come_in_one_look():
    assert mail_domain("ann@mail.acme.co.uk") == ("work", "acme.co.uk")
    assert mail_domain("ann@gmail.com") == ("free", None)


# --- Companies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("ann@acme.com", "acme.com"),
        ("ann@mail.eu.acme.co.uk", "acme.co.uk"),
        ("Ann <ann@acme.com>", "acme.com"),
        ("mailto:ann@acme.com", "acme.com"),
        ("acme.com", "acme.com"),
        (" WWW.Acme.COM. ", "acme.com"),
        ("https://www.acme.de:8443/a?mail=b@c.com#d", "acme.de"),
        ("https://user:password@acme.com/", "acme.com"),
        ("//acme.com/about", "acme.com"),
        ("acme.com/contact@us", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("acme.github.io", "acme.github.io"),
        ("www.acme.example", "acme.example"),
        ("acme.test", "acme.test"),
        ("ann@linkedin.com", "linkedin.com"),
    ],
)
def test_a_company_is_keyed_by_its_registrable_domain(text, domain):
    assert company_domain(text) == domain


@pytest.mark.parametrize(
    "text",
    [
        "ann@gmail.com",
        "ann@mailinator.com",
        "https://mail.yahoo.com/",
        "co.uk",
        "github.io",
        "127.0.0.1",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
        "localhost",
        "intranet",
        "acme.no-such-suffix",
        "acme..com",
        "Acme Inc.",
        "https://www.linkedin.com/company/acme",
        "facebook.com/acme",
        "-",
        "",
    ],
)
def test_what_tells_no_company_has_no_domain(text):
    assert company_domain(text) is None


@given(st.text(max_size=60) | st.emails())
def test_a_company_domain_is_its_own_company(text):
    domain = company_domain(text)
    assert domain is None or company_domain(domain) == domain


# --- Phone numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+33 1 42 68 53 00", None),
        ("01.42.68.53.00", "FR"),
        ("+33 (0)1 42 68 53 00", "US"),
        ("0033 1 42 68 53 00", None),
        ("00 33 1 42 68 53 00", "FR"),
        ("tel: +33142685300", None),
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(text, country):
    assert phone_identity(text, country) == "+33142685300"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("01 42 68 53 00", None),  # of which country?
        ("01 42 68 53 00", "Atlantis"),
        ("12", "FR"),
        ("call me", "FR"),
        ("", "FR"),
        ("9" * 300, "FR"),
        ("+33 1 42 68 53 00 ext. 5", None),  # a switchboard is not one person's
    ],
)
def test_what_is_not_one_persons_number_has_no_identity(text, country):
    assert phone_identity(text, country) is None


# --- Countries -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("GB", ["GB", "gb", "GBR", "UK", "U.K.", "United Kingdom", "England", "Great Britain", "Royaume-Uni"]),
        ("US", ["US", "USA", "U.S.A.", "United States", "the United States of America", "Vereinigte Staaten"]),
        ("DE", ["de", "DEU", "Germany", "Deutschland", "Allemagne", "Германия"]),
        ("ES", ["España", "ESPANA", "Spain"]),
        ("AT", ["Österreich", "Osterreich", "Austria"]),
        ("CI", ["Côte d’Ivoire", "Cote d'Ivoire", "Ivory Coast"]),
        ("KR", ["South Korea", "Republic of Korea", "Korea, Republic of"]),
        ("NL", ["Netherlands", "The Netherlands", "Holland"]),
        ("LC", ["Saint Lucia", "St. Lucia"]),
        ("TT", ["Trinidad and Tobago", "Trinidad & Tobago"]),
        ("JP", ["日本", "Japan"]),
        ("TR", ["Türkiye", "Turkey"]),
    ],
)
def test_a_country_is_known_by_code_and_name(code, names):
    assert {name: country_code(name) for name in names} == dict.fromkeys(names, code)


@pytest.mark.parametrize("text", ["", "Paris", "Atlantis", "EU", "Europe", "ZZ", "ZZZ", "XX", "276", "SU", "-"])
def test_what_is_no_one_country_has_no_code(text):
    assert country_code(text) is None


def test_the_libraries_load_only_when_they_are_used():
    heavy = {"tldextract", "phonenumbers", "babel", "email_validator", "requests"}
    script = f"import sys, assay.domain.contact; print({heavy!r} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "set()"
