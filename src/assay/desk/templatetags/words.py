"""How templates name facts, moves and clocks."""

import re

from django import template

from assay.desk import words
from assay.domain.clock import ClockReading, time_left_text

register = template.Library()

register.filter("fact_name", words.fact)


@register.filter
def rung_name(rung: str) -> words.Text:
    """What people call a rung."""
    return words.RUNGS[rung]


@register.filter
def done(move: str) -> words.Text:
    """A decision as something that was done."""
    return words.DONE[move]


@register.filter
def bant_name(point: str) -> words.Text:
    """One of the four points."""
    return words.BANT[point]


@register.filter
def role_part(role: str) -> words.Text:
    """A part in buying."""
    return words.ROLES[role]


@register.filter
def time_left(clock: ClockReading) -> str:
    """What is left of a clock's target: "3 h 20 min left"."""
    return time_left_text(clock)


_POINTS = re.compile(r" \([+-]?[\d.]+\)$")


@register.filter
def without_points(sentence: str) -> str:
    """A part's sentence for where its points stand beside it."""
    return _POINTS.sub("", sentence)
