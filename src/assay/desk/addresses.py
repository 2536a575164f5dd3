"""Addresses of things by their number, dozens a page: Django takes as long for one as for the rest of its row."""

from functools import cache

from django.urls import get_script_prefix, reverse

ANY = 987_654_321
"""A number that stands nowhere else in an address."""


def address(route: str, number: int) -> str:
    """The address of a route that takes one number."""
    return _around(route, get_script_prefix()).format(number)


@cache
def _around(route: str, prefix: str) -> str:
    """The address with a place for the number; the prefix is where the program is served."""
    return reverse(route, args=[ANY]).replace(str(ANY), "{}")
