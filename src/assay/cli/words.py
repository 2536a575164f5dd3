"""How leads are named, labelled and explained to people on a terminal."""

from collections.abc import Iterable, Sequence

from rich.text import Text

from assay.domain.labels import label
from assay.domain.ladder import Rung

COLOURS = {"hot": "bold red", "warm": "yellow", "cold": "blue"}


def labelled(temperature: str, rung: Rung) -> Text:
    """Both labels of a lead, coloured by temperature."""
    return Text(label(temperature, rung), style=COLOURS[temperature])


def who(name: str, title: str | None, company: str | None) -> Text:
    """A person in one line: name, title and company."""
    text = Text(f"{name}, {title}" if title else name)
    return text.append(f" · {company}", style="dim") if company else text


def asked_for(missing: Sequence[str], insufficient: bool) -> Text | None:
    """Which fields nobody knows, by the name a file would give them."""
    if not missing:
        return None
    names = ", ".join(field.partition(".")[2].replace("_", " ") for field in missing)
    return Text(f"Too little is known: ask for {names}" if insufficient else f"Not known: {names}", style="dim")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 lead``, ``2,000 leads``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bullets(sentences: Iterable[str]) -> list[Text]:
    """Reasons, one a line."""
    return [Text(sentence) for sentence in sentences]
