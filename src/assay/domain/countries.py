"""A country from however people write it: code or name, in English or in its own language."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

_LANGUAGES = """
    de fr es it pt nl pl sv da nb fi cs sk hu ro bg el tr ru uk hr sr sl et lv lt is ga ca
    ja zh zh_Hant ko ar he fa hi vi th id
"""
_NOT_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
# How people and ISO write what the locale data calls otherwise.
_ALIASES = {
    "AE": ("emirates", "uae"),
    "BO": ("bolivia plurinational state of",),
    "BN": ("brunei darussalam",),
    "CD": ("congo the democratic republic of the", "democratic republic of the congo", "drc"),
    "CG": ("republic of the congo",),
    "CI": ("ivory coast",),
    "CN": ("peoples republic of china", "prc"),
    "CV": ("cabo verde",),
    "CZ": ("czech republic",),
    "FM": ("micronesia federated states of",),
    "GB": ("britain", "england", "great britain", "northern ireland", "scotland", "uk", "wales"),
    "HK": ("hong kong",),
    "IE": ("republic of ireland",),
    "IR": ("iran islamic republic of",),
    "KR": ("korea", "korea republic of", "republic of korea"),
    "KP": ("korea democratic peoples republic of",),
    "LA": ("lao peoples democratic republic",),
    "MD": ("moldova republic of",),
    "MK": ("macedonia",),
    "MM": ("burma", "myanmar"),
    "MO": ("macao", "macau"),
    "NL": ("holland",),
    "PS": ("palestine", "palestine state of"),
    "RU": ("russian federation",),
    "SA": ("ksa",),
    "SK": ("slovak republic",),
    "SY": ("syrian arab republic",),
    "SZ": ("swaziland",),
    "TR": ("turkey",),
    "TW": ("taiwan province of china",),
    "TZ": ("tanzania united republic of",),
    "US": ("america", "united states of america"),
    "VA": ("holy see", "vatican"),
    "VE": ("venezuela bolivarian republic of",),
    "VN": ("viet nam",),
}


@lru_cache(maxsize=4_096)
def country_code(text: str) -> str | None:
    """ISO 3166 alpha-2 of a country given as alpha-2, alpha-3 or name; None where it is none of these.

    The caller keeps the text as it was then: nothing is guessed from a city or a typing error.
    """
    # The locale data costs more than a whole short command, so it loads when a country is first read.
    from babel.core import get_global

    code = text.strip().replace(".", "").upper()
    if code in _territories("en"):
        return code
    if code.isalpha():  # alpha-3 and old codes; numbers in a country column are no ISO numbers
        successors = get_global("territory_aliases").get(code, ())
        if len(successors) == 1 and successors[0] in _territories("en"):
            return str(successors[0])
    name = _plain(text)
    return _english().get(name) or _foreign().get(name)


def _plain(name: str) -> str:
    """A name without case, accents, punctuation and article."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[\W_]+", " ", re.sub(r"[.'’]", "", bare)).strip()
    return re.sub(r"\bsaint\b", "st", words.removeprefix("the "))


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale

    names = Locale.parse(language).territories.items()
    # Codes of digits are continents and the like.
    return {str(code): str(name) for code, name in names if len(str(code)) == 2 and code not in _NOT_COUNTRIES}


@cache
def _english() -> Mapping[str, str]:
    """Code by plain name, English first, then what people write instead."""
    names = {_plain(name): code for code, name in _territories("en").items()}
    return names | {alias: code for code, aliases in _ALIASES.items() for alias in aliases}


@cache
def _foreign() -> Mapping[str, str]:
    """Code by plain name in the languages above; a name that means two countries is left out."""
    codes: dict[str, set[str]] = {}
    for language in _LANGUAGES.split():
        for code, name in _territories(language).items():
            codes.setdefault(_plain(name), set()).add(code)
    return {name: found.pop() for name, found in codes.items() if len(found) == 1}
