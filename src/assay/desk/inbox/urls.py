"""Addresses of the inbox."""

from django.urls import path

from assay.desk.inbox import decide, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("newer/", views.newer, name="inbox-newer"),
    path("reject/", decide.reject_several, name="inbox-reject-several"),
    path("<int:lead_id>/", views.inbox, name="inbox-lead"),
    path("<int:lead_id>/accept/", decide.accept, name="inbox-accept"),
    path("<int:lead_id>/reject/", decide.reject, name="inbox-reject"),
]
