"""Forms in the desk: the list, building one without losing what was typed, putting it on a website, how it does."""

import html
import re
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from assay.actions.actors import actor
from assay.actions.form_editing import save_form
from assay.actions.forms import Entry, count_refusal, submit
from assay.desk.paging import SIZE
from assay.records.forms import FormReason
from assay.records.models import ConsentText, Form
from tests import people
from tests.desk.reading import Page, browser, queries, text
from tests.forms import CONSENT, a_draft, a_form, fill_in

pytestmark = pytest.mark.django_db

SETTINGS = {
    "name": "Demo request", "slug": "", "title": "", "source": "Website", "campaign": "Spring", "kind": "demo_request",
    "language": "en", "button": "", "consent": CONSENT, "thanks": "", "redirect": "", "hosts": "",
}  # fmt: skip
QUESTIONS = {
    "count": "3",
    "field-0-what": "email", "field-0-label": "Work email", "field-0-required": "on",
    "field-1-what": "name", "field-1-label": "",
    "field-2-what": "", "field-2-name": "Team size", "field-2-label": "How many?", "field-2-progressive": "on",
}  # fmt: skip


@pytest.fixture
def mara() -> Client:
    caches["memory"].clear()
    return browser(people.mara())


def build(client: Client, do: str = "save", at: str = "/forms/new/", **said: str) -> Page:
    return client.post(at, {**SETTINGS, **QUESTIONS, **said, "do": do})


def labels(page: Page) -> list[str]:
    """The texts of the questions in the builder, in their order."""
    found = re.findall(r'name="field-\d+-label" value="([^"]*)"|name="field-\d+-label"', page.content.decode())
    return [html.unescape(label) for label in found]


def in_came(form: Form, number: int, *, confirm_first: bool = False) -> None:
    row = people.a_row(f"somebody{number}@north.example")
    submit(form, Entry(f"t{number}", form.consent.pk, row), timezone.now(), confirm_first=confirm_first)


class TestList:
    def test_with_nothing_on_it_it_says_what_to_do(self, mara: Client):
        assert "Build the first form" in text(mara.get("/forms/"))

    def test_a_form_with_what_it_brought(self, mara: Client):
        form = a_form()
        for number in range(3):
            in_came(form, number, confirm_first=number == 2)
        page = text(mara.get("/forms/"))
        assert re.search(r"Demo request /f/demo/ Open Website, Spring 2 1 just now", page)

    def test_it_takes_as_many_queries_however_many_there_are(self, mara: Client):
        in_came(a_form(), 0)
        before = queries(mara, "/forms/")
        for number in range(1, 10):
            in_came(a_form(slug=f"form-{number}", name=f"Form {number}"), number)
        assert queries(mara, "/forms/") == before

    def test_long_lists_have_pages(self, mara: Client):
        for number in range(SIZE + 5):
            save_form(a_draft(slug=f"form-{number}", name="Same"), actor(people.mara()), timezone.now())
        first = mara.get("/forms/").content.decode()
        after = html.unescape(re.findall(r'href="([^"]*after=[^"]*)"', first)[0])
        assert len(re.findall("/f/form-", first)) == SIZE
        assert len(re.findall("/f/form-", mara.get(after).content.decode())) == 5


