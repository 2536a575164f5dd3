"""Addresses of the companies."""

from django.urls import path

from assay.desk.companies import views

urlpatterns = [
    path("", views.companies, name="companies"),
    path("<int:company_id>/", views.company, name="company"),
    path("<int:company_id>/role/", views.role, name="company-role"),
]
