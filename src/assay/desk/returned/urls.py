"""Addresses of what sales returned."""

from django.urls import path

from assay.desk.returned import views

urlpatterns = [
    path("", views.returned, name="returned"),
    path("<int:decision_id>/answer/", views.answer, name="returned-answer"),
]
