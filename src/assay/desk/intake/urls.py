"""Addresses of Intake."""

from django.urls import path

from assay.desk.intake import keys, views

urlpatterns = [
    path("", views.intake, name="intake"),
    path("replay/", views.replay_some, name="intake-replay"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:key_id>/", keys.key, name="key"),
    path("keys/<int:key_id>/revoke/", keys.revoke, name="key-revoke"),
]
