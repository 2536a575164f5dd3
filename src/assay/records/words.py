"""The words by which leads are found. Each database looks them up with the full-text search it has built in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Q
from django.db.models.sql.compiler import SQLCompiler

from assay.records.leads import Lead
from assay.records.listed import listed

LONGEST = 200
MOST_WANTED = 6
"""Words of a search beyond these say nothing more."""
FEW = 2_000
"""So many leads found by words are read by their ids; more than that are met soon in any order of the list."""


class LeadText(models.Model):
    """A lead's words, parted by blanks. On SQLite this is a table of its FTS5, hence the name of the key."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, primary_key=True, db_column="rowid")
    words = models.TextField()


@models.TextField.register_lookup
class Begin(Lookup):
    """Whether, for each of some words, one of the text's words begins with it."""

    lookup_name = "begin"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        quoted = ['"{}"*'.format(word.replace('"', '""')) for word in self.rhs]
        return f"{column} MATCH %s", [*params, " AND ".join(quoted)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        quoted = ["'{}':*".format(word.replace("\\", "\\\\").replace("'", "''")) for word in self.rhs]
        return f"{TSVECTOR.format(column)} @@ %s::tsquery", [*params, " & ".join(quoted)]


TSVECTOR = "array_to_tsvector(string_to_array({}, ' '))"
"""PostgreSQL's index is over this expression of the column (migration 0003)."""


def words_of(name: str, email: str, company: str, domain: str, external_id: str) -> str:
    """The words under which a lead is filed: those of the names, the addresses as a whole, and your own id."""
    address = folded(email)
    mailbox, _, host = address.partition("@")
    words = dict.fromkeys([*_filed(name), *_pieces(mailbox), *_filed(company), *_filed(external_id)])
    words |= dict.fromkeys("".join(whole.split()) for whole in (address, host, folded(domain)))
    return " ".join(word[:LONGEST] for word in words if word)


def words_of_lead(lead: Lead) -> str:
    """The same, read from a lead with ``person`` and ``company`` loaded."""
    person, company = lead.person, lead.company
    name, domain = (company.name, company.domain) if company else ("", "")
    return words_of(person.name, person.email, name, domain, lead.external_id)


def wanted_words(text: str) -> list[str]:
    """The words somebody searches for, an address or domain in one piece."""
    found = [word for chunk in folded(text).split() for word in _typed(chunk)]
    return [word[:LONGEST] for word in dict.fromkeys(found)][:MOST_WANTED]


def matching(text: str) -> Q:
    """Leads that have, for each word of the text, a word that begins with it; none where the text has no word."""
    words = wanted_words(text)
    if not words:
        return Q(pk__in=[])
    found = LeadText.objects.filter(words__begin=words).values_list("lead", flat=True)
    # Neither database knows how rare a word's beginning is: left to itself PostgreSQL walks the list for a rare one.
    few = list(found[: FEW + 1])
    return Q(pk__in=listed(few) if len(few) <= FEW else found)


def folded(text: str) -> str:
    """One spelling for any case and accent: ``Zoë`` is ``zoe``."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=4_096)
def _filed(text: str) -> tuple[str, ...]:
    """Each word of a text, also apart where there is a sign inside it."""
    return tuple(word for chunk in folded(text).split() for word in (*_typed(chunk), *_pieces(chunk)))


def _typed(chunk: str) -> Iterable[str]:
    """A word as somebody types it: an address or domain in one piece, anything else by its letters and digits."""
    bare = chunk.strip(".,;:()<>\"'")
    return [bare] if re.search(r"[@.]", bare) else _pieces(bare)


def _pieces(text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"[^\W_]+", text))
