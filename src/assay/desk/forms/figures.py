"""How forms do: what came in lately, and why something was not taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from assay.desk.words import Text
from assay.records.forms import FormReason
from assay.records.models import Form, FormRefusal, Submission

LATELY = timedelta(days=30)
"""Nobody counts further back, whatever is on record."""

SHOWN = 20

REASONS: dict[str, Text] = {
    FormReason.TRAP: _("Filled in the field that people do not see"),
    FormReason.TOO_FAST: _("Sent within three seconds"),
    FormReason.TOO_OLD: _("The page had been open for over twelve hours"),
    FormReason.NOT_OURS: _("Not sent from a page of ours"),
    FormReason.NO_PROOF: _("Without JavaScript, and no mail server to confirm by"),
    FormReason.TOO_MANY: _("Too many from one address"),
    FormReason.TOO_MANY_MAILS: _("Too many mails to one address"),
    FormReason.MAIL_FAILED: _("The mail could not be sent"),
    FormReason.NO_CONSENT: _("Without the consent"),
    FormReason.INCOMPLETE: _("A question not answered, or an address that is none"),
    FormReason.UNUSABLE: _("An answer that cannot be kept"),
}


class Figures(NamedTuple):
    """A form, and of the last 30 days: what was taken, what waits for its mail, and when the last came."""

    form: Form
    taken: int
    waiting: int
    last: datetime | None


def figures(forms: Sequence[Form], now: datetime) -> list[Figures]:
    """In one query for all of them."""
    recent = Submission.objects.filter(form__in=forms, at__gt=now - LATELY).order_by().values("form")
    counts = {
        row["form"]: (row["taken"], row["waiting"], row["last"])
        for row in recent.annotate(
            taken=Count("confirmed_at"), waiting=Count("pk", filter=Q(confirmed_at=None)), last=Max("at")
        )
    }
    return [Figures(form, *counts.get(form.pk, (0, 0, None))) for form in forms]


class Refused(NamedTuple):
    """A reason in words, how often it was one, and when last."""

    text: Text
    times: int
    last_at: datetime


def refusals_of(form: Form) -> list[Refused]:
    """Why this form was not taken as it was handed in, the latest reason first."""
    rows = FormRefusal.objects.filter(form=form).order_by("-last_at", "-pk")
    return [Refused(REASONS[row.reason], row.count, row.last_at) for row in rows]


def submissions_of(form: Form) -> list[Submission]:
    """The last ones."""
    rows = Submission.objects.filter(form=form).select_related("person__lead").order_by("-at", "-pk")
    return list(rows[:SHOWN])
