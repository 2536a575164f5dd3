"""The script that a website loads to tell of visits and forms: what a site pastes to have it, and who serves it."""

from assay.intake.tracker.scripts import PATH
from assay.intake.tracker.serving import serve
from assay.intake.tracker.snippet import snippet

__all__ = ["PATH", "serve", "snippet"]
