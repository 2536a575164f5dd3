"""Collects the texts of the pages into the catalogues of each language and compiles them: `make texts`.

Babel does the work of gettext's own tools, which not every machine has.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DESK = Path(__file__).parent
BELOW = tuple(DESK.parent / room for room in ("domain", "actions", "api", "pictures", "learning"))
"""Where phrases come from that the pages tell."""
FORMS = DESK.parent / "intake" / "forms"
"""The public forms."""
REPORTS = DESK.parent / "reports"
"""What is mailed by itself."""
LOCALE = DESK / "locale"
LANGUAGES = ("fr", "de")
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "Phrase": None,
    "Template": None,
}


def collected() -> Catalog:
    """Every text that the pages' templates and code mark for translation, and every phrase from below."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path, source in _sources():
        for _, text, _, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
            catalog.add(text, None, [(_shown(path), 0)], context=context)
    return catalog


def _sources() -> Iterator[tuple[Path, str]]:
    """Python files as they are, templates as the calls they stand for."""
    for path in _files("*.py", DESK, FORMS, REPORTS, *BELOW):
        yield path, path.read_text(encoding="utf-8")
    for path in (*_files("*.html", DESK, FORMS, REPORTS), *_files("mail.txt", FORMS, REPORTS)):
        calls = templatize(path.read_text(encoding="utf-8"), origin=path.name)
        yield path, "\n".join(line.strip() for line in calls.splitlines())  # a page's indentation is not Python's


def _files(pattern: str, *folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob(pattern))


def _shown(path: Path) -> str:
    return path.relative_to(DESK if path.is_relative_to(DESK) else DESK.parent).as_posix()


def catalogue(language: str) -> Catalog:
    """The translations on file."""
    path = _path(language, "po")
    if not path.exists():
        return Catalog(locale=language, domain="django", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django", charset="utf-8")


def untranslated(language: str) -> list[str]:
    """Texts of the pages that a language lacks."""
    known = catalogue(language)
    missing = []
    for message in collected():
        found = known.get(message.id, message.context) if message.id else None
        if message.id and (found is None or not all(_strings(found.string)) or found.fuzzy):
            missing.append(str(message.id))
    return missing


def _strings(string: object) -> tuple[object, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (string,)


def _path(language: str, suffix: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django.{suffix}"


def _describe(catalog: Catalog, language: str) -> None:
    """A header without dates: a catalogue changes only when a text does."""
    catalog.header_comment = f"# Texts of Assay's pages: {language}. Made by `make texts`; the translations are ours."
    catalog.project, catalog.version, catalog.msgid_bugs_address = "Assay", "1", ""
    catalog.last_translator = catalog.language_team = "Assay"
    catalog.creation_date = catalog.revision_date = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> int:
    """Bring each catalogue up to date and compile it; say how many texts lack a translation."""
    texts = collected()
    for language in LANGUAGES:
        known = catalogue(language)
        known.update(texts, no_fuzzy_matching=True)
        known.obsolete.clear()
        _describe(known, language)
        _path(language, "po").parent.mkdir(parents=True, exist_ok=True)
        with _path(language, "po").open("wb") as file:
            write_po(file, known, sort_output=True, width=120, omit_header=False, include_lineno=False)
        with _path(language, "mo").open("wb") as file:
            write_mo(file, known)
        sys.stdout.write(f"{language}: {len(untranslated(language))} of {len(texts)} texts lack a translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
