"""The Django app of the web pages; it refuses to start when a route says not who may use it."""

from django.apps import AppConfig
from django.core.checks import register


class DeskConfig(AppConfig):
    name = "assay.desk"
    label = "desk"

    def ready(self) -> None:
        from assay.desk.access import check_routes  # routes import views, and views models

        register(check_routes)
