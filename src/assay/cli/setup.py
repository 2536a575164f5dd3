"""Django made ready, before any module that names the records is imported."""

import os

import django
from django.apps import apps

from assay.domain.errors import BadInput


def set_up() -> None:
    """Read the settings and load the models; does nothing the second time. Raises BadInput for a wrong setting."""
    if apps.ready:
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings"  # whatever another project left in this shell
    try:
        django.setup()
    except ValueError as error:  # a SettingsError: its class cannot be imported, because its module just failed
        raise BadInput("bad_setting", str(error)) from error
