"""What figures look like: the same picture on a page, in a file and in a notebook, each with its words.

A picture is made of plain objects of the domain. It is drawn by altair and vl-convert, on this machine alone.
"""

from assay.pictures.backtest import backtest, caught, weeks
from assay.pictures.calibration import Group, calibration
from assay.pictures.cohorts import Cohort, cohorts
from assay.pictures.funnel import funnel
from assay.pictures.picture import FORMATS, Format, Picture
from assay.pictures.sources import Source, sources
from assay.pictures.theme import DARK, LIGHT, MIDDLE, NARROW, THEMES, WIDE, Theme
from assay.pictures.times import times
from assay.pictures.what_if import what_if

__all__ = [
    "DARK",
    "FORMATS",
    "LIGHT",
    "MIDDLE",
    "NARROW",
    "THEMES",
    "WIDE",
    "Cohort",
    "Format",
    "Group",
    "Picture",
    "Source",
    "Theme",
    "backtest",
    "calibration",
    "caught",
    "cohorts",
    "funnel",
    "sources",
    "times",
    "weeks",
    "what_if",
]
