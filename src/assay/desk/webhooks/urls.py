"""Addresses of Webhooks, below the settings."""

from django.urls import path

from assay.desk.webhooks import act, views

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("<int:number>/", views.webhook, name="webhook"),
    path("<int:number>/rotate/", views.rotate, name="webhook-rotate"),
    path("<int:number>/do/", act.act, name="webhook-act"),
    path("<int:number>/replay/", act.replay, name="webhook-replay"),
]
