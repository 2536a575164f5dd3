"""Addresses of My work."""

from django.urls import path

from assay.desk.work import views

urlpatterns = [
    path("", views.work, name="work"),
    path("<int:lead_id>/touch/", views.touch, name="work-touch"),
]
