"""The first user of an empty installation, and the reader's own preferences."""

from zoneinfo import available_timezones

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from assay.actions.users import add_first_user, has_users, keep_preferences
from assay.desk.access import Right, needs, rights_of, signed_in
from assay.desk.account.forms import FirstUserForm, PreferencesForm
from assay.desk.routing.forms import AwayForm

THEMES = ("", "light", "dark")
YEAR = 365 * 24 * 3600


_library_sign_in = LoginView.as_view()


@needs(Right.PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The library's sign-in page, once there is somebody who could sign in."""
    return _library_sign_in(request) if has_users() else redirect("first-user")


@needs(Right.PUBLIC)
def first_user(request: HttpRequest) -> HttpResponse:
    """Make the first user, an admin; gone as soon as there is one."""
    if has_users():
        return redirect("account_login")
    form = FirstUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = add_first_user(**form.cleaned_data)
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        messages.success(
            request, _("Welcome. Now add the people of marketing and sales: they decide, you look after them.")
        )
        return redirect("settings")
    return render(request, "account/first_user.html", {"form": form})


@needs(Right.SEE)
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone, theme, and whether the weekly report is wanted."""
    form = PreferencesForm(request.POST or None, instance=signed_in(request))
    if request.method == "POST" and form.is_valid():
        weekly = form.cleaned_data["weekly_report"]
        keep_preferences(form.save(commit=False), timezone.now(), weekly_report=weekly)
        messages.success(request, _("Kept."))
        response = redirect("preferences")
        if (theme := request.POST.get("theme", "")) in THEMES:
            response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        return response
    zones = sorted(available_timezones())
    context = {"form": form, "zones": zones, "themes": THEMES}
    if Right.SELL in rights_of(request):
        today = timezone.localdate()
        context |= {
            "away": AwayForm(initial={"first": today, "last": today}, auto_id="away-%s"),
            "absences": signed_in(request).absences.filter(last__gte=today).order_by("first"),
        }
    return render(request, "account/preferences.html", context)
