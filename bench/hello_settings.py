"""The real settings with one page instead of all."""

from assay.settings import *  # noqa: F403 - settings are made to be taken whole

ROOT_URLCONF = "bench.hello"
