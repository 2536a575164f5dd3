"""Addresses of what sources are worth, what they are owed, and what they cost."""

from django.urls import path

from assay.desk.sources import costs, files, views

urlpatterns = [
    path("", views.sources, name="sources"),
    path("attribution/", views.attribution, name="sources-attribution"),
    path("sources.csv", files.quality_file, name="sources-file"),
    path("attribution.csv", files.attribution_file, name="sources-attribution-file"),
    path("costs/", costs.costs, name="costs"),
    path("costs/<int:spend_id>/remove/", costs.remove, name="cost-remove"),
]
