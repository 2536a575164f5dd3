"""How a form becomes a lead: once, with its consent, its browser and its signal; by mail only where that is asked."""

from datetime import timedelta
from typing import Any

import pytest

from assay.actions import forms
from assay.actions.actors import actor
from assay.actions.erasure import erase
from assay.actions.form_editing import save_form, switch_form
from assay.actions.forms import Entry, confirm, count_refusal, drop_unconfirmed, note_mailed, submit
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.erasure import Why
from assay.domain.errors import AssayError, BadInput, MoveRefused, NotFound, Refused
from assay.domain.forms import Field
from assay.domain.ladder import Rung
from assay.records.forms import FormReason
from assay.records.models import Consent, ConsentText, Form, FormRefusal, Identity, Lead, Person, Signal, Submission
from tests.forms import CONSENT, a_draft, a_form
from tests.people import NOW, a_lead, a_row, a_signal, ada, mara, sam

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


def an_entry(form: Form, token: str = "t1", email: str = "nina@north.example", visitor: str = "", **said: Any) -> Entry:
    row = a_row(email, **{"source": "Website", "campaign": "Spring", **said})
    context = {"landing": "https://firm.example/pricing", "utm_source": "mail"}
    return Entry(token, form.consent.pk, row, visitor, context, "192.0.2.0/24")


class TestSubmitting:
    def test_a_form_becomes_a_lead_with_its_source_its_consent_and_its_signal(self):
        form = a_form()
        sent = submit(form, an_entry(form), LATER, confirm_first=False)
        lead = Lead.objects.select_related("person", "source", "campaign").get()
        assert lead.source.name == "Website"
        assert str(lead.campaign) == "Spring"
        assert (sent.person_id, sent.confirmed_at) == (lead.person_id, LATER)
        consent = Consent.objects.get()
        assert (consent.person_id, consent.text.text, consent.at, consent.how) == (
            lead.person_id,
            CONSENT,
            LATER,
            "form",
        )
        signal = Signal.objects.get()
        assert (signal.kind, signal.at, signal.url) == ("demo_request", LATER, "https://firm.example/pricing")
        assert signal.properties["form"] == "demo"
        assert signal.properties["utm_source"] == "mail"

    def test_score_and_promotion_follow(self):
        form = a_form()
        submit(form, an_entry(form), LATER, confirm_first=False)
        lead = Lead.objects.get()
        assert lead.rung == Rung.MQL
        assert lead.temperature == "hot"

    def test_the_same_token_twice_is_one(self):
        form = a_form()
        first = submit(form, an_entry(form), LATER, confirm_first=False)
        again = submit(form, an_entry(form, email="other@north.example"), LATER, confirm_first=False)
        assert again == first
        assert (Lead.objects.count(), Signal.objects.count(), Consent.objects.count()) == (1, 1, 1)

    def test_somebody_known_is_filled_and_never_overwritten(self):
        lead = a_lead(email="nina@north.example", name="Nina North", title=None, country=None)
        form = a_form()
        entry = an_entry(form, email="NINA@north.example", name="Somebody Else", title="CFO", country="DE")
        submit(form, entry, LATER, confirm_first=False)
        assert Lead.objects.count() == 1
        person = Person.objects.get()
        assert (person.name, person.title) == ("Nina North", "CFO")
        assert Lead.objects.get(pk=lead.pk).facts["company.country"] == "DE"

    def test_the_browser_is_the_persons_from_now_on_and_back_in_history(self):
        before = a_signal("pricing_view", NOW, visitor_id="v-1")
        in_transaction(lambda: record_signals([before], NOW))
        form = a_form()
        submit(form, an_entry(form, visitor="v-1"), LATER, confirm_first=False)
        lead = Lead.objects.get()
        assert Identity.objects.get(kind="visitor").person_id == lead.person_id
        assert set(lead.states.values_list("kind", flat=True)) == {"pricing_view", "demo_request"}

    def test_a_browser_of_somebody_else_stays_theirs(self):
        form = a_form()
        submit(form, an_entry(form, visitor="v-1"), LATER, confirm_first=False)
        submit(form, an_entry(form, "t2", "otto@oak.example", visitor="v-1"), LATER, confirm_first=False)
        assert Lead.objects.count() == 2
        assert Identity.objects.get(kind="visitor").person == Person.objects.get(email="nina@north.example")

    def test_where_no_consent_is_asked_none_is_kept(self):
        form = a_form(consent="")
        submit(form, an_entry(form), LATER, confirm_first=False)
        assert not Consent.objects.exists()

    def test_a_row_that_cannot_be_a_lead_leaves_nothing(self):
        form = a_form()
        with pytest.raises(BadInput):
            submit(form, an_entry(form, source=None), LATER, confirm_first=False)
        assert not Submission.objects.exists()


