"""How templates name facts, moves and clocks."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assay.desk import telling, words
from assay.desk.templatetags.desk import points
from assay.desk.values import shown_value
from assay.domain.clock import Clock, ClockReading, time_left_text
from assay.domain.escalation import NAMES
from assay.domain.facts import Value
from assay.domain.failures import failure
from assay.domain.funnel_words import percent, tidy
from assay.domain.routing import why_of
from assay.domain.survival import spoken
from assay.records.models import Merge

register = template.Library()

register.filter("fact_name", words.fact)
register.filter("told", telling.told)
register.filter("by_whom", telling.by_whom)
register.filter("answer_text", telling.told_answer)


@register.filter
def failure_text(text: str) -> str:
    """Why a message was not delivered."""
    return telling.told(failure(text))


@register.filter
def value_of(value: Value, key: str) -> str:
    """What a fact says, as the reader writes it."""
    return shown_value(key, value)


@register.filter
def share(value: float | str | None) -> str:
    """A share of 0 to 1 as a percentage, with a decimal where it is small; nothing where there is none."""
    return telling.told(percent(value)) if isinstance(value, int | float) else ""


@register.filter
def figure(value: float | str | None) -> str:
    """A number as people say it: with a decimal where it is small; nothing where there is none."""
    return points(tidy(value)) if isinstance(value, int | float) else ""


@register.filter
def lasting(seconds: float | str | None) -> str:
    """A length of time as people say it; nothing where there is none."""
    return telling.told(spoken(seconds)) if isinstance(seconds, float) else ""


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
def identity_kind(kind: str) -> words.Text:
    """What somebody is known by."""
    return words.IDENTITIES[kind]


@register.filter
def why_merged(merge: Merge) -> str:
    """Why two people were said to be one; in the reader's language where the program itself says so."""
    return str(words.WHY_MERGED.get(merge.why, merge.why))


@register.simple_tag
def clock(reading: ClockReading | None) -> SafeString:
    """What is left of a clock's target, "3 h 20 min left", with the time when it ends."""
    if not reading:
        return SafeString("")
    due = date_format(timezone.localtime(reading.due_at), "SHORT_DATETIME_FORMAT")
    left = telling.told(time_left_text(reading))
    return format_html('<span class="clock clock-{}" title="{}">{}</span>', reading.state, due, left)


@register.filter
def clock_name(kind: Clock) -> str:
    """What a clock waits for."""
    return telling.told(NAMES[kind])


@register.filter
def why_offered(text: str) -> str:
    """Why a lead is offered to somebody, or to nobody."""
    return telling.told(why_of(text))


@register.filter
def desk_name(desk: str) -> words.Text:
    """Marketing or sales."""
    return words.DESKS[desk]


@register.filter
def does(move: str) -> words.Text:
    """A move as something to do."""
    return words.MOVES[move]
