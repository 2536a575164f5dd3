"""Routing said, looked at and answered from a shell."""

import pytest

from assay.records.models import Lead, RoutingRule
from assay.work.clocks import route
from tests.cli.conftest import Assay
from tests.people import NOW, a_rule, an_mql, max_, sam, sia

pytestmark = pytest.mark.django_db


def test_rules_are_said_a_lead_is_checked_and_an_offer_answered(assay: Assay) -> None:
    reps = sam(), sia()
    assert assay("routing", "show").out.startswith(
        "Leads are routed: not by themselves; whoever accepts a lead owns it"
    )
    a_rule(('when = "off"', 'when = "promotion"'))
    done = assay("routing", "add", "France", "--country", "fr", *("--to", "sia@assay.example=2"), "--to", reps[0].email)
    assert done.out == "Added France: FR, to Sia (2, 0), Sam (1, 0).\n"
    assert assay("routing", "add", "Rest", "--to", reps[0].email, "--json").json["people"] == [
        {"email": "sam@assay.example", "share": 1, "turns": 0}
    ]
    shown = assay("routing", "show").out
    for said in ("as they come to the gate", "France", "Sia (2, 0), Sam (1, 0)", "Rest", "all leads", "takes leads"):
        assert said in shown

    lead = an_mql(name="Nina North")
    checked = assay("routing", "check", lead.pk)
    assert (
        checked.out == f"Nina North · North (lead {lead.pk}) would go to Sia: Sia is next in turn by the rule France.\n"
    )
    assay("routing", "capacity", "sia@assay.example", 0)
    checked = assay("routing", "check", lead.pk, "--json").json
    assert (checked["to"], checked["offer"]) == ("sam@assay.example", None)
    assert checked["hindrances"] == ["Sia has 0 of at most 0 open leads"]
    assert assay("routing", "capacity", "sia@assay.example", "any").out == "Sia is given any number.\n"

    route(NOW)
    assert "It is offered to Sia until 2026-11-04 12:00" in assay("routing", "check", lead.pk).out
    passed = assay("routing", "pass", lead.pk, "--as", "sia@assay.example")
    assert passed.out.endswith("offered to Sam: Sam is next in turn by the rule France.\n")
    taken = assay("routing", "take", lead.pk, "--as", "sam@assay.example", "--json").json
    assert taken == {"lead_id": lead.pk, "owner": "sam@assay.example", "offer": None}
    assert Lead.objects.get(pk=lead.pk).owner == reps[0]
    assert assay("routing", "remove", "France").out == "Removed France.\n"


def test_who_is_away_gets_nothing(assay: Assay) -> None:
    sia()
    away = ("routing", "away", "sia@assay.example", "--from", "2026-11-04", "--to", "2026-11-06")
    assert assay(*away).out == "Sia gets no leads from 2026-11-04 to 2026-11-06.\n"
    assert "Sia is away until 2026-11-06" in assay("routing", "show").out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["remove", "Nowhere"], "There is no routing rule Nowhere."),
        (["add", "A", "--to", "max@assay.example=two"], '"two" is no share.'),
        (["add", "A", "--to", "max@assay.example", "--size", "huge"], '"huge" is no country and no size.'),
        (["capacity", "max@assay.example", "many"], '"many" is no number of leads.'),
        (["away", "max@assay.example", "--from", "2026-11-06", "--to", "2026-11-04"], "2026-11-06 is after 2026-11-04"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(words: list[str], sentence: str, assay: Assay) -> None:
    max_()
    done = assay("routing", *words)
    assert done.code == 2
    assert sentence in done.err
    assert not RoutingRule.objects.exists()


def test_an_offer_to_somebody_else_is_refused(assay: Assay) -> None:
    sam()
    lead = an_mql()
    done = assay("routing", "take", lead.pk, "--as", "sam@assay.example")
    assert (done.code, done.err.strip()) == (
        1,
        f"Lead {lead.pk} is not offered to Sam any more.\n  Nothing was changed.",
    )
