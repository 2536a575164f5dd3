"""The rules by which leads go to people, their order, who is away, and how many leads somebody takes."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.db.models import Max

from assay.actions.actors import Actor, in_sales
from assay.domain.contact import country_code
from assay.domain.errors import BadInput, MoveRefused, NotFound, Refused
from assay.domain.phrase import Phrase
from assay.domain.routing import Criteria
from assay.domain.segments import SIZES
from assay.records.models import Absence, RoutingMember, RoutingRule, User

HEAVIEST, MOST_LEADS = 100, 10_000
LONGEST_NAME = 200


@transaction.atomic
def keep_rule(
    by: Actor, name: str, criteria: Criteria, weights: Mapping[int, int], rule_id: int | None = None
) -> RoutingRule:
    """Add a rule at the end, or say everything of one anew. ``weights`` are the shares of its people, by user.

    Whose turn it is starts over, as shares may differ. Raises BadInput, NotFound or MoveRefused.
    """
    _entitled(by)
    rule = _held(rule_id) if rule_id else RoutingRule(place=_last() + 1)
    rule.name = _name(name, rule)
    for field, values in asdict(_checked(criteria)).items():
        setattr(rule, field, list(values))
    people = _people(weights)
    rule.save()
    rule.members.all().delete()
    RoutingMember.objects.bulk_create(RoutingMember(rule=rule, user=user, weight=weights[user.pk]) for user in people)
    return rule


@transaction.atomic
def remove_rule(by: Actor, rule_id: int) -> None:
    """Take a rule away; leads go by those after it."""
    _entitled(by)
    _held(rule_id).delete()


@transaction.atomic
def move_rule(by: Actor, rule_id: int, *, up: bool) -> None:
    """Ask a rule before the one above it, or after the one below."""
    _entitled(by)
    order = list(RoutingRule.objects.select_for_update().order_by("place", "pk"))
    place = next((place for place, rule in enumerate(order) if rule.pk == rule_id), None)
    if place is None:
        raise _unknown(rule_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for number, rule in enumerate(order, 1):
        rule.place = number
    RoutingRule.objects.bulk_update(order, ["place"])


def set_capacity(by: Actor, user_id: int, capacity: int | None) -> User:
    """How many open leads somebody is given at most; None is any number."""
    _entitled(by)
    if capacity is not None and not 0 <= capacity <= MOST_LEADS:
        raise BadInput("bad_capacity", Phrase("So many open leads are from 0 to {limit}.", limit=MOST_LEADS))
    user = _seller(user_id)
    user.capacity = capacity
    user.save(update_fields=["capacity"])
    return user


def add_absence(by: Actor, user_id: int, first: date, last: date) -> Absence:
    """Somebody takes no leads on these days: oneself, or for anybody a manager or an admin."""
    _own_or_entitled(by, user_id)
    if first > last:
        said = Phrase("{first} is after {last}.", first=first, last=last)
        raise BadInput("bad_period", said, Phrase("Give the earlier day first."))
    return Absence.objects.create(user=_seller(user_id), first=first, last=last)


def remove_absence(by: Actor, absence_id: int) -> None:
    """Somebody is here after all."""
    absence = Absence.objects.filter(pk=absence_id).first()
    if absence is None:
        raise NotFound("unknown_absence", Phrase("This absence is gone already."))
    _own_or_entitled(by, absence.user_id)
    absence.delete()


# --- What makes sense ----------------------------------------------------------------------------


def _checked(criteria: Criteria) -> Criteria:
    """Criteria in one spelling, each value once. Raises BadInput for a country or a size that is none."""
    wrong = [text for text in criteria.countries if not country_code(text)]
    wrong += [text for text in criteria.sizes if text not in dict(SIZES)]
    if wrong:
        raise BadInput(
            "unknown_segment",
            Phrase('"{text}" is no country and no size.', text=wrong[0]),
            Phrase("Countries are codes such as DE, sizes are {sizes}.", sizes=tuple(dict(SIZES))),
        )
    return Criteria(
        countries=_each([country_code(text) or "" for text in criteria.countries]),
        sizes=_each(criteria.sizes),
        industries=_each(criteria.industries),
        sources=_each(criteria.sources),
        accounts=_each([text.lower().removeprefix("www.") for text in criteria.accounts]),
    )


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in values if text.strip()))


def _people(weights: Mapping[int, int]) -> list[User]:
    if not weights:
        raise BadInput("no_people", Phrase("A rule needs somebody to whom leads go."))
    if not all(1 <= weight <= HEAVIEST for weight in weights.values()):
        raise BadInput("bad_weight", Phrase("A share is a whole number from 1 to {limit}.", limit=HEAVIEST))
    return [_seller(user_id) for user_id in weights]


def _name(name: str, rule: RoutingRule) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadInput("bad_name", Phrase("A rule needs a name of at most {limit} characters.", limit=LONGEST_NAME))
    if RoutingRule.objects.filter(name=name).exclude(pk=rule.pk).exists():
        raise Refused("rule_exists", Phrase("There is a rule {rule} already.", rule=name))
    return name


def _seller(user_id: int) -> User:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound("unknown_user", Phrase("There is no user {user}.", user=str(user_id)))
    in_sales(user)
    return user


def _held(rule_id: int) -> RoutingRule:
    rule = RoutingRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise _unknown(rule_id)
    return rule


def _unknown(rule_id: int) -> NotFound:
    return NotFound("unknown_rule", Phrase("There is no routing rule {rule}.", rule=str(rule_id)))


def _last() -> int:
    found: int | None = RoutingRule.objects.aggregate(last=Max("place"))["last"]
    return found or 0


def _entitled(by: Actor) -> None:
    if not (by.manages or by.administers):
        said = Phrase("{who} cannot {what}.", who=by.name, what="say who gets leads")
        raise MoveRefused("not_manager", said, Phrase("That is for sales managers and admins."))


def _own_or_entitled(by: Actor, user_id: int) -> None:
    if user_id != by.user_id:
        _entitled(by)
