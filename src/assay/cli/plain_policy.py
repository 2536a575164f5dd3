"""A policy in plain words, printed."""

from collections.abc import Sequence

from assay.cli.output import Cell, paragraph, say, table
from assay.domain.parts import amount_text, points_text
from assay.domain.plain import Plain, PlainKind, plain
from assay.domain.policy import Policy


def show_policy(policy: Policy) -> None:
    """Print every rule of the policy."""
    told = plain(policy)
    say("FIT: do they match who we sell to?\n")
    table([">Points", "Criterion", "~When"], [(points_text(points), *said) for points, *said in told.criteria])
    say()
    paragraph(told.fit)
    say("\nINTENT: is there a pattern of buying signals?\n")
    table([">Points", "~Signal", ">Halved in", ">At most", "Kind", "~Marks"], list(map(_signal, told.kinds)))
    say()
    paragraph(told.intent)
    _show_gate(told)


def _signal(kind: PlainKind) -> Sequence[Cell]:
    days, marks = f"{amount_text(kind.days)} days", ", ".join(kind.marks)
    return [points_text(kind.points), kind.label, days, amount_text(kind.limit), kind.key, marks]


def _show_gate(told: Plain) -> None:
    say("\nTHE GATE\n")
    for sentence in told.gate:
        say(f"  {sentence}")
    say("\nREASONS\n")
    table(["For", "Code", "~Meaning"], [(f"assay {move}", code, words) for move, code, words in told.reasons])
