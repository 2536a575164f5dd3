"""Users and roles, and what is in force on this installation."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.policies import rule
from assay.actions.users import ROLES_OFFERED, add_user, change_user
from assay.desk.access import Right, acting, needs
from assay.desk.settings.forms import ChangeForm, InviteForm
from assay.desk.settings.invitation import invitation_link
from assay.desk.telling import told, told_error
from assay.desk.templatetags.desk import role_name
from assay.domain.errors import AssayError
from assay.domain.roles import Role
from assay.records.models import User


@needs(Right.ADMINISTER)
def settings(request: HttpRequest) -> HttpResponse:
    """People with their roles, the invitation form, and the rule's calendar."""
    form = InviteForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            user = add_user(form.cleaned_data["email"], form.cleaned_data["role"], name=form.cleaned_data["name"])
            link = invitation_link(request, user)
            form = InviteForm()
        except AssayError as error:
            form.add_error("email", told(error.sentence))
    users = User.objects.exclude(role=Role.OPERATOR).order_by("-is_active", "first_name", "email")
    policy = rule(datetime.now(UTC)).policy
    context = {"form": form, "users": users, "roles": ROLES_OFFERED, "link": link, "policy": policy}
    return render(request, "settings/settings.html", context)


@needs(Right.ADMINISTER)
@require_POST
def change(request: HttpRequest, user_id: int) -> HttpResponse:
    """Change a person's role, or close or reopen the account."""
    form = ChangeForm(request.POST)
    if form.is_valid():
        try:
            user = change_user(user_id, acting(request), **form.cleaned_data)
            state = role_name(user.role) if user.is_active else _("account closed")
            messages.success(request, f"{user.name}: {state}")
        except AssayError as error:
            messages.error(request, told_error(error))
    return redirect("settings")


@needs(Right.ADMINISTER)
@require_POST
def invite_again(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show a new link for somebody who never came or forgot the password."""
    user = User.objects.exclude(role=Role.OPERATOR).filter(pk=user_id, is_active=True).first()
    if user is not None:
        messages.success(request, f"{user.name}: {invitation_link(request, user)}")
    return redirect("settings")
