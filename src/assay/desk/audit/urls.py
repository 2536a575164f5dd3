"""Addresses of the audit."""

from django.urls import path

from assay.desk.audit import export, views

urlpatterns = [
    path("", views.audit, name="audit"),
    path("export/", export.findings, name="audit-export"),
    path("<str:name>/", views.behind, name="audit-leads"),
    path("<str:name>/export/", export.leads, name="audit-leads-export"),
]
