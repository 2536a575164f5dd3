"""Filling a form in: what is taken, what is not and why, and that nothing typed is lost."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import mail
from django.test import Client

from assay.actions.actors import actor
from assay.actions.form_editing import save_form
from assay.domain.forms import Field
from assay.intake.forms import answers, proof
from assay.intake.forms.tickets import LONGEST, SOONEST, Ticket
from assay.intake.forms.visits import NOBODY, TRIES
from assay.records.forms import FormReason
from assay.records.models import Form, FormRefusal, Identity, Lead, Person, Signal, Submission
from tests.forms import COMPANY, EMAIL, FORM, NAME, NINA, SEATS, TITLE, a_draft, a_form, a_ticket, fill_in, solved
from tests.people import NOW, a_lead, mara

pytestmark = pytest.mark.django_db


def read(answer: Any) -> str:
    """The page as somebody reads it."""
    return html.unescape(answer.content.decode())


def reasons() -> dict[str, int]:
    return dict(FormRefusal.objects.values_list("reason", "count"))


def inputs(answer: Any) -> dict[str, str]:
    """The names of a page's inputs, with their values."""
    found = re.findall(r"<input[^>]*>", answer.content.decode())
    named = ((re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in found)
    return {name[1]: html.unescape(value[1]) if value else "" for name, value in named if name}


class TestTaking:
    def test_the_page_as_a_browser_sends_it(self, client: Client) -> None:
        form = a_form()
        with time_machine.travel(datetime(2026, 11, 5, 9, tzinfo=UTC), tick=False) as clock:
            page = client.get("/f/demo/?utm_source=mail", headers={"referer": "https://news.example/a"})
            sent = inputs(page)
            action = html.unescape(re.findall(r'action="([^"]*)"', page.content.decode())[0])
            clock.shift(SOONEST)
            ticket = Ticket.read(sent["ticket"])
            assert ticket
            more = {"proof": solved(ticket), "a--consent": "on", **{f"a-{key}": text for key, text in NINA.items()}}
            answer = client.post(f"/f/demo/{action}", urlencode(sent | more), content_type=FORM)
        assert answer.status_code == 200
        assert "Thank you" in read(answer)
        submission = Submission.objects.get()
        assert submission.form == form
        assert submission.person == Person.objects.get(email="Nina@North.example")
        assert submission.context == {"utm_source": "mail", "referrer": "https://news.example/a"}
        assert submission.network == "127.0.0.0/24"

    def test_its_source_is_the_forms_own_unless_that_leaves_it_to_the_visit(self) -> None:
        came = urlencode({"referrer": "https://chatgpt.com/", "utm_campaign": "Autumn"})
        fill_in(a_form(), query=came)
        fill_in(a_form(slug="open", source_of_visit=True), NINA | {"person.email": "o@north.example"}, query=came)
        fill_in(a_form(slug="quiet", source_of_visit=True), NINA | {"person.email": "q@north.example"})
        leads = Lead.objects.order_by("pk").values_list("source__name", "campaign__name")
        assert list(leads) == [("Website", "Spring"), ("ChatGPT (assistant)", "Autumn"), ("Website", "Spring")]

    def test_it_goes_on_where_the_form_says(self) -> None:
        form = a_form(redirect="https://www.firm.example/thanks", hosts=["www.firm.example"])
        answer = fill_in(form)
        assert answer.status_code == 303
        assert answer["Location"] == "https://www.firm.example/thanks"

    def test_a_page_may_say_where_to_go_on_if_that_is_allowed(self) -> None:
        form = a_form(hosts=["firm.example"])
        for number, (asked, goes_on) in enumerate(
            [
                ("https://firm.example/a", True),
                ("//evil.example", False),
                ("https://evil.example\\@firm.example", False),
            ]
        ):
            answer = fill_in(
                form, NINA | {"person.email": f"n{number}@north.example"}, query=urlencode({"thanks": asked})
            )
            assert (answer.status_code == 303) is goes_on, asked
            assert "evil.example" not in answer.content.decode()

    def test_in_a_frame_the_page_around_it_is_asked_to_go_on(self) -> None:
        form = a_form(redirect="https://www.firm.example/thanks", hosts=["www.firm.example"])
        answer = fill_in(form, path="embed/")
        assert answer.status_code == 200
        assert 'data-thanks="https://www.firm.example/thanks"' in answer.content.decode()

    def test_the_same_page_sent_twice_is_one(self) -> None:
        form = a_form()
        ticket = a_ticket(form)
        assert [fill_in(form, ticket=ticket).status_code for _ in range(2)] == [200, 200]
        assert (Submission.objects.count(), Lead.objects.count(), Signal.objects.count()) == (1, 1, 1)

    def test_answers_are_read_as_those_of_a_file(self) -> None:
        phone, country = Field("phone", "Phone"), Field("country", "Country")
        form = a_form(fields=[EMAIL, phone, country, Field("Team size", "Seats?")])
        fill_in(form, {"person.email": "nina@north.example", "person.phone": "040 123456", "company.country": "germany",
                       "lead.team_size": " 40 "})  # fmt: skip
        lead = Lead.objects.get()
        assert lead.person.phone == "+4940123456"
        assert lead.facts["company.country"] == "DE"
        assert lead.facts["lead.team_size"] == "40"

    def test_the_thanks_speak_the_language_of_the_form(self) -> None:
        assert "Vielen Dank" in read(fill_in(a_form(language="de")))

    def test_the_agreement_names_the_version_on_the_page(self) -> None:
        form = a_form()
        ticket = a_ticket(form)
        save_form(a_draft(consent="Another wording."), actor(mara()), NOW, form.pk)
        fill_in(Form.objects.get(), ticket=ticket)
        assert Submission.objects.get().consent.version == 1


class TestRefusing:
    @pytest.mark.parametrize(
        ("reason", "more"),
        [
            (FormReason.TRAP, {"website": "https://spam.example"}),
            (FormReason.NOT_OURS, {"ticket": "forged"}),
            (FormReason.NO_CONSENT, {"a--consent": ""}),
            (FormReason.INCOMPLETE, {"a-person.name": ""}),
            (FormReason.INCOMPLETE, {"a-person.email": "nobody"}),
            (FormReason.INCOMPLETE, {"a-company.name": "x" * 301}),
            (FormReason.UNUSABLE, {"a-company.name": "=HYPERLINK(1)"}),
        ],
    )
    def test_it_says_what_to_do_and_keeps_what_was_typed(self, reason: FormReason, more: dict[str, str]) -> None:
        answer = fill_in(a_form(), more=more)
        assert answer.status_code == 422
        assert re.search(r'role="alert">[^<]+\.<', answer.content.decode())
        kept = inputs(answer)
        for key, text in NINA.items():
            name = f"a-{key}"
            assert kept[name] == more.get(name, text)
        assert reasons() == {reason: 1}
        assert not Submission.objects.exists()

    def test_a_machine_is_quick(self) -> None:
        form = a_form()
        ticket = a_ticket(form, age=timedelta(seconds=1))
        answer = fill_in(form, ticket=ticket)
        assert answer.status_code == 422
        assert inputs(answer)["ticket"] == str(ticket), "the clock of the page goes on"
        assert reasons() == {FormReason.TOO_FAST: 1}

    def test_a_page_that_was_open_for_long_gets_a_new_ticket(self) -> None:
        form = a_form()
        old = a_ticket(form, age=LONGEST + timedelta(minutes=1))
        answer = fill_in(form, ticket=old, proof="")
        assert reasons() == {FormReason.TOO_OLD: 1}
        assert inputs(answer)["ticket"] != str(old)

    def test_a_ticket_is_good_for_its_form_only(self) -> None:
        form, other = a_form(), a_form(slug="other", name="Other")
        fill_in(form, ticket=a_ticket(other))
        assert reasons() == {FormReason.NOT_OURS: 1}

    def test_too_many_from_one_address_are_told_to_wait(self) -> None:
        form = a_form()
        for _ in range(TRIES):
            fill_in(form, ticket="forged")
        answers = [fill_in(form) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [429] * 3
        assert inputs(answers[0])["a-person.name"] == "Nina North"
        assert reasons() == {FormReason.NOT_OURS: TRIES, FormReason.TOO_MANY: 1}
        elsewhere = fill_in(form, client=Client(REMOTE_ADDR="198.51.100.7"))
        assert elsewhere.status_code == 200

    def test_what_was_typed_is_shown_as_text(self) -> None:
        answer = fill_in(a_form(), NINA | {"person.name": '"><script>alert(1)</script>', "person.email": "x"})
        assert "<script>alert" not in answer.content.decode()


class TestProof:
    def test_without_it_and_without_a_mail_server_the_form_is_not_taken(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        answer = fill_in(a_form(), proof="")
        assert answer.status_code == 422
        assert "JavaScript" in read(answer)
        assert reasons() == {FormReason.NO_PROOF: 1}

    @pytest.mark.parametrize("text", ["", "nonsense", "e30=", "W10=", "MQ==", "=" * 10])
    def test_what_is_no_proof_asks_to_confirm_by_mail(self, text: str) -> None:
        answer = fill_in(a_form(), proof=text)
        assert "Please look into your mail" in read(answer)
        assert not Lead.objects.exists()
        assert len(mail.outbox) == 1

    def test_a_proof_is_good_for_its_page_only(self) -> None:
        form = a_form()
        answer = fill_in(form, proof=solved(a_ticket(form)))
        assert "Please look into your mail" in read(answer)

    def test_a_proof_made_easier_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        form = a_form()
        ticket = a_ticket(form)
        monkeypatch.setattr(proof, "PREFIX", "")
        monkeypatch.setattr(proof, "_secret", lambda: "somebody else's")
        easy = solved(ticket)
        monkeypatch.undo()
        assert not proof.holds(easy, ticket)


class TestKnownBrowser:
    @pytest.fixture
    def form(self) -> Form:
        return a_form(fields=[EMAIL, NAME, COMPANY, TITLE, SEATS])

    @pytest.fixture
    def nina(self) -> Lead:
        lead = a_lead(email="nina@north.example", name="Nina North", title=None, company="North")
        Identity.objects.create(kind="visitor", value="v-1", person=lead.person, created_at=NOW)
        return lead

    def test_it_is_not_asked_again_and_never_told(self, form: Form, nina: Lead, client: Client) -> None:
        page = client.get("/f/demo/embed/?visitor=v-1")
        assert {name for name in inputs(page) if name.startswith("a-")} == {
            "a-person.title",
            "a-lead.team_size",
            "a--consent",
        }
        assert not re.search("nina|north", page.content.decode(), re.IGNORECASE)

    def test_its_answers_are_the_persons(self, form: Form, nina: Lead) -> None:
        answer = fill_in(form, {"person.title": "CFO", "lead.team_size": "40"}, query="visitor=v-1")
        assert answer.status_code == 200
        assert not re.search("nina|north", answer.content.decode(), re.IGNORECASE)
        lead = Lead.objects.get()
        assert (lead.person.title, lead.facts["lead.team_size"]) == ("CFO", "40")

    def test_a_browser_of_nobody_is_asked_everything(self, form: Form, nina: Lead, client: Client) -> None:
        for query in ("", "?visitor=v-2", "?visitor=" + "v" * 400):
            assert "a-person.email" in inputs(client.get(f"/f/demo/{query}"))

    def test_somebody_else_at_it_can_be_asked_everything(self, form: Form, nina: Lead, client: Client) -> None:
        page = client.get("/f/demo/?visitor=v-1&utm_source=mail").content.decode()
        assert '<a href="?utm_source=mail">' in page

    def test_what_was_answered_to_an_older_page_is_kept(self, form: Form, nina: Lead) -> None:
        other = NINA | {"person.email": "otto@oak.example", "person.name": "Otto Oak"}
        fill_in(form, other, query="visitor=v-1")
        assert Person.objects.filter(email="otto@oak.example").exists()
        assert Identity.objects.get(kind="visitor").person == nina.person

    def test_a_mail_goes_to_an_address_that_was_typed(self, nina: Lead, client: Client) -> None:
        a_form(slug="sure", name="Sure", double_opt_in=True)
        assert "a-person.email" in inputs(client.get("/f/sure/?visitor=v-1"))


def test_every_question_can_be_filled_in_by_the_browser() -> None:
    fields = list(answers.questions(a_form(), NOBODY).fields.values())
    assert [field.widget.attrs["autocomplete"] for field in fields[:3]] == ["email", "name", "organization"]
