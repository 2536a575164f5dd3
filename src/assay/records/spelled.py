"""Constants written into a statement: only where it sees them does SQLite know that a partial index may be used."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Value
from django.db.models.sql.compiler import SQLCompiler


class Spelled(Value):
    """One of our own words, such as a rung, spelled out instead of bound. Never for what somebody typed."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        word = str(self.value)
        if word and not (word.isascii() and word.isidentifier()):
            raise ValueError(f"{word!r} is not a word of ours")
        return f"'{word}'", ()
