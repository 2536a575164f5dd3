"""Addresses of the lead page."""

from django.urls import path

from assay.desk.lead import act, data, drafts, privacy, same, views

urlpatterns = [
    path("<int:lead_id>/", views.lead, name="lead"),
    path("duplicates/", same.duplicates, name="duplicates"),
    path("<int:lead_id>/same/", same.same, name="lead-same"),
    path("<int:lead_id>/same/<int:other_id>/", same.sides, name="lead-sides"),
    path("<int:lead_id>/apart/<int:merge_id>/", same.apart, name="lead-apart"),
    path("<int:lead_id>/move/<str:move>/", act.move, name="lead-move"),
    path("<int:lead_id>/drafts/<int:draft_id>/confirm/", drafts.confirm, name="lead-draft-confirm"),
    path("<int:lead_id>/drafts/<int:draft_id>/dismiss/", drafts.dismiss, name="lead-draft-dismiss"),
    path("<int:lead_id>/touch/", act.touch, name="lead-touch"),
    path("<int:lead_id>/notes/", act.notes, name="lead-notes"),
    path("<int:lead_id>/owner/", act.owner, name="lead-owner"),
    path("<int:lead_id>/facts/", data.facts, name="lead-facts"),
    path("<int:lead_id>/role/", data.role, name="lead-role"),
    path("<int:lead_id>/data.json", privacy.data, name="lead-data"),
    path("<int:lead_id>/erase/", privacy.erase, name="lead-erase"),
]
