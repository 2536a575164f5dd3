"""A made-up history with a known truth: what makes leads buy, and a sales team that decides by habit instead."""

import random
from collections.abc import Mapping
from math import exp

from assay.domain.outcomes import Outcome, fit_and_intent, lines_of
from assay.domain.policy import Policy
from assay.policies import shipped

TRUTH: Mapping[str, float] = {
    "Company size": 0.1,
    "Can decide": 1.6,
    "Industry we serve": 0.5,
    "Budget": 1.2,
    "Country we sell to": 0.8,
    "Student or job seeker": -1.5,
    "page_view": 0.05,
    "pricing_view": 0.9,
    "case_study_view": 0.6,
    "content_download": 0.1,
    "webinar_attended": 0.0,
    "event_met": 0.3,
    "demo_request": 1.2,
    "contact_request": 0.6,
}
"""Log odds of a win by each criterion and each signal; those not listed here nobody ever shows."""

MARKS = {"Company size": 2.5, "Budget": -1.5, "webinar_attended": 1.0}
"""What sales goes by when it accepts: size and webinars, and rather those without a budget."""


def history(leads: int, seed: int, policy: Policy | None = None) -> tuple[list[Outcome], list[Outcome]]:
    """Of so many leads that the rule promoted: the accepted with how they ended, and all with what sales decided."""
    chance = random.Random(seed)
    rule = policy or shipped()
    lines = [line for line in lines_of(rule) if line.name in TRUTH]
    points = [line.points for line in lines]
    won: list[Outcome] = []
    decided: list[Outcome] = []
    while len(decided) < leads:
        shown = {line.name: chance.random() < (0.7 if line.cap is None and line.points > 0 else 0.3) for line in lines}
        matched = {line.name: shown[line.name] for line in lines if line.cap is None}
        amounts = {line.name: 1 + chance.expovariate(1) for line in lines if line.cap is not None and shown[line.name]}
        lead = Outcome(matched, amounts, 0, 0, False)
        fit, intent = fit_and_intent(lines, points, lead)
        if fit < rule.fit.floor or intent < rule.intent.floor or fit + intent < rule.mql.threshold:
            continue
        lead = lead._replace(fit=fit, intent=intent)
        accepted = chance.random() < chance_of(-0.8 + sum(MARKS[name] * shown[name] for name in MARKS))
        decided.append(lead._replace(success=accepted))
        if accepted:
            odds = sum(TRUTH[name] * min(2.5, amounts.get(name, shown[name])) for name in TRUTH)
            won.append(lead._replace(success=chance.random() < chance_of(odds - 4)))
    return won, decided


def chance_of(odds: float) -> float:
    return 1 / (1 + exp(-odds))
