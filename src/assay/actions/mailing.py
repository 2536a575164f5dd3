"""Whether this installation can send mails."""

from django.conf import settings


def can_mail() -> bool:
    """Whether a mail server is set up."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
