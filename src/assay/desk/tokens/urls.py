"""Addresses of the tokens."""

from django.urls import path

from assay.desk.tokens import views

urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("<int:token_id>/revoke/", views.revoke, name="token-revoke"),
]
