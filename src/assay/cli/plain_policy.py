"""A policy in plain words, for people who will never open its file."""

from assay.cli.output import Cell, paragraph, say, table
from assay.domain.parts import amount_text, points_text
from assay.domain.policy import Policy
from assay.domain.policy_sections import Criterion, SignalKind

MARKS = {"hot": "hot", "hand_raise": "raised hand", "milestone": "milestone"}


def show_policy(policy: Policy) -> None:
    """Print every rule of the policy."""
    _show_fit(policy)
    _show_intent(policy)
    _show_thresholds(policy)
    _show_reasons(policy)


def _show_fit(policy: Policy) -> None:
    fit, bands = policy.fit, policy.fit.bands
    say("FIT: do they match who we sell to?\n")
    rows = [(points_text(item.points), item.name, condition(item)) for item in fit.criteria]
    table([">Points", "Criterion", "~When"], rows)
    say()
    paragraph(
        f"From {fit.floor:g} on a lead fits; under {fit.min_coverage:g} % known it is insufficient data."
        f" Bands: A from {bands.A:g}, B from {bands.B:g}, C from {bands.C:g}, else D."
    )


def condition(item: Criterion) -> str:
    """When a criterion matches, as a sentence says it."""
    field, operand = item.field.partition(".")[2].replace("_", " "), item.operand
    listed = ", ".join(map(str, operand)) if isinstance(operand, tuple) else f"{operand}"
    match item.operator:
        case "between":
            text = f"{field} from {operand[0]:g} to {operand[1]:g}"
        case "at_least" | "at_most":
            text = f"{field} {item.operator.replace('_', ' ')} {operand:g}"
        case "in":
            text = f"{field} is one of {listed}"
        case "not_in":
            text = f"{field} is none of {listed}"
        case "matches":
            text = f"{field} has a word of {listed}"
        case "present":
            text = f"{field} is known"
        case _:
            text = f"{field} is {listed}"
    return f"{text}; if not, fit is 0" if item.knockout else text


def _show_intent(policy: Policy) -> None:
    intent, bands, pattern = policy.intent, policy.intent.bands, policy.intent.pattern
    say("\nINTENT: is there a pattern of buying signals?\n")
    columns = [">Points", "~Signal", ">Halved in", ">At most", "Kind", "~Marks"]
    table(columns, [_signal(key, kind) for key, kind in intent.signals.items()])
    say()
    paragraph(
        f"A pattern is {pattern.kinds} kinds or {pattern.days} days within {pattern.within_days} days, or a raised "
        f"hand; without it intent is held at {intent.lone_cap:g}."
        f" Bands: 1 from {bands.one:g}, 2 from {bands.two:g}, 3 from {bands.three:g}, else 4."
    )


def _signal(key: str, kind: SignalKind) -> list[Cell]:
    marks = [words for flag, words in MARKS.items() if getattr(kind, flag)]
    limit = f"{'-' if kind.points < 0 else ''}{amount_text(kind.cap)}"
    days = f"{amount_text(kind.half_life_days)} days"
    return [points_text(kind.points), kind.label, days, limit, key, ", ".join(marks)]


def _show_thresholds(policy: Policy) -> None:
    intent, mql, warmth = policy.intent, policy.mql, policy.temperature
    say("\nTHE GATE\n")
    say(
        f"  MQL: fit from {policy.fit.floor:g}, intent from {intent.floor:g} with a pattern, "
        f"and both together from {mql.threshold:g}."
    )
    say("  PQL: a milestone in the product, and it fits.")
    say(f"  Hot: a hot signal within {warmth.hot_days:g} days. Warm: any within {warmth.warm_days:g} days. Else cold.")
    say(f"  A rejected lead rests for {mql.cool_off_days:g} days.")
    accepting = "Accepting also qualifies." if policy.gate.accept_is_sql else "Accepting and qualifying are two acts."
    say(f"  {accepting} Days are counted in {policy.timezone}, money in {policy.currency}.\n")


def _show_reasons(policy: Policy) -> None:
    reasons = policy.gate.reasons
    lists = {
        "reject": reasons.rejection,
        "disqualify": reasons.disqualification,
        "recycle": reasons.recycle,
        "lose": reasons.loss,
    }
    say("REASONS\n")
    rows = [(f"assay {verb}", code, words) for verb, listed in lists.items() for code, words in listed.items()]
    table(["For", "Code", "~Meaning"], rows)
