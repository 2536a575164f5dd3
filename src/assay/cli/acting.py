"""For whom a command acts, by which rule, and as of when."""

from datetime import datetime

from assay.actions.actors import Actor, actor, operator, user_by_email
from assay.actions.policies import Rule, rule
from assay.actions.writing import in_transaction
from assay.cli.clock import moment, now
from assay.settings import current


def acting(email: str | None) -> Actor:
    """The person named, else the one ASSAY_USER names, else whoever holds this shell. Raises NotFound."""
    named = email or current.user
    # In a transaction of its own, so that two commands at once make one operator and one first rule.
    return actor(user_by_email(named) if named else in_transaction(operator))


def rule_at(at: datetime) -> Rule:
    """The rule in force at a time."""
    return in_transaction(lambda: rule(at))


def moment_or_now(text: str | None) -> datetime:
    """The time typed, in the policy's time zone unless it names one; without any, now."""
    return moment(text, rule_at(now()).policy.zone) if text else now()
