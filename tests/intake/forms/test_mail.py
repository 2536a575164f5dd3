"""The mail that asks to confirm, over real SMTP, and its link."""

import re
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assay.actions.forms import GOOD_FOR
from assay.records.forms import FormReason
from assay.records.models import Consent, FormRefusal, Lead, Submission
from tests.forms import CONSENT, FORM, NINA, a_form, a_ticket, fill_in
from tests.postbox import Postbox, parts

pytestmark = pytest.mark.django_db


def link(mail: Message) -> str:
    """Where the link leads on our server."""
    found = re.search(r"http://testserver(/f/confirm/\S+/)", parts(mail)["text/plain"])
    assert found
    return found[1]


def press(client: Client, where: str) -> Any:
    """Press the button of the page behind the link."""
    return client.post(where, "yes=1", content_type=FORM)


def test_a_mail_has_text_html_link_and_what_was_agreed_to(postbox: Postbox) -> None:
    answer = fill_in(a_form(double_opt_in=True))
    assert "Nina@North.example" in answer.content.decode()
    [mail] = postbox.mails
    assert postbox.recipients == ["Nina@North.example"]
    assert mail["Subject"] == "Please confirm: Demo request"
    texts = parts(mail)
    assert set(texts) == {"text/plain", "text/html"}
    for text in texts.values():
        assert link(mail) in text
        assert CONSENT in text


def test_following_the_link_changes_nothing_and_its_button_makes_the_lead_once(
    postbox: Postbox, client: Client
) -> None:
    fill_in(a_form(double_opt_in=True))
    where = link(postbox.mails[0])
    for _ in range(2):  # once by a program that looks for viruses
        page = client.get(where)
        assert "Yes, it was me" in page.content.decode()
        assert not Lead.objects.exists()
    assert "Thank you" in press(client, where).content.decode()
    assert Lead.objects.count() == Consent.objects.count() == 1
    for again in (client.get(where), press(client, where)):
        assert "confirmed already" in again.content.decode()
    assert Lead.objects.count() == 1


def test_after_confirming_it_goes_on_where_the_form_says(postbox: Postbox, client: Client) -> None:
    fill_in(a_form(double_opt_in=True, redirect="https://www.firm.example/", hosts=["www.firm.example"]))
    answer = press(client, link(postbox.mails[0]))
    assert (answer.status_code, answer["Location"]) == (303, "https://www.firm.example/")


def test_a_link_runs_out(postbox: Postbox, client: Client) -> None:
    fill_in(a_form(double_opt_in=True))
    with time_machine.travel(timezone.now() + GOOD_FOR + timedelta(minutes=1)):
        answer = press(client, link(postbox.mails[0]))
    assert answer.status_code == 410
    assert "run out" in answer.content.decode()
    assert not Lead.objects.exists()


def test_a_link_that_is_not_ours(client: Client) -> None:
    for where in ("/f/confirm/x/", f"/f/confirm/{'a' * 32}:abc:def/"):
        assert client.get(where).status_code == 404


def test_a_link_for_one_form_is_no_ticket_for_another(postbox: Postbox, client: Client) -> None:
    form = a_form(double_opt_in=True)
    fill_in(form)
    where = link(postbox.mails[0])
    assert press(client, where.replace(":", "x:", 1)).status_code == 404


def test_a_mail_that_cannot_be_sent_loses_nothing(postbox: Postbox) -> None:
    form = a_form(double_opt_in=True)
    ticket = a_ticket(form)
    postbox.full = True
    answer = fill_in(form, ticket=ticket)
    assert answer.status_code == 503
    assert NINA["person.name"] in answer.content.decode()
    assert FormRefusal.objects.get().reason == FormReason.MAIL_FAILED
    postbox.full = False
    for _ in range(2):
        assert fill_in(form, ticket=ticket).status_code == 200
    assert len(postbox.mails) == Submission.objects.count() == 1


def test_a_name_cannot_add_a_header_or_a_recipient(postbox: Postbox) -> None:
    form = a_form(double_opt_in=True, name="Demo\r\nBcc: evil@evil.example")
    fill_in(form)
    assert postbox.recipients == ["Nina@North.example"]
    assert "Bcc" not in postbox.mails[0]
    refused = fill_in(form, NINA | {"person.email": "nina@north.example\r\nBcc: evil@evil.example"})
    assert refused.status_code == 422
    assert len(postbox.mails) == 1


def test_an_address_with_a_name_around_it_gets_one_mail(postbox: Postbox) -> None:
    fill_in(a_form(double_opt_in=True), NINA | {"person.email": "Nina North <nina@north.example>"})
    assert postbox.recipients == ["nina@north.example"]
