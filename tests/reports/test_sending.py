"""The weekly report: once a week and reader, on the first working morning, over real SMTP, whatever breaks off."""

import threading
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from assay.actions import reports, work
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.actions.users import keep_preferences
from assay.records.models import Delivery, User
from assay.reports.sending import send_due, this_week
from assay.work import reports as job
from tests.people import NOW, a_lead, a_rule, ada, mara, max_, sam, vic
from tests.postbox import Postbox, parts

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
"""Nine in Paris, on the Monday after."""
ADDRESS = "https://assay.example.com/"


def wanting(user: User, since: datetime = NOW, language: str = "") -> User:
    """Somebody who asked for the report."""
    user.language = language
    keep_preferences(user, since, weekly_report=True)
    return user


def recipients(box: Postbox) -> list[str]:
    return sorted(box.recipients)


def pdf_of(mail: Message) -> bytes:
    [pdf] = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    return bytes(pdf.get_payload(decode=True))


# --- When ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_due_when_people_come_to_work_on_monday_or_after_a_holiday():
    policy = rule(NOW).policy
    assert this_week(policy, NOW) == (date(2026, 11, 2), datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    easter = datetime(2026, 4, 6, 12, 0, tzinfo=UTC)
    monday, due = this_week(policy, easter)
    assert (monday, due.date(), due.hour) == (date(2026, 4, 6), date(2026, 4, 7), 7)


@pytest.mark.django_db
def test_everybody_who_wants_it_gets_it_once(postbox: Postbox):
    wanting(mara())
    wanting(max_())
    sam()
    assert send_due(MONDAY - timedelta(minutes=1), ADDRESS) == 0
    assert send_due(MONDAY + timedelta(seconds=1), ADDRESS) == 2
    for later in (timedelta(minutes=1), DAY, 6 * DAY):
        assert send_due(MONDAY + later, ADDRESS) == 0
    assert recipients(postbox) == ["mara@assay.example", "max@assay.example"]
    assert send_due(MONDAY + 7 * DAY + timedelta(hours=1), ADDRESS) == 2
    assert Delivery.objects.filter(sent_at__isnull=False).count() == 4


@pytest.mark.django_db
def test_who_asks_after_it_was_due_gets_the_next_one_and_who_left_gets_none(postbox: Postbox):
    wanting(mara(), since=MONDAY + DAY)
    left, changed = wanting(sam()), wanting(vic())
    left.is_active = False
    left.save()
    keep_preferences(changed, NOW, weekly_report=False)
    assert send_due(MONDAY + 2 * DAY, ADDRESS) == 0
    assert send_due(MONDAY + 8 * DAY, ADDRESS) == 1
    assert recipients(postbox) == ["mara@assay.example"]


@pytest.mark.django_db
def test_without_a_mail_server_nothing_is_claimed(settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    wanting(mara())
    assert send_due(MONDAY + DAY, ADDRESS) == 0
    assert not Delivery.objects.exists()


# --- What ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_tells_of_the_week_before_as_text_html_and_pdf(postbox: Postbox):
    wanting(max_())
    lead = a_lead()
    work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    later = a_lead(at=MONDAY - timedelta(minutes=30))
    work.log_touch(later.pk, actor(sam()), MONDAY, kind="call", reached=True)
    assert send_due(MONDAY + timedelta(hours=2), ADDRESS) == 1
    [mail] = postbox.mails
    assert mail["Subject"] == "Audit and funnel, 2 November 2026 to 8 November 2026"
    assert mail["Auto-Submitted"] == "auto-generated"
    texts = parts(mail)
    assert set(texts) == {"text/plain", "text/html"}
    for text in texts.values():
        assert "1 lead: 100% of the leads that sales worked or owned (1)." in text
        assert "Probably cost: 0.2 h of sales" in text
        assert "/audit/raw_leads/?since=2026-11-02" in text
        assert "You get this every week because you asked for it" in text
        assert "https://assay.example.com/account/preferences/" in text
    assert "Leads: 1 (The one before: 0)" in texts["text/plain"]
    assert pdf_of(mail).startswith(b"%PDF-")


@pytest.mark.django_db
def test_it_is_in_the_readers_language_and_the_next_one_is_not(postbox: Postbox):
    wanting(mara(), language="fr")
    wanting(max_(), language="de")
    wanting(vic())
    with translation.override("fr"):
        send_due(MONDAY + DAY, "")
        assert translation.get_language() == "fr"
    subjects = [str(mail["Subject"]) for mail in postbox.mails]
    html = [parts(mail)["text/html"] for mail in postbox.mails]
    assert sorted(text[text.index("<html lang=") :][12:14] for text in html) == ["de", "en", "fr"]
    assert len(subjects) == len(set(map(str, html))) == 3
    assert all("href" not in text for text in html), "nobody knows where the pages are"


# --- Whatever breaks off ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_full_mailbox_is_tried_again_ever_later_and_then_no_more(postbox: Postbox):
    wanting(mara())
    postbox.full = True
    start = MONDAY + timedelta(hours=1)
    assert send_due(start, ADDRESS) == 0
    delivery = Delivery.objects.get()
    assert (delivery.tries, delivery.error) == (1, "SMTPDataError")
    assert send_due(start + timedelta(minutes=14), ADDRESS) == 0
    assert Delivery.objects.get().tries == 1
    postbox.full = False
    assert send_due(start + timedelta(minutes=16), ADDRESS) == 1
    delivery.refresh_from_db()
    assert (delivery.tries, delivery.error) == (2, "")
    Delivery.objects.update(sent_at=None, tries=reports.TRIES, taken_until=None)
    assert send_due(start + DAY, ADDRESS) == 0


@pytest.mark.django_db
def test_whoever_dies_while_sending_leaves_a_claim_that_runs_out():
    wanting(mara())
    now = MONDAY + timedelta(hours=1)
    week = date(2026, 11, 2)
    assert reports.claim(week, MONDAY, now) is not None
    assert reports.claim(week, MONDAY, now + timedelta(minutes=14)) is None, "somebody may be sending it"
    again = reports.claim(week, MONDAY, now + timedelta(minutes=15))
    assert again is not None
    reports.note_sent(again, now)
    assert reports.claim(week, MONDAY, now + 2 * DAY) is None


def test_of_two_workers_each_takes_others(transactional_db: None):
    for user in (mara(), max_(), sam(), ada()):
        wanting(user)
    taken: list[int] = []
    start = threading.Barrier(2)

    def worker() -> None:
        start.wait()
        while delivery := reports.claim(date(2026, 11, 2), MONDAY, MONDAY + DAY):
            taken.append(delivery.reader_id)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(User.objects.exclude(report_since=None).values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_job_looks_at_once_and_outlives_a_fault(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    asked: list[datetime] = []

    def faulty(now: datetime, address: str) -> int:
        asked.append(now)
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(job, "send_due", faulty)
    monkeypatch.setattr("assay.work.regularly.close_old_connections", lambda: None)
    answers = iter([True, True, False])
    job.report_while(lambda: next(answers), pause=0)
    assert len(asked) == 1
    assert "reports failed; it is tried again" in caplog.text


@pytest.mark.django_db
def test_a_rule_with_other_hours_moves_the_morning():
    a_rule(('mon = ["09:00-18:00"], ', ""))
    assert this_week(rule(MONDAY).policy, MONDAY)[1] == datetime(2026, 11, 10, 8, 0, tzinfo=UTC)
