"""Forms for tests, made by the verbs that make them in real life, and somebody who fills them in."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from altcha import Challenge, Payload, solve_challenge
from django.test import Client
from django.utils import timezone

from assay.actions.actors import actor
from assay.actions.form_editing import Draft, save_form, switch_form
from assay.domain.forms import Field
from assay.intake.forms import proof
from assay.intake.forms.tickets import Ticket
from assay.records.models import Form
from tests.people import NOW, mara

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

FORM = "application/x-www-form-urlencoded"

EMAIL = Field("email", "Work email", required=True)
NAME = Field("name", "Your name", required=True)
COMPANY = Field("company", "Company")
TITLE = Field("title", "Your role", progressive=True)
SEATS = Field("Team size", "How many will use it?", progressive=True)

CONSENT = "You may write to me about the product."

NINA = {"person.email": "Nina@North.example", "person.name": "Nina North", "company.name": "North"}
"""What Nina answers, by fact."""


def a_draft(**said: Any) -> Draft:
    """A form that asks for a demo."""
    usual: dict[str, Any] = {
        "name": "Demo request",
        "slug": "demo",
        "fields": [EMAIL, NAME, COMPANY, TITLE, SEATS],
        "source": "Website",
        "campaign": "Spring",
        "kind": "demo_request",
        "consent": CONSENT,
    }
    return Draft(**{**usual, **said})


def a_form(at: datetime = NOW, **said: Any) -> Form:
    """An open form, built by Mara."""
    form = save_form(a_draft(**said), actor(mara()), at)
    return switch_form(form.pk, actor(mara()), active=True)


def a_ticket(form: Form, age: timedelta = timedelta(seconds=10)) -> Ticket:
    """The ticket of a page that was opened a moment ago."""
    return Ticket.issue(form.pk, form.consent.pk, timezone.now() - age)


def solved(ticket: Ticket) -> str:
    """The proof of work, done."""
    made = Challenge.from_dict(json.loads(proof.challenge(ticket, timezone.now())))
    solution = solve_challenge(made)
    assert solution
    return Payload(made, solution).to_base64()


def fill_in(
    form: Form,
    answers: Mapping[str, str] = NINA,
    *,
    ticket: Ticket | str = "",
    proof: str | None = None,
    query: str = "",
    path: str = "",
    client: Client | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> "Response":
    """Send a form as a browser does, with everything right but for what is said otherwise; ``more`` by input's name."""
    ticket = ticket or a_ticket(form)
    proof = solved(ticket) if proof is None and isinstance(ticket, Ticket) else proof
    sent = {"ticket": str(ticket), "proof": proof or "", "a--consent": "on", "website": ""}
    sent |= {f"a-{key}": text for key, text in answers.items()} | dict(more)
    return (client or Client()).post(
        f"/f/{form.slug}/{path}{query and '?' + query}", urlencode(sent), content_type=FORM
    )
