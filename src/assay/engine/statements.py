"""Statements of SQL as trees: filled in by values, over tables of any name, written out for any engine."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from sqlglot import exp, parse_one

Filling = exp.Expr | str | float


def query(text: str, /, **values: Filling) -> exp.Select:
    """A SELECT with its ``:placeholders`` filled in by numbers, texts or expressions."""
    return cast(exp.Select, term(text, **values))


def term(text: str, /, **values: Filling) -> exp.Expr:
    """The same for an expression."""
    return exp.replace_placeholders(_parsed(text), **values)  # a copy


@cache
def _parsed(text: str) -> exp.Expr:
    return parse_one(text, dialect="duckdb")


def combined(operator: type[exp.Binary], terms: Sequence[exp.Expr]) -> exp.Expr:
    """Terms, at least one, with an operator between them; by halves, because engines refuse what is nested deep."""
    if len(terms) == 1:
        return exp.paren(terms[0])
    middle = len(terms) // 2
    sides = combined(operator, terms[:middle]), combined(operator, terms[middle:])
    return exp.paren(operator(this=sides[0], expression=sides[1]))


def renamed(query: exp.Expr, names: Mapping[str, str]) -> exp.Expr:
    """The query over tables of other names; within it each keeps the name it has."""
    copy = query.copy()
    for table in copy.find_all(exp.Table):
        if table.name in names:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(names[table.name]))
    return copy
