"""What the page tells after something was tried: done, refused and why, or done by somebody else before."""

from django.contrib import messages
from django.http import HttpRequest

from assay.desk.telling import told_error
from assay.domain.errors import AlreadyDecided, AssayError


def refused(request: HttpRequest, error: AssayError) -> None:
    """Tell why a verb said no and what to do; that somebody was quicker is no mistake."""
    level = messages.WARNING if isinstance(error, AlreadyDecided) else messages.ERROR
    messages.add_message(request, level, told_error(error))
