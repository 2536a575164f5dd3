"""The link by which an invited person chooses a password and signs in for the first time."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse

from assay.records.models import User


def invitation_link(request: HttpRequest, user: User) -> str:
    """A link that works once and for some days; whoever holds it becomes this user."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return request.build_absolute_uri(path)
