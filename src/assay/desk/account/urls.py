"""Addresses of the account pages that are ours; the sign-in library has the rest."""

from django.urls import path

from assay.desk.account import views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("first/", views.first_user, name="first-user"),
    path("preferences/", views.preferences, name="preferences"),
]
