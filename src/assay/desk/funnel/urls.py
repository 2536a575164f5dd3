"""Addresses of the funnel and of its tables."""

from django.urls import path

from assay.desk.funnel import export, views

urlpatterns = [
    path("", views.funnel, name="funnel"),
    path("<str:table>.csv", export.export, name="funnel-export"),
]
