"""What a check of `assay doctor` found."""

from typing import Literal, NamedTuple

State = Literal["ok", "warn", "fail"]


class Finding(NamedTuple):
    """One line of the report."""

    what: str
    state: State
    found: str
    do: str = ""
