"""Addresses of the lead list."""

from django.urls import path

from assay.desk.leads import export, saved, several, views

urlpatterns = [
    path("", views.leads, name="leads"),
    path("export/", export.export, name="leads-export"),
    path("promote/", several.promote, name="leads-promote"),
    path("disqualify/", several.disqualify, name="leads-disqualify"),
    path("assign/", several.assign, name="leads-assign"),
    path("views/", saved.save, name="leads-view-save"),
    path("views/<int:view_id>/delete/", saved.delete, name="leads-view-delete"),
]
