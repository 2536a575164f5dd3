"""The link of the mail. Following it changes nothing, because programs that look for viruses follow links too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from assay.actions.forms import confirm
from assay.domain.errors import AssayError
from assay.intake.forms import mail
from assay.intake.forms.door import go_on, public, shielded
from assay.records.models import Submission


@public
def confirmed(request: HttpRequest, signed: str) -> HttpResponse:
    """A page with the button that confirms, or what has become of the link."""
    try:
        token = mail.token_of(signed)
    except mail.LinkExpired:
        return _page(request, expired=True, status=410)
    submission = Submission.objects.select_related("form").filter(token=token).first() if token else None
    if submission is None:
        return _page(request, status=404)
    with translation.override(submission.form.language):
        if request.method != "POST" or submission.confirmed_at:
            return _page(request, submission)
        return _confirm(request, submission)


def _confirm(request: HttpRequest, submission: Submission) -> HttpResponse:
    try:
        done = confirm(submission.token, timezone.now())
    except AssayError:  # somebody was quicker
        submission.refresh_from_db()
        return _page(request, submission)
    if done.form.redirect:
        return go_on(done.form.redirect)
    return shielded(render(request, "forms/thanks.html", {"form": done.form}), framed=False)


def _page(
    request: HttpRequest,
    submission: Submission | None = None,
    *,
    expired: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"submission": submission, "expired": expired}
    response = render(request, "forms/confirm.html", context, status=status)
    return shielded(response, framed=False, leads_to=submission.form.redirect if submission else "")
