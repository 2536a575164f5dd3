"""Addresses of Imports."""

from django.urls import path

from assay.desk.imports import history, views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("upload/<int:upload_id>/", views.upload, name="upload"),
    path("upload/<int:upload_id>/start/", views.start, name="upload-start"),
    path("upload/<int:upload_id>/discard/", views.discard, name="upload-discard"),
    path("<int:number>/", history.show, name="import"),
    path("<int:number>/undo/", history.undo, name="import-undo"),
    path("<int:number>/refused.csv", history.refused_rows, name="import-refused"),
]
