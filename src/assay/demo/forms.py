"""The form on the demo firm's website."""

from datetime import datetime

from assay.actions.actors import Actor
from assay.actions.form_editing import Draft, save_form, switch_form
from assay.domain.forms import Field

DEMO_REQUEST = Draft(
    name="Demo request",
    slug="demo-request",
    title="See it with your own plan",
    fields=(
        Field("email", "Work email", required=True),
        Field("name", "Your name", required=True),
        Field("company", "Company"),
        Field("title", "Your role", progressive=True),
        Field("employees", "How many work with you?", progressive=True),
    ),
    source="Website",
    campaign="Website and search",
    source_of_visit=True,
    kind="demo_request",
    button="Ask for a demo",
    consent="You may write to me about the product. I can take this back at any time.",
)


def put_up_forms(by: Actor, at: datetime) -> None:
    """Build it and open it."""
    switch_form(save_form(DEMO_REQUEST, by, at).pk, by, active=True)
