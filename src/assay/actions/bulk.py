"""One verb for several leads: each is a transaction of its own, and one that is refused does not hold up the rest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assay.domain.errors import AssayError


@dataclass(slots=True)
class Outcome:
    """What became of each lead."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, AssayError] = field(default_factory=dict)


def each(lead_ids: Iterable[int], verb: Callable[[int], object]) -> Outcome:
    """Try the verb on each lead once."""
    outcome = Outcome()
    for lead_id in dict.fromkeys(lead_ids):
        try:
            verb(lead_id)
        except AssayError as error:
            outcome.refused[lead_id] = error
        else:
            outcome.done.append(lead_id)
    return outcome
