"""What a backtest shows, in sentences: for the shell, the page and the picture alike."""

from collections.abc import Iterator
from typing import NamedTuple

from assay.domain.backtest import Backtest, Caught, Grounds
from assay.domain.funnel import FEW
from assay.domain.funnel_words import tidy
from assay.domain.phrase import Phrase, together


class Row(NamedTuple):
    """A share that a draft is judged by."""

    name: Phrase
    said: Caught


def rows(found: Backtest) -> tuple[Row, ...]:
    """The shares, in the order in which they matter."""
    return (
        Row(Phrase("Won, sent in time"), found.won),
        Row(Phrase("Accepted, sent in time"), found.accepted),
        Row(Phrase("Returned, not sent"), found.rejected.avoided),
    )


def verdict(found: Backtest) -> Phrase:
    """What comes of it, in a sentence or two."""
    if not found.both + found.only_real + found.new:
        return Phrase(
            "Nobody came to the gate in these {days} days, and by the draft nobody would have.", days=found.days
        )
    few = Phrase("That is few to go by.") if 0 < found.decided < FEW else ""
    return together(_volume(found), _quality(found), few)


def _volume(found: Backtest) -> Phrase:
    change = tidy(found.change.value or 0.0)
    if not change:
        return Phrase("The draft sends as many leads a week to the gate as came: {real}.", real=tidy(found.real))
    said = {"number": abs(change), "draft": tidy(found.draft), "real": tidy(found.real)}
    if change < 0:
        return Phrase("The draft sends {number} fewer leads a week to the gate, {draft} instead of {real}.", **said)
    return Phrase("The draft sends {number} more leads a week to the gate, {draft} instead of {real}.", **said)


def _quality(found: Backtest) -> Phrase:
    if not found.decided:
        return Phrase("Sales decided on nobody in these days, so what it is worth cannot be said.")
    spared = found.rejected.avoided
    won = Phrase("won") if found.won.all else Phrase("accepted")
    good = found.won if found.won.all else found.accepted
    said = {"caught": good.caught, "all": good.all, "what": won, "spared": spared.caught, "returned": spared.all}
    if not spared.all:
        return Phrase("It would have sent {caught} of {all} {what} leads in time.", **said)
    if not good.all:
        return Phrase("It would have spared sales {spared} of {returned} leads that it returned.", **said)
    return Phrase(
        "It would have sent {caught} of {all} {what} leads in time, "
        "and spared sales {spared} of {returned} that it returned.",
        **said,
    )


def notes(found: Backtest) -> Iterator[Phrase]:
    """What else is to be known of it, a sentence each."""
    yield from _more_or_less(found)
    yield from _timing(found)
    yield from _unknown(found)
    yield from _grounds(found.grounds)


def _more_or_less(found: Backtest) -> Iterator[Phrase]:
    change = found.change
    if found.new or found.only_real:
        yield Phrase(
            "{only} of those that came it would not have sent, {new} others it would: "
            "the difference is {low} to {high} a week with 80 % probability.",
            only=found.only_real, new=found.new, low=tidy(change.low), high=tidy(change.high),
        )  # fmt: skip
    if (hours := found.hours) is not None and hours.value is not None and tidy(hours.value):
        low, high = sorted((abs(hours.low), abs(hours.high)))
        said = {"low": tidy(low), "high": tidy(high), "hours": abs(tidy(hours.value))}
        if hours.value < 0:
            yield Phrase("That is {hours} hours less of sales' time a week ({low} to {high}).", **said)
        else:
            yield Phrase("That is {hours} hours more of sales' time a week ({low} to {high}).", **said)
    if found.before:
        yield Phrase("{count} others it would have sent in the weeks before, and they stayed away.", count=found.before)


def _timing(found: Backtest) -> Iterator[Phrase]:
    timing = found.timing
    if found.both and timing.same == found.both:
        yield Phrase("The {both} that came and would have come on the same day.", both=found.both)
    elif timing.median is not None and timing.low is not None and timing.high is not None:
        yield Phrase(
            "Of {both} that came and would have, {earlier} come on an earlier day, {same} on the same, {after} later; "
            "the median is {days} days, eight of ten lie between {low} and {high}; below 0 is earlier.",
            both=found.both, earlier=timing.earlier, same=timing.same, after=timing.later,
            days=tidy(timing.median), low=tidy(timing.low), high=tidy(timing.high),
        )  # fmt: skip
    if late := found.accepted.later:
        yield Phrase(
            "{count} accepted leads it would have sent only after sales had decided, by what they did since: "
            "that may be because of sales, and does not count as in time.",
            count=late,
        )


def _unknown(found: Backtest) -> Iterator[Phrase]:
    if found.new:
        yield Phrase("What sales would have said of the {count} others nobody knows.", count=found.new)
    explored = found.explored
    if explored.decided >= FEW:
        low, high = Caught(explored.decided, explored.accepted).range
        yield Phrase(
            "{count} that were explored by lot it sends as well. They stand for some {others} of those; "
            "{accepted} of them were accepted, so that of all those alike it is {low} to {high} %.",
            count=explored.decided, others=round(explored.stand_for), accepted=explored.accepted,
            low=round(low * 100), high=round(high * 100),
        )  # fmt: skip
    elif explored.decided:
        yield Phrase("{count} of those alike were explored by lot, too few to tell from.", count=explored.decided)


def _grounds(grounds: Grounds) -> Iterator[Phrase]:
    others = grounds.leads - grounds.rewound
    if grounds.rewound:
        yield Phrase(
            "{rewound} leads are seen as they were before something was corrected or filled in by a file, "
            "the other {others} with what is known of them today: what forms and events fill in is not dated.",
            rewound=grounds.rewound, others=others,
        )  # fmt: skip
    elif others:
        yield Phrase(
            "All {others} leads are seen with what is known of them today: nothing was corrected or filled in by a "
            "file, and what forms and events fill in is not dated.",
            others=others,
        )
    if grounds.late:
        yield Phrase("{count} signals came in over a day late, and count from when they came in.", count=grounds.late)
