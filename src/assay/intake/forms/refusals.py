"""Why a form is not taken as it was handed in, and what whoever filled it in can do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assay.records.forms import FormReason

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: Mapping[FormReason, "StrPromise"] = {
    FormReason.TRAP: _("One field has to stay empty. Please empty the last one, and send again."),
    FormReason.TOO_FAST: _("That was very quick. Please look over your answers, and send again."),
    FormReason.TOO_OLD: _("This page was open for very long. Please look over your answers, and send again."),
    FormReason.NOT_OURS: _("Something of this page got lost on the way. Please send again."),
    FormReason.NO_PROOF: _(
        "We could not make sure that you are no machine. Please switch JavaScript on, and try again."
    ),
    FormReason.TOO_MANY: _("Many forms came from where you are. Please wait ten minutes, and send again."),
    FormReason.TOO_MANY_MAILS: _("We have sent this address several mails already. Please look for the last of them."),
    FormReason.MAIL_FAILED: _("We could not send you the mail just now. Please send again in some minutes."),
    FormReason.NO_CONSENT: _("Please agree to what is said below the questions."),
    FormReason.INCOMPLETE: _("Please look at the marked questions."),
    FormReason.UNUSABLE: _("An answer begins like a formula or is too long. Please write it as plain text."),
}


class NotTaken(Exception):
    """Raised where the fault is found."""

    def __init__(self, reason: FormReason, *, counted: bool = True) -> None:
        super().__init__(reason)
        self.reason, self.counted = reason, counted

    @property
    def status(self) -> int:
        return {FormReason.TOO_MANY: 429, FormReason.MAIL_FAILED: 503}.get(self.reason, 422)
