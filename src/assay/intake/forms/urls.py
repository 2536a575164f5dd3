"""Addresses of the public forms."""

from django.urls import path

from assay.intake.forms import confirming, views

urlpatterns = [
    path("confirm/<str:signed>/", confirming.confirmed, name="form-confirm"),
    path("<str:slug>/", views.hosted, name="form-hosted"),
    path("<str:slug>/embed/", views.framed, name="form-framed"),
]
