"""Constants written into a statement: only where it sees them does SQLite know that a partial index may be used."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Value
from django.db.models.sql.compiler import SQLCompiler


class Spelled(Value):
    """One of our own words, such as a rung, spelled out instead of bound. Never for what somebody typed."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        word = str(self.value)
        assert word == "" or (word.isascii() and word.isidentifier()), word
        return f"'{word}'", []
