"""An invented month of a B2B services firm, played through the real actions: what to look at on the first day."""

from assay.demo.load import load
from assay.demo.summary import DemoSummary
from assay.demo.team import MEMBERS, PASSWORD, Member, is_loaded
from assay.domain.audit import Mistake

__all__ = ["MEMBERS", "PASSWORD", "DemoSummary", "Member", "Mistake", "is_loaded", "load"]