class TestBuilding:
    def test_a_new_form_begins_with_what_most_forms_ask(self, mara: Client):
        assert labels(mara.get("/forms/new/")) == ["Work email", "Your name", "Company", "Your role"]

    def test_it_is_kept_as_it_was_built(self, mara: Client):
        answer = build(mara)
        form = Form.objects.get()
        assert answer["Location"] == f"/forms/{form.pk}/"
        assert (form.slug, form.source.name, str(form.campaign), form.kind) == (
            "demo-request", "Website", "Spring", "demo_request",
        )  # fmt: skip
        assert [(field.name, field.label, field.required, field.progressive) for field in form.questions] == [
            ("email", "Work email", True, False),
            ("name", "Name", False, False),
            ("Team size", "How many?", False, True),
        ]
        assert not form.active, "nobody sees a form before it is opened"

    @pytest.mark.parametrize(
        ("do", "expected"),
        [
            ("add", ["Work email", "", "How many?", ""]),
            ("remove-1", ["Work email", "How many?"]),
            ("up-2", ["Work email", "How many?", ""]),
            ("down-0", ["", "Work email", "How many?"]),
            ("up-0", ["Work email", "", "How many?"]),
            ("down-2", ["Work email", "", "How many?"]),
            ("look", ["Work email", "", "How many?"]),
            ("remove-9", ["Work email", "", "How many?"]),
            ("nonsense", ["Work email", "", "How many?"]),
        ],
    )
    def test_questions_come_go_and_move_without_anything_being_saved(self, do: str, expected: list[str], mara: Client):
        page = build(mara, do, consent="Typed before")
        assert labels(page) == [label or "" for label in expected]
        assert "Typed before" in page.content.decode()
        assert not Form.objects.exists()

    def test_with_htmx_only_the_builder_comes_back(self, mara: Client):
        page = mara.post("/forms/new/", {**SETTINGS, **QUESTIONS, "do": "add"}, headers={"HX-Target": "builder"})
        assert page.content.decode().lstrip().startswith('<form class="columns" id="builder"')

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"name": ""}, "This field is required"),
            ({"slug": "Über uns"}, "cannot stand in an address"),
            ({"field-0-what": "title"}, "A form asks for the email"),
            ({"field-1-what": "", "field-1-name": ""}, "names no fact"),
            ({"redirect": "https://evil.example/", "hosts": "firm.example"}, "not on one of the websites"),
            ({"redirect": "//evil.example", "hosts": "evil.example"}, "not on one of the websites"),
            ({"kind": "nothing"}, "not one of the available choices"),
        ],
    )
    def test_what_cannot_be_kept_says_why_and_loses_nothing(self, said: dict[str, str], sentence: str, mara: Client):
        page = build(mara, **said)
        assert page.status_code == 422
        assert sentence in text(page)
        assert "Team size" in page.content.decode()
        assert not Form.objects.exists()

    def test_another_wording_of_the_consent_is_another_version(self, mara: Client):
        form = a_form()
        build(mara, at=f"/forms/{form.pk}/edit/", slug="demo", consent="Another one.")
        assert list(ConsentText.objects.order_by("version").values_list("text", flat=True)) == [CONSENT, "Another one."]
        assert "Version 2" in text(mara.get(f"/forms/{form.pk}/"))

    def test_the_preview_shows_what_a_stranger_is_asked(self, mara: Client):
        page = text(build(mara, "look", title="See it", button="Show me"))
        assert re.search(r"See it Work email Name \(optional\) You may write to me about the product\. Show me", page)
        assert "Asked once other answers are known: How many?" in page

    def test_without_a_mail_server_confirming_by_mail_cannot_be_chosen(self, mara: Client, settings: Any):
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        page = mara.get("/forms/new/").content.decode()
        assert re.search(r'name="double_opt_in"[^>]*disabled', page)
        assert "There is no mail server yet" in page
        build(mara, double_opt_in="on")
        assert not Form.objects.get().double_opt_in

    def test_a_form_that_is_not_there(self, mara: Client):
        for path in ("/forms/0/", "/forms/0/edit/"):
            assert mara.get(path).status_code == 404


class TestForm:
    def test_the_code_for_a_website(self, mara: Client):
        form = a_form(name='Demo "now"')
        page = html.unescape(html.unescape(mara.get(f"/forms/{form.pk}/").content.decode()))
        assert '<script src="http://testserver/static/forms/embed.js" data-form="demo"' in page
        assert '<iframe src="http://testserver/f/demo/embed/"' in page
        assert 'value="http://testserver/f/demo/"' in page

    def test_opening_and_closing(self, mara: Client):
        form = save_form(a_draft(), actor(people.mara()), timezone.now())
        where = f"/forms/{form.pk}/switch/"
        assert mara.get(where).status_code == 405
        assert "is open to everybody" in text(mara.post(where, {"active": "yes"}, follow=True))
        assert mara.get("/f/demo/").status_code == 200
        assert "is closed" in text(mara.post(where, follow=True))
        assert mara.get("/f/demo/").status_code == 404

    def test_one_that_would_mail_and_cannot_is_not_opened(self, mara: Client, settings: Any):
        form = save_form(a_draft(double_opt_in=True), actor(people.mara()), timezone.now())
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        page = text(mara.post(f"/forms/{form.pk}/switch/", {"active": "yes"}, follow=True))
        assert "needs a mail server" in page
        assert "nobody can send it" in page
        assert not Form.objects.get().active

    def test_what_came_in_and_what_was_not_taken(self, mara: Client):
        form = a_form()
        fill_in(form)
        in_came(form, 1, confirm_first=True)
        for _ in range(4):
            count_refusal(form, FormReason.TRAP, timezone.now())
        page = text(mara.get(f"/forms/{form.pk}/"))
        assert re.search(r"somebody1@north\.example just now Waits for its mail Nina North just now A lead", page)
        assert re.search(r"Filled in the field that people do not see just now 4", page)

    def test_it_takes_as_many_queries_however_much_came_in(self, mara: Client):
        form = a_form()
        in_came(form, 0)
        before = queries(mara, f"/forms/{form.pk}/")
        for number in range(1, 30):
            in_came(form, number)
        assert queries(mara, f"/forms/{form.pk}/") == before

    def test_a_form_is_marketings(self):
        form = a_form()
        for user in (people.sam(), people.vic(), people.ada()):
            assert browser(user).get(f"/forms/{form.pk}/").status_code == 403
