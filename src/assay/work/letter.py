"""A mail to one of our own people: the same in text and in HTML, which is made of MJML."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import mrml
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

BY_ITSELF = {"Auto-Submitted": "auto-generated"}
"""Whoever is away need not say so to us (RFC 3834)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line, and the page it leads to, "" for none."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a title; ``more`` says how many are left out."""

    items: Sequence[Item]
    title: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said. Links are "" where nobody knows under which address people open the pages."""

    language: str
    subject: str
    parts: Sequence[Part]
    why: str
    link: str = ""
    preferences: str = ""
    stop: str = ""

    @property
    def preview(self) -> str:
        """What an inbox shows beside the subject."""
        return next((item.text for part in self.parts for item in part.items), self.subject)


def mail(letter: Letter, to: str) -> EmailMultiAlternatives:
    """The mail, not sent yet; in the language that is active. Its reader stops such mails by one click (RFC 8058)."""
    headers = dict(BY_ITSELF)
    if letter.stop:
        headers["List-Unsubscribe"] = f"<{letter.stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = render_to_string("work/letter.txt", {"letter": letter})
    message = EmailMultiAlternatives(_one_line(letter.subject), text, to=[to], headers=headers)
    message.attach_alternative(as_html(letter), "text/html")
    return message


def as_html(letter: Letter) -> str:
    """The letter for a mail program that shows HTML."""
    made = mrml.to_html(render_to_string("work/letter.mjml", {"letter": letter}), render_options=_options())
    return str(made.content)


@cache
def _options() -> mrml.RenderOptions:
    """No fonts: a reader's mail program would fetch them from elsewhere, and tell when a mail is read."""
    return mrml.RenderOptions(disable_comments=True, fonts={})


def _one_line(text: str) -> str:
    """A name may have been written in several lines, and a header may not."""
    return " ".join(text.split())
