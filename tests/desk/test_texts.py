"""The pages speak French and German too, wholly, and the compiled catalogues are those of the texts."""

import gettext
import re
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from assay.desk.texts import LANGUAGES, LOCALE, catalogue, collected, untranslated


def test_texts_are_found_in_templates_and_in_code():
    found = {message.id for message in collected()}
    assert {"Skip to content", "My work"} <= found


def test_phrases_of_the_domain_and_of_the_verbs_are_found():
    found = {message.id for message in collected()}
    assert {"Make contact", "{name}: not known", "Open one first."} <= found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_pages_is_translated(language: str):
    assert untranslated(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str):
    known = catalogue(language)
    for message in known:
        if message.id:
            assert list(message.check(known)) == [], message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_phrase_names_nothing_that_the_english_does_not(language: str):
    for message in catalogue(language):
        if isinstance(message.id, str) and "%(" not in message.id:
            assert names(str(message.string)) <= names(message.id), message.id


def names(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str):
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as kept:
        assert gettext.GNUTranslations(kept)._catalog == gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
