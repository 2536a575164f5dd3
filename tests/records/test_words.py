"""The words of a lead, and what a search finds by them, alike on both databases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.records.models import Lead, LeadText
from assay.records.words import LONGEST, matching, wanted_words, words_of
from tests.people import a_lead
from tests.records.dump import taken_back


def test_a_lead_is_filed_under_names_addresses_and_your_own_id():
    filed = words_of("Zoë Müller-Lüdenscheidt", "zoe.m@acme.co.uk", "Booking.com B.V.", "acme.co.uk", "C-17")
    assert set(filed.split()) == {
        *("zoe", "muller", "ludenscheidt", "zoe.m@acme.co.uk", "m", "acme.co.uk"),
        *("booking.com", "booking", "com", "b.v", "b", "v", "c", "17"),
    }


def test_nothing_known_is_no_word():
    assert words_of("", "", "", "", "") == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Nina   NORTH ", ["nina", "north"]),
        ("nina nina", ["nina"]),
        ("Jean-Luc", ["jean", "luc"]),
        ("nina@nor", ["nina@nor"]),
        ("<nina@north.example>,", ["nina@north.example"]),
        ("Dr. Meier", ["dr", "meier"]),
        ("… !?", []),
        ("a b c d e f g h", list("abcdef")),
    ],
)
def test_a_search_wants_these_words(text: str, words: list[str]):
    assert wanted_words(text) == words


def test_words_are_not_kept_longer_than_anybody_types():
    assert words_of("x" * 300, "", "", "", "") == "x" * LONGEST
    assert wanted_words("x" * 300) == ["x" * LONGEST]


@pytest.mark.django_db
@given(
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30),
    data=st.data(),
)
def test_whoever_has_a_name_is_found_by_the_beginning_of_its_words(name: str, data: st.DataObject):
    words = wanted_words(name)
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    beginning = word[: data.draw(st.integers(1, len(word)))]
    with taken_back():
        lead = a_lead(name="Somebody Else")
        LeadText.objects.filter(lead=lead).delete()
        LeadText.objects.create(lead=lead, words=words_of(name, "", "", "", ""))
        for typed in (word, beginning):
            if wanted_words(typed) == [typed]:
                assert Lead.objects.filter(matching(typed)).exists(), (name, typed)


@pytest.mark.django_db
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_no_text_is_beyond_the_search(text: str):
    assert not Lead.objects.filter(matching(text)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["o'bri", "O'Brien@a&b.example", "a\\b@c.d", 'q"x@y.z', "*@*", "nina* OR ben", "NEAR(a b)"]
)
def test_signs_of_a_query_language_are_letters_like_others(text: str):
    lead = a_lead(name=text, email=None, lead_id="1")
    assert Lead.objects.filter(matching(text)).get() == lead
