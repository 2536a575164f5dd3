"""What came back: counted by reason, source, criterion and signal, and answered."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assay.actions import answers, gate
from assay.actions.actors import actor
from assay.domain.errors import BadInput, MoveRefused, Refused
from assay.records.models import Answer, Decision
from tests import people

pytestmark = pytest.mark.django_db


def rejected(reason: str = "too_early", text: str = "", **said: Any) -> Decision:
    """A lead that sales returned a moment ago, as the page's clock sees it."""
    return gate.reject(people.an_mql(**said).pk, actor(people.sam()), timezone.now(), reason=reason, text=text)


def test_nothing_returned_says_what_that_may_mean(client: Client):
    client.force_login(people.mara())
    assert "Nothing was returned" in client.get("/returned/").content.decode()


def test_rejections_are_counted_by_reason_source_criterion_and_signal(client: Client):
    rejected(source="Trade fair")
    rejected(source="Trade fair")
    rejected("wrong_person", source="Website")
    client.force_login(people.mara())
    context = client.get("/returned/").context
    assert [(tally.name, tally.leads) for tally in context["reasons"]] == [
        ("Not enough interest yet", 2),
        ("Cannot influence the decision", 1),
    ]
    assert [(tally.name, tally.leads, tally.unanswered) for tally in context["sources"]] == [
        ("Trade fair", 2, 2),
        ("Website", 1, 1),
    ]
    assert ("Company size", 3, 0, 0) in [tuple(line) for line in context["had"]]
    assert ("Asked for a demo", 3) in [(tally.name, tally.leads) for tally in context["kinds"]]


def test_marketing_answers_once(client: Client):
    decision = rejected()
    client.force_login(people.mara())
    page = client.post(f"/returned/{decision.pk}/answer/", {"text": "We will call first"}, follow=True)
    assert "We will call first" in page.content.decode()
    again = client.post(f"/returned/{decision.pk}/answer/", {"text": "Me too"}, follow=True)
    assert "Mara answered this at" in again.content.decode()
    assert Answer.objects.get().text == "We will call first"


def test_the_open_ones_can_be_shown_alone(client: Client):
    first, second = rejected(), rejected()
    answers.answer(first.pk, actor(people.mara()), people.NOW, "Heard")
    client.force_login(people.mara())
    assert [line.decision.pk for line in client.get("/returned/?open").context["lines"]] == [second.pk]


def test_sales_sees_it_and_cannot_answer(client: Client):
    decision = rejected()
    client.force_login(people.sam())
    assert "not answered" in client.get("/returned/").content.decode()
    assert client.post(f"/returned/{decision.pk}/answer/", {"text": "no"}).status_code == 403
    with pytest.raises(MoveRefused, match="Sam cannot answer a rejection"):
        answers.answer(decision.pk, actor(people.sam()), people.NOW, "no")


def test_an_empty_answer_is_none():
    with pytest.raises(BadInput, match="needs a text"):
        answers.answer(rejected().pk, actor(people.mara()), people.NOW, "  ")


def test_only_a_rejection_can_be_answered():
    capture = Decision.objects.get(lead=people.a_lead())
    with pytest.raises(Refused, match="There is no rejection"):
        answers.answer(capture.pk, actor(people.mara()), people.NOW, "?")


def test_the_page_asks_the_database_as_often_for_many_as_for_few(client: Client, django_assert_num_queries):
    client.force_login(people.mara())
    rejected()
    client.get("/returned/")
    with CaptureQueriesContext(connection) as few:
        client.get("/returned/")
    for _ in range(6):
        rejected(text="Asked their intern")
    with django_assert_num_queries(len(few)):
        client.get("/returned/")
