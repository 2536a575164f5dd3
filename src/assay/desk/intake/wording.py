"""What people call the outcomes of events, and the reasons for which one is not taken."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assay.desk.words import Text
from assay.records.intake import Outcome

OUTCOMES: Mapping[str, Text] = {
    Outcome.ACCEPTED: pgettext_lazy("events", "accepted"),
    Outcome.DUPLICATE: pgettext_lazy("events", "twice"),
    Outcome.QUARANTINED: pgettext_lazy("events", "quarantine"),
    Outcome.REFUSED: pgettext_lazy("events", "refused"),
}

REASONS: Mapping[str, Text] = {
    "too_large": _("too large"),
    "no_json": _("no JSON"),
    "no_batch": _("no batch"),
    "bad_gzip": _("packed wrongly"),
    "bad_length": _("wrong length"),
    "wrong_field": _("a field of the wrong type"),
    "wrong_type": _("no call that there is"),
    "no_who": _("does not say who"),
    "no_name": _("without a name or id it needs"),
    "too_long": _("a text too long"),
    "bad_time": _("a time that cannot be"),
    "bad_email": _("an address that is none"),
    "bad_text": _("a character that cannot be kept"),
    "no_consent": _("without consent"),
    "no_key": _("without a write key"),
    "unknown_key": _("an unknown write key"),
    "wrong_origin": _("from a website the key is not for"),
    "too_fast": _("faster than the key may"),
    "busy": _("more than can be taken at once"),
    "not_stored": _("the database was away"),
    "not_counted": _("stored, but counting failed"),
    "two_people": _("ids of two people together"),
    "too_deep": _("nested too deep"),
    "erased": _("somebody who was erased"),
}
"""The collector's reasons, and those of the scorer."""


def reason(code: str) -> str:
    """A reason in words; one we do not know stands for itself."""
    return str(REASONS.get(code) or code.replace("_", " "))
