"""What people do with a lead, as steps of a story: each is a verb of ``actions`` with its words filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from assay.actions import answers, edits, gate, work
from assay.actions.actors import Actor
from assay.domain.facts import Value
from assay.records.gate import last_rejection
from assay.records.models import Lead

BANT = {
    "budget": "Set aside for this half-year, confirmed by finance",
    "authority": "Signs up to 50,000 alone",
    "need": "Plans in spreadsheets, loses two days a week",
    "timeline": "Wants to start within the quarter",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A lead at a moment, the team, and the rep who looks after this lead.

    ``number`` counts the leads of one persona from 0, ``today`` is the calendar day of the policy's time zone.
    """

    lead_id: int
    number: int
    at: datetime
    today: date
    team: Mapping[str, Actor]
    rep: Actor


Deed = Callable[[Scene], object]


def accepts(scene: Scene) -> object:
    return gate.accept(scene.lead_id, scene.rep, scene.at)


def rejects(reason: str, *texts: str) -> Deed:
    """With one text after the other, lead by lead."""
    return lambda scene: gate.reject(
        scene.lead_id, scene.rep, scene.at, reason=reason, text=texts[scene.number % len(texts)]
    )


def marketing_withdraws(text: str) -> Deed:
    return lambda scene: gate.withdraw(scene.lead_id, scene.team["mara"], scene.at, text=text)


def marketing_promotes(text: str) -> Deed:
    """Against the score."""
    return lambda scene: gate.promote(scene.lead_id, scene.team["mara"], scene.at, text=text)


def marketing_disqualifies(reason: str, text: str) -> Deed:
    return lambda scene: work.disqualify(scene.lead_id, scene.team["mara"], scene.at, reason=reason, text=text)


def marketing_answers(*texts: str) -> Deed:
    """The rejection, with one text after the other, lead by lead."""

    def deed(scene: Scene) -> object:
        returned = last_rejection(Lead.objects.get(pk=scene.lead_id))
        assert returned is not None, "only what came back is answered"
        return answers.answer(returned.pk, scene.team["mara"], scene.at, texts[scene.number % len(texts)])

    return deed


def marketing_corrects(**changes: Value) -> Deed:
    """Facts of the person, which answers a rejection for wrong data."""
    facts = {f"person.{name}": value for name, value in changes.items()}
    return lambda scene: edits.correct(scene.lead_id, scene.team["mara"], scene.at, facts)


def manager_assigns(scene: Scene) -> object:
    return work.assign(scene.lead_id, scene.team["max"], scene.at, scene.rep.user_id or 0)


def calls(note: str) -> Deed:
    return _touches("call", True, note)


def calls_in_vain(note: str) -> Deed:
    return _touches("call", False, note)


def writes_in_vain(note: str) -> Deed:
    return _touches("email", False, note)


def meets(note: str) -> Deed:
    return _touches("meeting", True, note)


def _touches(kind: str, reached: bool, note: str) -> Deed:
    return lambda scene: work.log_touch(scene.lead_id, scene.rep, scene.at, kind=kind, reached=reached, note=note)


def confirms(**notes: str) -> Deed:
    """Some of budget, authority, need and timeline."""
    return lambda scene: work.confirm(scene.lead_id, scene.rep, notes)


def opens_deal(value: int, closes_in: int) -> Deed:
    """A deal of so many euros that should close in so many days."""

    def deed(scene: Scene) -> object:
        close = scene.today + timedelta(days=closes_in)
        return work.open_deal(
            scene.lead_id, scene.rep, scene.at, value=Decimal(value), currency="EUR", close_date=close, bant=BANT
        )

    return deed


def wins(value: int) -> Deed:
    return lambda scene: work.win(scene.lead_id, scene.rep, scene.at, value=Decimal(value), closed_on=scene.today)


def loses(reason: str, text: str) -> Deed:
    return lambda scene: work.lose(scene.lead_id, scene.rep, scene.at, reason=reason, text=text, closed_on=scene.today)


def recycles(reason: str, text: str, look_again_in: int) -> Deed:
    """Gives the lead back, to be looked at again in so many days."""

    def deed(scene: Scene) -> object:
        day = scene.today + timedelta(days=look_again_in)
        return work.recycle(scene.lead_id, scene.rep, scene.at, reason=reason, text=text, look_again=day)

    return deed


def disqualifies(reason: str, text: str) -> Deed:
    return lambda scene: work.disqualify(scene.lead_id, scene.rep, scene.at, reason=reason, text=text)
