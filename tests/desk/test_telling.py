"""What comes from below the desk is said in the reader's language, with numbers and days as they write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from assay.actions import gate
from assay.actions.actors import actor
from assay.actions.edits import correct
from assay.desk.telling import by_whom, told, told_answer, told_error, told_part
from assay.desk.templatetags.calendar import place, weekday
from assay.desk.templatetags.signing import device, sentence_case
from assay.desk.values import shown_value
from assay.domain.errors import MoveRefused
from assay.domain.ladder import Rung
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.records.models import Answer, Decision, Lead
from tests import cases
from tests.desk.reading import browser, text
from tests.people import NOW, an_mql, an_sql, mara, sam, sia

LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever a test speaks, the next starts in English."""
    with translation.override("en-gb"), time_machine.travel(LATER, tick=False):
        yield


def in_french(phrase: str) -> str:
    with translation.override("fr"):
        return told(phrase)


def a_part(**more: str | float) -> dict[str, str | float]:
    usual: dict[str, str | float] = {
        "axis": "fit",
        "name": "Budget",
        "points": 15.0,
        "sentence": "Budget: 15000 (+15)",
        "verdict": "match",
    }
    return usual | more


def policy() -> Policy:
    return cases.policy()


def test_a_phrase_is_told_with_days_numbers_and_words_of_the_reader():
    assert in_french(Phrase("Nurture until {day}", day=date(2026, 12, 4))) == "Entretenir jusqu’au 4 décembre 2026"
    assert in_french(Phrase("A lead on rung {rung} cannot {move} yet.", rung=Rung.SQL, move="open_deal")) == (
        "Pas encore possible à l’étape «\N{NO-BREAK SPACE}SQL\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: ouvrir une affaire."
    )
    assert in_french(Phrase("Not confirmed with a note: {point}.", point=("budget", "need"))) == (
        "Pas confirmé par une note\N{NO-BREAK SPACE}: Budget, Besoin."
    )
    assert told(Phrase("{move} starts from {origins}.", move="win", origins=Rung.OPPORTUNITY)) == (
        "win starts from opportunity."
    )


def test_a_time_is_told_in_the_readers_zone():
    at = datetime(2026, 11, 4, 9, 30, tzinfo=UTC)
    assert in_french(Phrase("Import {number} was undone at {at}.", number="7", at=at)) == (
        "L’import 7 a été annulé (4 novembre 2026 09:30)."
    )


def test_a_text_that_is_no_phrase_stays_as_it_is():
    assert in_french("Asked for a demo") == "Asked for a demo"


def test_an_error_is_told_with_what_to_do():
    error = MoveRefused("wrong_rung", Phrase("A lead on rung {rung} has no open deal.", rung=Rung.SAL), "Ask Sam.")
    with translation.override("de"):
        assert told_error(error) == "Ein Lead auf der Stufe „SAL“ hat keinen offenen Abschluss. Ask Sam."


def test_a_part_that_compared_a_number_groups_its_thousands():
    with translation.override("de"):
        assert told_part(a_part(), policy())["sentence"] == "Budget: 15.000"
    assert told_part(a_part(name="Size of old", sentence="Size of old: 15000 (+15)"), policy())["sentence"] == (
        "Size of old: 15000"
    )


def test_a_part_of_signals_is_told_with_its_points():
    said = "Viewed pricing 3 times in 6 days: +17.5 of at most 25"
    part = a_part(axis="intent", name="pricing", points=17.5, sentence=said, verdict="counted")
    with translation.override("fr"):
        assert (
            told_part(part, policy())["sentence"]
            == "Viewed pricing, 3 fois en 6 jours\N{NO-BREAK SPACE}: +17,5 sur 25 au plus"
        )


def test_values_are_shown_as_their_reader_writes_them():
    with translation.override("de"):
        assert shown_value("company.budget", 15000.0) == "15.000"
        assert shown_value("deal.value", "15000.00") == "15.000"
        assert shown_value("deal.close_date", "2026-12-04") == "4. Dezember 2026"
        assert shown_value("person.email_kind", "free") == "Freemail"
        assert shown_value("person.title", "") == "unbekannt"


@pytest.mark.django_db
def test_the_system_decides_under_a_name_of_the_readers_language():
    an_mql()
    decision = Decision.objects.get(move="promote")
    with translation.override("fr"):
        assert by_whom(decision) == "la règle"


@pytest.mark.django_db
def test_better_data_answers_with_the_names_of_facts():
    lead = an_mql()
    gate.reject(lead.pk, actor(sam()), NOW, reason="bad_data")
    correct(lead.pk, actor(mara()), LATER, {"person.title": "CFO", "company.employees": 42})
    said = Answer.objects.get().text
    assert said.startswith("Corrected: person.title")
    with translation.override("de"):
        assert told_answer(said).startswith("Korrigiert: Position, Mitarbeiter")
    assert told_answer("Corrected: the list, by hand") == "Corrected: the list, by hand"


@pytest.mark.django_db
def test_the_lead_page_speaks_the_readers_language():
    lead, who = an_sql(), sam()
    who.language = "fr"
    who.save()
    page = text(browser(who).get(f"/leads/{lead.pk}/"))
    for said in ("établir le contact", "Aucun échange n’a encore eu lieu", "la règle"):
        assert said in page


@pytest.mark.django_db
def test_a_lead_somebody_else_took_says_so_in_the_readers_language():
    lead, who = an_mql(), sam()
    gate.accept(lead.pk, actor(sia()), NOW)
    who.language = "de"
    who.save()
    client = browser(who)
    page = text(client.post(f"/leads/{lead.pk}/move/reject/", {"reason": "too_early"}, follow=True))
    assert "Sia hat über Lead" in page or "kann an Lead" in page
    assert Lead.objects.get().owner == sia()


# --- The pages of the sign-in library ------------------------------------------------------------------------


def test_titles_have_capitals_at_their_start_only():
    assert sentence_case("Change Password") == "Change password"
    assert sentence_case("Two-Factor Authentication") == "Two-factor authentication"
    assert sentence_case("IP Address") == "IP address"
    assert sentence_case("Add WebAuthn Key") == "Add WebAuthn key"
    with translation.override("de"):
        assert sentence_case("Passwort Ändern") == "Passwort Ändern"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on macOS"),
        ("Teapot", "Teapot"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_called_by_its_name(agent: str, said: str):
    assert device(agent) == said


def test_the_calendar_is_told_in_words():
    with translation.override("fr"):
        assert [weekday("mon"), weekday("sun"), place("FR"), place("DE-BY")] == [
            "Lundi",
            "Dimanche",
            "France",
            "Allemagne (BY)",
        ]
