"""Addresses of the settings."""

from django.urls import include, path

from assay.desk.settings import views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("users/<int:user_id>/", views.change, name="settings-user"),
    path("users/<int:user_id>/link/", views.invite_again, name="settings-user-link"),
    path("webhooks/", include("assay.desk.webhooks.urls")),
]
