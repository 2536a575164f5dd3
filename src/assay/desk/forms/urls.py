"""Addresses of Forms."""

from django.urls import path

from assay.desk.forms import views

urlpatterns = [
    path("", views.forms, name="forms"),
    path("new/", views.new, name="form-new"),
    path("<int:form_id>/", views.show, name="form"),
    path("<int:form_id>/edit/", views.edit, name="form-edit"),
    path("<int:form_id>/switch/", views.switch, name="form-switch"),
]
