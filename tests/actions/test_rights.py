"""Who may do what: each verb, each person. Sam owns the leads that sales works on, Sia is the other rep."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from assay.actions import gate, offers, routing, work
from assay.actions.actors import Actor, actor
from assay.actions.escalating import escalate
from assay.actions.imports import import_leads, import_signals
from assay.actions.policies import publish, rule, sign
from assay.actions.undo import undo_import
from assay.domain.errors import AssayError
from assay.domain.ladder import Desk, Rung
from assay.domain.routing import Criteria
from assay.policies import shipped
from tests.people import BANT, NOBODY, NOW, a_lead_on, ada, mara, max_, sam, sia, vic
from tests.records.dump import everything, taken_back

pytestmark = pytest.mark.django_db

MATRIX = """
                     mara  sam  sia  max  ada  vic  nobody
promote               yes    -    -    -    -    -       -
withdraw              yes    -    -    -    -    -       -
accept                  -  yes  yes  yes    -    -       -
reject                  -  yes  yes  yes    -    -       -
qualify                 -  yes    -  yes    -    -       -
confirm                 -  yes    -  yes    -    -       -
assign                  -  yes    -  yes    -    -       -
take_offer              -    -  yes    -    -    -       -
pass_offer              -    -  yes    -    -    -       -
keep_rule               -    -    -  yes  yes    -       -
set_capacity            -    -    -  yes  yes    -       -
add_absence             -    -  yes  yes  yes    -       -
open_deal               -  yes    -  yes    -    -       -
win                     -  yes    -  yes    -    -       -
lose                    -  yes    -  yes    -    -       -
recycle_sql             -  yes    -  yes    -    -       -
recycle_lost            -  yes    -  yes    -    -       -
disqualify_lead       yes    -    -    -    -    -       -
disqualify_mql        yes    -    -    -    -    -       -
disqualify_sql          -  yes    -  yes    -    -       -
reopen_disqualified   yes  yes  yes  yes    -    -       -
reopen_won            yes  yes    -  yes    -    -       -
touch_lead            yes  yes  yes  yes    -    -       -
touch_sql             yes  yes    -  yes    -    -       -
import_leads          yes    -    -    -    -    -       -
import_signals        yes    -    -    -    -    -       -
undo_import           yes    -    -    -    -    -       -
sign_for_marketing    yes    -    -    -    -    -       -
sign_for_sales          -  yes  yes  yes    -    -       -
publish               yes  yes  yes  yes    -    -       -
"""

LATER, TODAY = NOW + timedelta(hours=1), NOW.date()

Act = Callable[[Actor], object]


def sent(rung: Rung, act: Callable[[int, Actor], object]) -> Callable[[], Act]:
    """What somebody does to a lead on this rung, with which Sam has spoken if it is his."""

    def prepare() -> Act:
        lead = a_lead_on(rung)
        if lead.owner:
            work.log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
        return lambda by: act(lead.pk, by)

    return prepare


def an_import() -> Act:
    """Undo an import of nothing."""
    done = import_leads([], "leads.csv", {}, actor(mara()), NOW)
    return lambda by: undo_import(done.pk, by, LATER)


def a_signed_draft() -> Act:
    """Publish a draft that carries both keys."""
    rule(NOW)
    sign(shipped("saas"), actor(mara()), Desk.MARKETING, NOW)
    draft = sign(shipped("saas"), actor(sia()), Desk.SALES, NOW)
    return lambda by: publish(draft.pk, by, LATER)


def an_offer(verb: Callable[[int, Actor, datetime], object]) -> Callable[[], Act]:
    """Answer the offer of a lead that Sam owns and does not answer, made to Sia."""

    def prepare() -> Act:
        late = NOW + timedelta(hours=3)
        lead = a_lead_on(Rung.SQL)
        routing.keep_rule(actor(max_()), "All", Criteria(), {sia().pk: 1})
        escalate(lead.pk, late)
        return lambda by: verb(lead.pk, by, late)

    return prepare


VERBS: Mapping[str, Callable[[], Act]] = {
    "promote": sent(Rung.LEAD, lambda lead, by: gate.promote(lead, by, LATER, text="why")),
    "withdraw": sent(Rung.MQL, lambda lead, by: gate.withdraw(lead, by, LATER, text="why")),
    "accept": sent(Rung.MQL, lambda lead, by: gate.accept(lead, by, LATER)),
    "reject": sent(Rung.MQL, lambda lead, by: gate.reject(lead, by, LATER, reason="too_early")),
    "qualify": sent(Rung.SAL, lambda lead, by: gate.qualify(lead, by, LATER, fit_note="yes", intent_note="yes")),
    "confirm": sent(Rung.SQL, lambda lead, by: work.confirm(lead, by, {"need": "yes"})),
    "assign": sent(Rung.SQL, lambda lead, by: work.assign(lead, by, NOW, sia().pk)),
    "take_offer": an_offer(offers.take),
    "pass_offer": an_offer(offers.pass_on),
    "keep_rule": lambda: lambda by: routing.keep_rule(by, "All", Criteria(), {sia().pk: 1}),
    "set_capacity": lambda: lambda by: routing.set_capacity(by, sia().pk, 3),
    "add_absence": lambda: lambda by: routing.add_absence(by, sia().pk, TODAY, TODAY),
    "open_deal": sent(
        Rung.SQL,
        lambda lead, by: work.open_deal(lead, by, LATER, value=Decimal(1), currency="EUR", close_date=TODAY, bant=BANT),
    ),
    "win": sent(Rung.OPPORTUNITY, lambda lead, by: work.win(lead, by, LATER, value=Decimal(1), closed_on=TODAY)),
    "lose": sent(Rung.OPPORTUNITY, lambda lead, by: work.lose(lead, by, LATER, reason="price")),
    "recycle_sql": sent(Rung.SQL, lambda lead, by: work.recycle(lead, by, LATER, reason="not_now")),
    "recycle_lost": sent(Rung.LOST, lambda lead, by: work.recycle(lead, by, LATER, reason="not_now")),
    "disqualify_lead": sent(Rung.LEAD, lambda lead, by: work.disqualify(lead, by, LATER, reason="wrong_fit")),
    "disqualify_mql": sent(Rung.MQL, lambda lead, by: work.disqualify(lead, by, LATER, reason="wrong_fit")),
    "disqualify_sql": sent(Rung.SQL, lambda lead, by: work.disqualify(lead, by, LATER, reason="no_need")),
    "reopen_disqualified": sent(Rung.DISQUALIFIED, lambda lead, by: work.reopen(lead, by, LATER, text="why")),
    "reopen_won": sent(Rung.WON, lambda lead, by: work.reopen(lead, by, LATER, text="why")),
    "touch_lead": sent(Rung.LEAD, lambda lead, by: work.log_touch(lead, by, LATER, kind="call", reached=True)),
    "touch_sql": sent(Rung.SQL, lambda lead, by: work.log_touch(lead, by, LATER, kind="call", reached=True)),
    "import_leads": lambda: lambda by: import_leads([], "leads.csv", {}, by, LATER),
    "import_signals": lambda: lambda by: import_signals([], "signals.csv", {}, by, LATER),
    "undo_import": an_import,
    "sign_for_marketing": lambda: lambda by: sign(shipped("saas"), by, Desk.MARKETING, LATER),
    "sign_for_sales": lambda: lambda by: sign(shipped("saas"), by, Desk.SALES, LATER),
    "publish": a_signed_draft,
}


def allowed() -> dict[str, dict[str, bool]]:
    """The table above: verb, person, whether they may."""
    people, *rows = (line.split() for line in MATRIX.strip().splitlines())
    return {verb: dict(zip(people, (cell == "yes" for cell in cells), strict=True)) for verb, *cells in rows}


def everybody() -> dict[str, Actor]:
    """All the known people as they act."""
    known = {"mara": mara, "sam": sam, "sia": sia, "max": max_, "ada": ada, "vic": vic}
    return {name: actor(person()) for name, person in known.items()} | {"nobody": NOBODY}


@pytest.mark.parametrize("verb", VERBS)
def test_who_may(verb: str) -> None:
    people, act = everybody(), VERBS[verb]()
    before = everything()
    refusals = {}
    for name, by in people.items():
        with taken_back():
            refusals[name] = refusal(act, by)
            assert refusals[name] is None or everything() == before
    assert {name: code is None for name, code in refusals.items()} == allowed()[verb]
    assert set(refusals.values()) <= {
        None,
        "wrong_desk",
        "not_yours",
        "not_manager",
        "not_offered",
    }  # and not for want of anything else


def refusal(act: Act, by: Actor) -> str | None:
    """The code with which somebody is refused, if at all."""
    try:
        act(by)
    except AssayError as error:
        return error.code
    return None


def test_every_verb_is_in_the_table() -> None:
    assert allowed().keys() == VERBS.keys()
