"""Somebody of whom every table holds something, told by one word that stands nowhere else."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from assay.actions import work
from assay.actions.actors import INTAKE, actor
from assay.actions.answers import answer
from assay.actions.capture import capture
from assay.actions.counting import count_all_waiting
from assay.actions.delivering import claim, settle
from assay.actions.drafts import draft
from assay.actions.edits import correct
from assay.actions.escalating import escalate
from assay.actions.forms import Entry, submit
from assay.actions.gate import accept, reject
from assay.actions.imports import import_leads
from assay.actions.once import Reply, asked, once
from assay.actions.people import merge_people
from assay.actions.policies import rule
from assay.actions.policy_drafts import comment
from assay.actions.receive import Rejected, receive
from assay.actions.routing import keep_rule
from assay.actions.signals import record_signals
from assay.actions.tokens import add_token
from assay.actions.writing import in_transaction
from assay.domain.delivery import Channel, Outcome, Result
from assay.domain.routing import Criteria
from assay.domain.rows import Refusal
from assay.intake.statements import read_statement
from assay.records.imports import ImportKind
from assay.records.models import CrmRecord, Decision, Identity, Lead, Quarantine, SavedView, Touch, Upload
from tests.actions.arrivals import arrived
from tests.forms import a_form
from tests.hooks import an_endpoint
from tests.learned import a_prediction, a_version
from tests.people import NOW, a_lead, a_row, a_signal, mara, max_, observe, sam

WORD = "zqxnina"
EMAIL = f"{WORD}@north.example"
OTHER = f"{WORD}.two@gmail.com"
USER, BROWSER, OWN_ID = f"user-{WORD}", f"browser-{WORD}", f"crm-{WORD}"
BANT = {point: f"{WORD} said so of the {point}" for point in ("budget", "authority", "need", "timeline")}
LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Full:
    """The lead of the person everything is about, and a lead in whose texts they are named."""

    lead: Lead
    bystander: Lead


def a_full_person() -> Full:
    """A lead who came by file and by website, was returned, merged, accepted, spoken to, and now has a deal."""
    an_endpoint()
    said = {"name": f"Nina {WORD}", "title": f"Head of {WORD}", "lead_id": OWN_ID}
    row = a_row(EMAIL, **said, phone="+33142685300", attributes={"hobby": WORD})
    refused = Refusal(3, "bad_date", f"{WORD} wrote no date", {"email": EMAIL})
    import_leads([row, refused], f"crm of {EMAIL}.csv", {}, actor(mara()), NOW)
    import_leads([a_row(EMAIL, attributes={"more": WORD})], "crm2.csv", {}, actor(mara()), NOW)
    lead = Lead.objects.get()
    CrmRecord.objects.create(identity=Identity.objects.get(value=OWN_ID), crm="hubspot", seen={"title": "a digest"})
    _on_the_website()
    a_prediction(lead, a_version())
    correct(lead.pk, actor(mara()), NOW, {"person.title": f"CEO of {WORD}"})
    observe(lead, "demo_request")
    reject(lead.pk, actor(sam()), NOW, reason="other", text=f"{WORD} is a student")
    rejection = Decision.objects.get(move="reject")
    answer(rejection.pk, actor(mara()), NOW, f"{WORD} is the CEO")
    [twin] = in_transaction(lambda: capture([a_row(OTHER, name=f"N. {WORD}", company=None)], INTAKE, NOW)).created
    merged = Lead.objects.get(pk=twin)
    in_transaction(lambda: merge_people(lead.person_id, merged.person_id, actor(mara()), NOW, f"both are {WORD}"))
    _fills_in_a_form()
    _promoted_and_accepted(lead)
    value, day = Decimal(12_000), LATER.date()
    work.open_deal(lead.pk, actor(max_()), LATER, value=value, currency="EUR", close_date=day, bant=BANT)
    _somebody_was_told()
    _asked_about_by_a_program(lead)
    return Full(Lead.objects.get(pk=lead.pk), _bystander())


def _asked_about_by_a_program(lead: Lead) -> None:
    token, _ = add_token("CRM", ["gate"], actor(sam()), NOW, user=sam())
    request = asked(token.pk, "key-1", "POST", f"/api/v1/leads/{lead.pk}/touches", b"")
    draft(lead.pk, actor(sam()), LATER, move="lose", why=f"{WORD} left", said={"reason": "other", "text": WORD})
    once(request, LATER, lambda: Reply(200, f'{{"name": "{WORD}", "email": "{EMAIL}"}}', lead.pk))


def _on_the_website() -> None:
    page = arrived("page_view", visitor=BROWSER, url=f"https://x.example/?who={WORD}", properties={"title": WORD})
    ids = {"ids": {"email": EMAIL, "user_id": USER, "visitor_id": BROWSER}, "traits": {"name": f"Nina {WORD}"}}
    known = arrived("identify", user=USER, properties=ids)
    refused = Rejected(0, "bad_time", "A time is wrong.", {"userId": USER, "event": "Signed Up"}, NOW)
    receive([page, known], [refused], Counter(), NOW)
    count_all_waiting(NOW, read_statement)
    ahead = a_signal("page_view", NOW + timedelta(days=2), EMAIL, url=f"https://x.example/{WORD}")
    in_transaction(lambda: record_signals([ahead], NOW))


def _fills_in_a_form() -> None:
    form = a_form()
    for token, confirm_first in (("sent", False), ("waiting", True)):
        entry = Entry(token, form.consent.pk, a_row(EMAIL), BROWSER, {"referrer": f"https://x.example/{WORD}"})
        submit(form, entry, NOW, confirm_first=confirm_first)


def _promoted_and_accepted(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(rests_until=None)
    observe(Lead.objects.get(pk=lead.pk), "pricing_inquiry", at=LATER)
    keep_rule(actor(max_()), "All", Criteria(), {sam().pk: 1})
    escalate(lead.pk, LATER + timedelta(hours=3))
    accept(lead.pk, actor(max_()), LATER)
    work.log_touch(lead.pk, actor(max_()), LATER, kind="call", reached=True, note=f"{WORD} wants an offer")


def _somebody_was_told() -> None:
    for message in claim(LATER, list(Channel), 1):
        settle(message, Outcome(Result.FAILED, f"{WORD} was too much", 500, f"no {WORD} here"), LATER)


def _bystander() -> Lead:
    """Somebody else, in whose rows the person is named."""
    other = a_lead(email="bob@other.example", attributes={"referred by": f"<{EMAIL.upper()}>"})
    Touch.objects.create(lead=other, pass_no=1, kind="call", at=NOW, by_name="Sam", note=f"Knows {EMAIL}, likes us")
    observe(other, "page_view")
    named = a_signal("page_view", LATER, "bob@other.example", url=f"https://x.example/?cc={WORD}%40north.example")
    in_transaction(lambda: record_signals([named], LATER))
    SavedView.objects.create(user=mara(), name="That one", query=f"q={EMAIL}")
    Upload.objects.create(kind=ImportKind.LEADS, file_name=f"{EMAIL}.csv", size=1, digest="d", by=mara(), at=NOW)
    Quarantine.objects.create(
        code="no_json", sentence="No JSON.", raw={"text": f'{{"email": "{EMAIL}"'}, received_at=NOW
    )
    comment(rule(NOW).version, actor(mara()), NOW, f"Ask {EMAIL} what she thinks")
    return Lead.objects.get(pk=other.pk)
