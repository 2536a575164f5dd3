"""What the parts of a stored score say, read back from their sentences."""

from collections.abc import Mapping

from assay.domain import fit, intent
from assay.domain.parts import Part, points_text
from assay.domain.phrase import Phrase, Template, heard

TEMPLATES: Mapping[tuple[str, str], tuple[Template, ...]] = {
    ("fit", "match"): (fit.MATCH,),
    ("fit", "miss"): (fit.MISS, fit.SPARED),
    ("fit", "unknown"): (fit.UNKNOWN, fit.UNREADABLE),
    ("fit", "limit"): (fit.LIMIT, fit.KNOCKOUT),
    ("intent", "counted"): (
        intent.OFTEN,
        intent.OFTEN_IN_A_DAY,
        intent.ONCE,
        intent.ONCE_A_DAY_AGO,
        intent.ONCE_TODAY,
    ),
    ("intent", "limit"): (intent.LIMIT, intent.LONE),
}
"""Every sentence a part can have, by axis and verdict."""


def phrase_of(part: Part) -> Phrase:
    """What a part says, without the points of a criterion; a sentence nobody knows any more stays as it is."""
    known = {"name": part.name} if part.axis == "fit" and part.verdict != "limit" else {}
    text = part.sentence.removesuffix(f" ({points_text(part.points)})")
    templates = TEMPLATES.get((part.axis, part.verdict), ())
    return next(filter(None, (heard(template, text, **known) for template in templates)), Phrase(text))
