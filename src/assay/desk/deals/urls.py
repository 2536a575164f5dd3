"""Addresses of Deals."""

from django.urls import path

from assay.desk.deals import act, views

urlpatterns = [
    path("", views.deals, name="deals"),
    path("<int:lead_id>/", views.deal, name="deal"),
    path("<int:lead_id>/<str:name>/", act.act, name="deal-act"),
]