class TestConfirming:
    def test_nothing_is_a_lead_before_it_is_confirmed(self):
        form = a_form()
        sent = submit(form, an_entry(form, visitor="v-1"), NOW, confirm_first=True)
        assert sent.confirmed_at is None
        assert not any(model.objects.exists() for model in (Lead, Signal, Consent, Identity))

        confirm(sent.token, LATER)
        lead = Lead.objects.get()
        assert lead.captured_at == LATER
        assert Consent.objects.get().how == "confirmed"
        assert Signal.objects.get().at == NOW
        assert lead.facts["company.country"] == "FR"

    def test_a_link_works_once(self):
        form = a_form()
        sent = submit(form, an_entry(form), NOW, confirm_first=True)
        confirm(sent.token, LATER)
        with pytest.raises(Refused) as refused:
            confirm(sent.token, LATER)
        assert refused.value.code == "confirmed_already"
        assert Lead.objects.count() == 1

    def test_what_was_never_sent_cannot_be_confirmed(self):
        with pytest.raises(NotFound):
            confirm("nothing", NOW)

    def test_what_nobody_confirms_is_forgotten(self):
        form = a_form()
        for number, at in enumerate((NOW, NOW + timedelta(hours=1))):
            submit(form, an_entry(form, f"t{number}"), at, confirm_first=True)
        submit(form, an_entry(form, "in"), NOW, confirm_first=False)
        assert drop_unconfirmed(NOW + forms.GOOD_FOR + timedelta(minutes=1)) == 1
        assert set(Submission.objects.values_list("token", flat=True)) == {"t1", "in"}

    def test_who_was_erased_comes_back_only_by_a_mail_to_their_address(self):
        form = a_form()
        submit(form, an_entry(form), NOW, confirm_first=False)
        erase(Lead.objects.get().person_id, actor(ada()), NOW, Why.ASKED)
        again = submit(form, an_entry(form, "t2"), LATER, confirm_first=False)
        assert again.confirmed_at is None
        assert not Person.objects.filter(email="nina@north.example").exists()
        confirm(again.token, LATER)
        assert Person.objects.get(email="nina@north.example").pk != Submission.objects.get(token="t1").person_id

    def test_the_agreement_names_the_version_that_was_seen(self):
        form = a_form()
        sent = submit(form, an_entry(form), NOW, confirm_first=True)
        save_form(a_draft(consent="Another wording."), actor(mara()), NOW, form.pk)
        confirm(sent.token, LATER)
        assert Consent.objects.get().text.text == CONSENT

    def test_an_address_gets_few_mails_whoever_typed_it(self):
        form = a_form()
        for number in range(forms.MAILS_AN_HOUR):
            note_mailed(submit(form, an_entry(form, f"t{number}"), NOW, confirm_first=True), NOW)
        with pytest.raises(Refused) as refused:
            submit(form, an_entry(form, "one more"), NOW, confirm_first=True)
        assert refused.value.code == FormReason.TOO_MANY_MAILS
        submit(form, an_entry(form, "later"), NOW + timedelta(minutes=61), confirm_first=True)
        submit(form, an_entry(form, "else", "otto@oak.example"), NOW, confirm_first=True)


def test_refusals_are_counted_by_reason():
    form = a_form()
    for at in (NOW, LATER):
        count_refusal(form, FormReason.TRAP, at)
    count_refusal(form, FormReason.TOO_FAST, NOW)
    rows = FormRefusal.objects.order_by("reason").values_list("reason", "count", "last_at")
    assert list(rows) == [("too_fast", 1, NOW), ("trap", 2, LATER)]


class TestBuilding:
    def test_every_wording_of_the_consent_is_kept_as_a_version(self):
        form = save_form(a_draft(), actor(mara()), NOW)
        save_form(a_draft(name="Demo"), actor(mara()), NOW, form.pk)
        save_form(a_draft(consent=""), actor(mara()), NOW, form.pk)
        save_form(a_draft(consent=CONSENT), actor(mara()), NOW, form.pk)
        assert list(ConsentText.objects.order_by("version").values_list("version", "text")) == [
            (1, CONSENT), (2, ""), (3, CONSENT),
        ]  # fmt: skip
        assert Form.objects.get().consent.version == 3

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"name": " "}, "unnamed_form"),
            ({"source": ""}, "unnamed_form"),
            ({"slug": "Not One"}, "bad_slug"),
            ({"fields": [Field("name", "Name")]}, "no_email"),
            ({"kind": "nothing"}, "unknown_kind"),
            ({"hosts": ["https://firm.example"]}, "bad_host"),
            ({"redirect": "https://evil.example/", "hosts": ["firm.example"]}, "redirect_elsewhere"),
            ({"redirect": "/thanks", "hosts": ["firm.example"]}, "redirect_elsewhere"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, said: dict[str, Any], code: str):
        with pytest.raises(BadInput) as refused:
            save_form(a_draft(**said), actor(mara()), NOW)
        assert refused.value.code == code
        assert not Form.objects.exists()

    def test_two_forms_cannot_have_one_address(self):
        save_form(a_draft(), actor(mara()), NOW)
        with pytest.raises(Refused) as refused:
            save_form(a_draft(name="Other"), actor(mara()), NOW)
        assert refused.value.code == "slug_taken"

    def test_without_a_mail_server_nothing_is_confirmed_by_mail(self, settings: Any):
        form = save_form(a_draft(double_opt_in=True), actor(mara()), NOW)
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        for attempt in (
            lambda: save_form(a_draft(slug="other", double_opt_in=True), actor(mara()), NOW),
            lambda: switch_form(form.pk, actor(mara()), active=True),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.code == "no_mail_server"
        assert not Form.objects.get().active

    def test_forms_are_marketings(self):
        form = save_form(a_draft(), actor(mara()), NOW)
        for attempt in (
            lambda: save_form(a_draft(slug="other"), actor(sam()), NOW),
            lambda: switch_form(form.pk, actor(sam()), active=True),
        ):
            with pytest.raises(MoveRefused):
                attempt()

    def test_an_unknown_form(self):
        with pytest.raises(AssayError):
            switch_form(0, actor(mara()), active=True)

    def test_hosts_stand_in_one_spelling(self):
        form = save_form(a_draft(hosts=["Firm.example", "bücher.example", "firm.example"]), actor(mara()), NOW)
        assert form.hosts == ["firm.example", "xn--bcher-kva.example"]
