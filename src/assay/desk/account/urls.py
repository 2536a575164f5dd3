"""Addresses of the account pages that are ours; the sign-in library has the rest."""

from django.urls import path
from django.views.generic import RedirectView

from assay.desk.access import Right, needs
from assay.desk.account import hearing, views

# People are invited under their address, so the library's page on which anybody takes another is not for here.
address = needs(Right.SEE)(RedirectView.as_view(pattern_name="preferences"))

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("first/", views.first_user, name="first-user"),
    path("email/", address),
    path("preferences/", views.preferences, name="preferences"),
    path("notifications/", hearing.hearing, name="notification-preferences"),
]
