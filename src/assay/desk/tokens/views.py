"""Tokens: everybody makes and revokes their own; an admin those of programs, and sees all."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assay.actions.tokens import add_token, revoke_token
from assay.desk.access import Right, acting, needs, signed_in
from assay.desk.notices import refused
from assay.desk.tokens.forms import ME, TokenForm
from assay.domain.errors import AssayError
from assay.records.models import Token


@needs(Right.SEE)
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens one may see, and the form that makes another, whose secret is shown this once."""
    by, user, now = acting(request), signed_in(request), timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None, administers=by.administers)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        role = "" if said.get("role", ME) == ME else said["role"]
        days = int(said["days"]) if said["days"] else None
        whose = None if role else user
        try:
            made, secret = add_token(said["name"], said["scopes"], by, now, user=whose, role=role, days=days)
            form = TokenForm(administers=by.administers)
        except AssayError as error:
            refused(request, error)
    seen = Token.objects.select_related("user")
    seen = seen if by.administers else seen.filter(user=user)
    good = Q(expires_at=None) | Q(expires_at__gt=now)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": seen.filter(good, revoked_at=None).order_by("name", "pk"),
        "over": seen.exclude(good, revoked_at=None).order_by("-pk")[:50],
        "administers": by.administers,
    }
    return render(request, "tokens/tokens.html", context, status=422 if form.errors else 200)


@needs(Right.SEE)
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Take nothing more with it."""
    try:
        token = revoke_token(token_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("%(name)s is revoked: nothing is taken with it any more.") % {"name": token.name})
    return redirect("tokens")
