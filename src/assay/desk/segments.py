"""The parts of all leads that a reader may pick: what each tells apart, what there is to choose, and how to say it."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, get_args

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assay.desk import words
from assay.desk.kept import recall
from assay.desk.leads import choices
from assay.desk.leads.choices import Choices
from assay.domain.segments import SIZES
from assay.records.leads import Temperature
from assay.records.models import Pass, PolicyVersion
from assay.records.slices import Slice

Name = Literal["source", "campaign", "owner", "size", "country", "policy", "temperature"]
NAMES: tuple[Name, ...] = get_args(Name)
MOST = 300


class Segment(NamedTuple):
    """One way to tell leads apart: what it is called, and what there is to choose."""

    label: words.Text
    offered: Callable[[], Choices]
    unknown: words.Text = ""


def sizes() -> Choices:
    """Bands of employees."""
    return [("", _("Any size")), *((name, size_name(name)) for name, _end in SIZES)]


def countries() -> Choices:
    """The countries there are leads from, by their names."""
    codes = recall("countries", _countries)
    return [("", _("Any country")), *sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])]


def _countries() -> list[str]:
    known = Pass.objects.exclude(country="").order_by("country").values_list("country", flat=True)
    return list(known.distinct()[:MOST])


def policies() -> Choices:
    """Versions of the policy, the newest first."""
    versions = PolicyVersion.objects.order_by("-pk").values_list("pk", flat=True)[:MOST]
    return [("", _("Any version")), *((str(pk), policy_name(pk)) for pk in versions)]


def owners() -> Choices:
    """The people of sales by name."""
    return [("", _("Anybody's")), *((str(user.pk), user.name) for user in choices.sellers())]


def temperatures() -> Choices:
    """Hot, warm and cold at promotion."""
    return [("", _("Any temperature")), *((str(name), words.TEMPERATURES[name]) for name in Temperature)]


SEGMENTS: Mapping[Name, Segment] = {
    "source": Segment(_("Source"), choices.sources, _("no source")),
    "campaign": Segment(_("Campaign"), choices.campaigns, _("no campaign")),
    "owner": Segment(_("Owner"), owners, _("nobody")),
    "size": Segment(_("Employees"), sizes, _("not known")),
    "country": Segment(_("Country"), countries, _("not known")),
    "policy": Segment(_("Policy version"), policies, _("not promoted")),
    "temperature": Segment(_("Temperature at promotion"), temperatures, _("not promoted")),
}


def size_name(band: str) -> str:
    """A band as people write it: with a dash that is one."""
    return band.replace("-", "–")


def country_name(code: str) -> str:
    """A country in the reader's language."""
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return str(locale.territories.get(code, code))


def policy_name(version: object) -> str:
    """A version by its number."""
    return translation.gettext("Version %(number)s") % {"number": version}


def slice_of(chosen: Mapping[str, str | None]) -> Slice:
    """What was chosen, by name of the segment, as a part of all passes."""
    return Slice(
        source=_number(chosen["source"]),
        campaign=_number(chosen["campaign"]),
        owner=_number(chosen["owner"]),
        size=chosen["size"] or None,
        country=chosen["country"] or None,
        policy=_number(chosen["policy"]),
        temperature=chosen["temperature"] or None,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def flat(offered: Choices) -> dict[str, str]:
    """Values with their texts, those of groups included."""
    found: dict[str, str] = {}
    for value, text in offered:
        if isinstance(text, list):
            found |= {str(inner): f"{value}: {said}" for inner, said in text}
        elif value:
            found[value] = str(text)
    return found
