"""Where a visit came from, by what it tells: the tags of its link, the mark of an advertisement, the page before it.

A tag somebody wrote by hand comes first, then what an advertising site added, then the page that linked here.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

LONGEST = 200
"""Characters of a source's name."""

ADS = "ads"
_BELOW = frozenset({"social", "assistant"})
"""The kinds of sites whose hosts stand for those below them, too."""
_ENDING = re.compile(r"(?:com?\.|org\.|net\.)?[a-z]{2,3}")
_MEDIUM = re.compile(r"[^a-z]")


@dataclass(frozen=True, slots=True)
class Site:
    """A site people come from: its name and what it is, such as search, social or assistant."""

    name: str
    kind: str

    def source(self, kind: str = "") -> str:
        """The source it is counted as: ``Google (search)``, or ``Google (ads)`` where that was paid for."""
        return f"{self.name} ({kind or self.kind})"


@dataclass(frozen=True, slots=True)
class _Known:
    """The data file, as it is looked up."""

    hosts: Mapping[str, Site]
    names: Mapping[str, Site]
    clicks: Mapping[str, Site]
    paid: frozenset[str]


def source_of_visit(said: Mapping[str, object], url: str = "") -> str | None:
    """The source a visit tells, None where it tells none.

    ``said`` has what came with it: utm_source, utm_medium, referrer and entry_referrer, landing; ``url`` is the page.
    A tag of an unknown site is the source as it was written.
    """
    clicked = _clicked(url) or _clicked(_text(said, "landing"))
    tag = _text(said, "utm_source")[:LONGEST]
    if tag:
        site = _called(tag)
        paid = clicked is not None or _MEDIUM.sub("", _text(said, "utm_medium").lower()) in _known().paid
        return site.source(ADS if paid else "") if site else tag
    if clicked:
        return clicked.source(ADS)
    site = site_of(_text(said, "entry_referrer")) or site_of(_text(said, "referrer"))
    return site.source() if site else None


def campaign_of_visit(said: Mapping[str, object]) -> str:
    """The campaign a visit's link names; "" where it names none."""
    return _text(said, "utm_campaign")[:LONGEST]


def site_of(address: str) -> Site | None:
    """The known site that an address is of."""
    try:
        host = urlsplit(address.strip().lower()).hostname or ""
    except ValueError:  # brackets that are no address
        return None
    return _site_at(host)


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if text.isprintable() else ""


def _called(tag: str) -> Site | None:
    """The site a link's tag names: ``LinkedIn``, ``chatgpt.com`` or ``fb``."""
    return _known().names.get(tag.lower()) or _site_at(tag.lower())


def _clicked(address: str) -> Site | None:
    """The site whose advertisement was clicked, by what it added to the address."""
    if "?" not in address:
        return None
    query = address.partition("?")[2].partition("#")[0]
    clicks = _known().clicks
    return next((clicks[name] for name, _ in parse_qsl(query) if name in clicks), None)


def _site_at(host: str) -> Site | None:
    hosts = _known().hosts
    return next((hosts[spelling] for spelling in _spellings(host) if spelling in hosts), None)


def _spellings(host: str) -> Iterator[str]:
    """How a host may stand in the data: as it is, with any ending, below another."""
    bare = host.removeprefix("www.")
    yield bare
    _, dot, ending = bare.partition(".")
    while dot:
        if _ENDING.fullmatch(ending):
            yield f"{bare.removesuffix(ending)}*"
        yield f"*.{ending}"
        _, dot, ending = ending.partition(".")


@cache
def _known() -> _Known:
    said = tomllib.loads(files("assay.domain").joinpath("channels.toml").read_text("utf-8"))
    hosts: dict[str, Site] = {}
    names: dict[str, Site] = {}
    # Of one name the search engine comes last: "you" in a link's tag is the engine, whoever else is called so.
    for kind in ("assistant", "social", "search"):
        for name, listed in said[kind].items():
            site = names[name.lower()] = Site(name, kind)
            hosts |= dict.fromkeys(listed, site)
            if kind in _BELOW:
                hosts |= {f"*.{host}": site for host in listed}
    names |= {tag: names[name.lower()] for tag, name in said["called"].items()}
    clicks = {mark: names[name.lower()] for mark, name in said["clicks"].items()}
    return _Known(hosts, names, clicks, frozenset(said["paid"]["mediums"]))


def click_marks() -> tuple[str, ...]:
    """What advertising sites add to addresses."""
    return tuple(_known().clicks)
