"""The real settings with one page instead of all."""

from assay.settings import *  # noqa: F403 - settings are made to be taken whole

ROOT_URLCONF = "bench.hello"
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "assay.desk"]  # noqa: F405 - from the line above
MIDDLEWARE = [name for name in MIDDLEWARE if "allauth" not in name]  # noqa: F405
