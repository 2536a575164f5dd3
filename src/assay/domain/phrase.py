"""What is said to people, kept with what it is made of, so that a page can say it in another language."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NewType, TypeAlias

Arg: TypeAlias = object
"""A number, a text, a date, a time, a phrase, or a tuple of texts or phrases."""

Template = NewType("Template", str)
"""English with ``{names}`` for its arguments. Pages translate what ``Template("...")`` and ``Phrase("...")`` hold."""

NUMBERS = frozenset({"count", "days", "kinds", "limit", "points", "within"})
"""Arguments that are numbers, and so are found as numbers when a phrase is read back from its text."""


class Phrase(str):
    """English text that remembers its ``template`` and its ``args``.

    It is that text wherever text is wanted. Dates stand in it as ISO 8601, a tuple as a list with commas.
    """

    __slots__ = ("args", "template")
    template: str
    args: Mapping[str, Arg]

    def __new__(cls, template: str, **args: Arg) -> "Phrase":
        plain = {name: _plain(arg) for name, arg in args.items()}
        phrase = super().__new__(cls, template.format(**plain) if args else template)
        phrase.template, phrase.args = template, args
        return phrase


def _plain(arg: Arg) -> str:
    if isinstance(arg, datetime):
        return f"{arg:%Y-%m-%d %H:%M %Z}"
    return ", ".join(map(_plain, arg)) if isinstance(arg, tuple) else str(arg)


def together(*phrases: str) -> Phrase:
    """Several phrases, one after the other; those that say nothing are left out."""
    said = {f"part{number}": phrase for number, phrase in enumerate(phrases) if phrase}
    template = " ".join(f"{{{name}}}" for name in said)
    return Phrase(template, **said)


def either(*choices: Arg) -> Arg:
    """The choices with "or" between them."""
    *before, said = choices
    for choice in reversed(before):
        said = Phrase("{one} or {others}", one=choice, others=said)
    return said


def heard(template: Template, text: str, **known: str) -> Phrase | None:
    """The phrase that a text was made of, where it was made of this template; ``known`` are arguments one has anyway.

    So what is stored need not hold more than its text, and is still told in any language.
    """
    found = _pattern(template, tuple(known.items())).fullmatch(text)
    if found is None:
        return None
    return Phrase(template, **known, **found.groupdict())


@lru_cache(maxsize=1024)
def _pattern(template: Template, known: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    fixed = dict(known)
    pieces = re.split(r"\{(\w+)\}", template)  # text and names of arguments by turns
    for place, name in enumerate(pieces):
        if place % 2 == 0:
            pieces[place] = re.escape(name)
        elif name in fixed:
            pieces[place] = re.escape(fixed[name])
        else:
            pieces[place] = rf"(?P<{name}>{r'[+-]?[0-9][0-9.e+-]*' if name in NUMBERS else '.*'})"
    return re.compile("".join(pieces), re.DOTALL)
