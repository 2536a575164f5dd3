"""Rules of routing: who may say them, and what makes no sense."""

from datetime import date
from typing import Any

import pytest

from assay.actions import routing
from assay.actions.actors import actor
from assay.domain.errors import AssayError
from assay.domain.routing import Criteria
from assay.records.models import Absence, RoutingMember, RoutingRule, User
from tests import people

pytestmark = pytest.mark.django_db


def a_rule(name: str = "DACH", **said: Any) -> RoutingRule:
    weights = {people.sam().pk: 2, people.sia().pk: 1}
    return routing.keep_rule(actor(people.max_()), name, Criteria(**said), weights)


def test_a_rule_is_kept_in_one_spelling_and_said_anew():
    rule = a_rule(countries=["de", " Austria", "DE"], accounts=["www.North.example"], industries=["Software", ""])
    assert (rule.countries, rule.accounts, rule.industries) == (["DE", "AT"], ["north.example"], ["Software"])
    RoutingMember.objects.update(credit=5)
    again = routing.keep_rule(actor(people.ada()), "Germany", Criteria(), {people.sia().pk: 1}, rule.pk)
    assert (again.pk, again.place, again.countries) == (rule.pk, 1, [])
    assert list(RoutingMember.objects.values_list("user", "weight", "credit")) == [(people.sia().pk, 1, 0)]


def test_rules_change_places_and_go():
    rules = [a_rule(name) for name in "ABC"]
    by = actor(people.max_())
    routing.move_rule(by, rules[2].pk, up=True)
    routing.move_rule(by, rules[0].pk, up=True)
    routing.move_rule(by, rules[0].pk, up=False)
    assert "".join(RoutingRule.objects.order_by("place").values_list("name", flat=True)) == "CAB"
    routing.remove_rule(by, rules[2].pk)
    assert RoutingRule.objects.count() == 2


def mistakes() -> dict[str, Any]:
    by, sam = actor(people.max_()), people.sam()
    return {
        "is no country and no size": lambda: a_rule(countries=["Atlantis"]),
        '"9 to 5" is no country and no size': lambda: a_rule(sizes=["9 to 5"]),
        "needs somebody": lambda: routing.keep_rule(by, "A", Criteria(), {}),
        "whole number from 1": lambda: routing.keep_rule(by, "A", Criteria(), {sam.pk: 0}),
        "is a marketer and cannot own": lambda: routing.keep_rule(by, "A", Criteria(), {people.mara().pk: 1}),
        "no user 4711": lambda: routing.keep_rule(by, "A", Criteria(), {4711: 1}),
        "needs a name": lambda: a_rule(" "),
        "a rule Taken already": lambda: (a_rule("Taken"), a_rule("Taken")),
        "no routing rule 4711": lambda: routing.remove_rule(by, 4711),
        "no routing rule 4712": lambda: routing.move_rule(by, 4712, up=True),
        "from 0 to 10000": lambda: routing.set_capacity(by, sam.pk, -1),
        "2026-01-02 is after 2026-01-01": lambda: routing.add_absence(by, sam.pk, date(2026, 1, 2), date(2026, 1, 1)),
        "gone already": lambda: routing.remove_absence(by, 4711),
        "Sam cannot say who gets leads": lambda: routing.set_capacity(actor(sam), sam.pk, 3),
        "Sia cannot say who": lambda: routing.add_absence(actor(people.sia()), sam.pk, date.min, date.max),
    }


@pytest.mark.parametrize("sentence", [
    "is no country and no size", '"9 to 5" is no country and no size', "needs somebody", "whole number from 1",
    "is a marketer and cannot own", "no user 4711", "needs a name", "a rule Taken already", "no routing rule 4711",
    "no routing rule 4712", "from 0 to 10000", "2026-01-02 is after 2026-01-01", "gone already",
    "Sam cannot say who gets leads", "Sia cannot say who",
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(sentence: str):
    with pytest.raises(AssayError, match=sentence):
        mistakes()[sentence]()
    assert not RoutingRule.objects.exclude(name="Taken").exists()
    assert not Absence.objects.exists()


def test_everybody_says_when_they_are_away_themselves():
    sam = people.sam()
    absence = routing.add_absence(actor(sam), sam.pk, date(2026, 12, 24), date(2026, 12, 31))
    assert User.objects.get(absences=absence) == sam
    routing.remove_absence(actor(sam), absence.pk)
    assert not Absence.objects.exists()
