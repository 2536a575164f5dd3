"""A policy in plain words, for people who will never open its file: shell and pages say the same."""

from collections.abc import Mapping
from typing import NamedTuple

from assay.domain.phrase import Phrase, Template
from assay.domain.policy import Policy
from assay.domain.policy_sections import Criterion, SignalKind

MARKS: Mapping[str, Phrase] = {
    "hot": Phrase("hot"),
    "hand_raise": Phrase("raised hand"),
    "milestone": Phrase("milestone"),
}

OPERATORS: Mapping[str, Template] = {
    "between": Template("{fact} from {low} to {high}"),
    "at_least": Template("{fact} at least {limit}"),
    "at_most": Template("{fact} at most {limit}"),
    "in": Template("{fact} is one of {listed}"),
    "not_in": Template("{fact} is none of {listed}"),
    "matches": Template("{fact} has a word of {listed}"),
    "present": Template("{fact} is known"),
    "is": Template("{fact} is {listed}"),
}
ROUTED: Mapping[str, Phrase] = {
    "promotion": Phrase("A lead that comes to the gate is offered to whose turn it is."),
    "acceptance": Phrase("A lead that is accepted goes to whose turn it is."),
}
KNOCKOUT = Template("{said}; if not, fit is 0")


class PlainKind(NamedTuple):
    """A kind of signal: its key and label, points, half-life in days, the most it can add, and its marks."""

    key: str
    label: str
    points: float
    days: float
    limit: float
    marks: tuple[Phrase, ...]


class Plain(NamedTuple):
    """The whole rule: criteria as points, name and condition; kinds; a sentence on each; the gate; the reasons."""

    criteria: tuple[tuple[float, str, Phrase], ...]
    fit: Phrase
    kinds: tuple[PlainKind, ...]
    intent: Phrase
    gate: tuple[Phrase, ...]
    reasons: tuple[tuple[str, str, str], ...]
    """The move, the code, and what it says."""


def plain(policy: Policy) -> Plain:
    """A policy in words."""
    reasons = policy.gate.reasons
    lists = {
        "reject": reasons.rejection,
        "disqualify": reasons.disqualification,
        "recycle": reasons.recycle,
        "lose": reasons.loss,
    }
    return Plain(
        tuple((item.points, item.name, condition(item)) for item in policy.fit.criteria),
        _fit(policy),
        tuple(_kind(key, kind) for key, kind in policy.intent.signals.items()),
        _intent(policy),
        tuple(_gate(policy)),
        tuple((move, code, words) for move, listed in lists.items() for code, words in listed.items()),
    )


def condition(item: Criterion) -> Phrase:
    """When a criterion matches."""
    operand, fact = item.operand, item.field.partition(".")[2].replace("_", " ")
    said: dict[str, object] = {"fact": fact}
    match item.operator:
        case "between":
            said |= {"low": number(operand[0]), "high": number(operand[1])}
        case "at_least" | "at_most":
            said |= {"limit": number(operand)}
        case "present":
            pass
        case _:
            said |= {"listed": tuple(map(str, operand)) if isinstance(operand, tuple) else str(operand)}
    phrase = Phrase(OPERATORS[item.operator], **said)
    return Phrase(KNOCKOUT, said=phrase) if item.knockout else phrase


def number(value: float) -> float:
    """A number that is written without a decimal point where it is whole."""
    return int(value) if float(value).is_integer() else value


def marks(kind: SignalKind) -> tuple[Phrase, ...]:
    """What a kind of signal is marked as."""
    return tuple(words for flag, words in MARKS.items() if getattr(kind, flag))


def _kind(key: str, kind: SignalKind) -> PlainKind:
    limit = -kind.cap if kind.points < 0 else kind.cap
    return PlainKind(key, kind.label, kind.points, kind.half_life_days, limit, marks(kind))


def _fit(policy: Policy) -> Phrase:
    fit, bands = policy.fit, policy.fit.bands
    return Phrase(
        "From {floor} on a lead fits; under {least} % known it is insufficient data."
        " Bands: A from {a}, B from {b}, C from {c}, else D.",
        floor=number(fit.floor),
        least=number(fit.min_coverage),
        a=number(bands.A),
        b=number(bands.B),
        c=number(bands.C),
    )


def _intent(policy: Policy) -> Phrase:
    intent, bands, pattern = policy.intent, policy.intent.bands, policy.intent.pattern
    return Phrase(
        "A pattern is {kinds} kinds or {days} days within {within} days, or a raised hand; without it intent is held at"
        " {limit}. Bands: 1 from {one}, 2 from {two}, 3 from {three}, else 4.",
        kinds=pattern.kinds,
        days=pattern.days,
        within=pattern.within_days,
        limit=number(intent.lone_cap),
        one=number(bands.one),
        two=number(bands.two),
        three=number(bands.three),
    )


def _gate(policy: Policy) -> list[Phrase]:
    warmth = policy.temperature
    said = [
        Phrase(
            "MQL: fit from {floor}, intent from {least} with a pattern, and both together from {both}.",
            floor=number(policy.fit.floor),
            least=number(policy.intent.floor),
            both=number(policy.mql.threshold),
        ),
        Phrase("PQL: a milestone in the product, and it fits."),
        Phrase(
            "Hot: a hot signal within {hot} days. Warm: any within {warm} days. Else cold.",
            hot=number(warmth.hot_days),
            warm=number(warmth.warm_days),
        ),
        Phrase("A rejected lead rests for {days} days.", days=number(policy.mql.cool_off_days)),
        Phrase("Accepting also qualifies.")
        if policy.gate.accept_is_sql
        else Phrase("Accepting and qualifying are two acts."),
        Phrase(
            "Days are counted in {zone}, money in {currency}.", zone=policy.timezone, currency=policy.currency
        ),
    ]  # fmt: skip
    said += [ROUTED[policy.routing.when]] if policy.routing.when in ROUTED else []
    if policy.gate.explore:
        share = number(round(100 * policy.gate.explore, 1))
        said.append(Phrase("Of leads just under the threshold {share} % are sent as an exploration.", share=share))
    return said
