"""A proposal finds the truth behind a biased history, claims what outcomes carry, and says when they carry nothing."""

from collections.abc import Sequence

import pytest
from scipy.stats import spearmanr

from assay.domain.outcomes import Outcome, fit_and_intent, lines_of
from assay.domain.policy import Policy
from assay.domain.policy_text import with_numbers
from assay.domain.proposal import Proposal, drafted, propose
from assay.policies import shipped
from tests.domain.history import TRUTH, history


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    """What 4,000 decided leads propose."""
    return propose(shipped(), *history(4000, seed=1))


def draft(proposal: Proposal) -> Policy:
    return Policy.parse(drafted(shipped(), proposal))


def order(policy: Policy, axis: str) -> float:
    """How well the points of one axis stand in the order of the truth: 1 is exactly."""
    lines = [line for line in lines_of(policy) if line.path[0] == axis and line.name in TRUTH]
    return float(spearmanr([line.points for line in lines], [TRUTH[line.name] for line in lines]).statistic)


def concordance(policy: Policy, outcomes: Sequence[Outcome]) -> float:
    """How often a won lead has a higher score than a lost one."""
    lines = lines_of(policy)
    points = [line.points for line in lines]
    scores = [(sum(fit_and_intent(lines, points, one)), one.success) for one in outcomes]
    won, lost = ([score for score, success in scores if success is side] for side in (True, False))
    return sum((w > o) + 0.5 * (w == o) for w in won for o in lost) / (len(won) * len(lost))


def test_it_recovers_the_true_order_from_biased_decisions(proposal: Proposal):
    assert proposal.basis == "won"
    assert order(draft(proposal), "fit") > max(0.9, order(shipped(), "fit"))
    assert order(draft(proposal), "intent") > max(0.9, order(shipped(), "intent"))


def test_what_it_promises_holds_on_leads_it_has_not_seen(proposal: Proposal):
    unseen, _ = history(1500, seed=99)
    assert concordance(draft(proposal), unseen) > concordance(shipped(), unseen) + 0.02


def test_points_are_whole_and_add_up_to_100(proposal: Proposal):
    points = [item.points for item in draft(proposal).fit.criteria]
    assert sum(each for each in points if each > 0) == 100
    assert all(change.after == int(change.after) and change.after != change.before for change in proposal.changes)


def test_every_change_has_its_evidence(proposal: Proposal):
    said = {change.label: str(change.why) for change in proposal.changes if change.path[-1] == "points"}
    assert "leads with it" in said["Viewed pricing"]
    assert "% were won" in said["Viewed pricing"]
    text = drafted(shipped(), proposal)
    assert (
        f"# Proposed: Viewed pricing, points: 8 -> {draft(proposal).intent.signals['pricing_view'].points:g}. Of"
        in text
    )
    assert "# Fit: do we sell to such a company" in text


def test_with_thirty_outcomes_it_cannot_tell():
    found = propose(shipped(), *(outcomes[:30] for outcomes in history(400, seed=2)))
    assert (found.changes, found.basis) == ((), None)
    assert found.says.startswith("It cannot tell yet: 30 accepted leads ended")
    assert drafted(shipped(), found) == shipped().text


def test_outcomes_of_nearly_one_sort_are_too_few_however_many():
    won, decided = history(1000, seed=3)
    assert propose(shipped(), [one._replace(success=True) for one in won], decided).basis is None


def test_decisions_stand_in_for_outcomes_and_it_says_so():
    found = propose(shipped(), [], history(1000, seed=4)[1])
    assert found.basis == "accepted"
    assert "which may be habit" in found.says


def test_a_history_that_the_rule_explains_changes_little():
    """Leads whose wins come from chance alone: what is known of no line is not moved."""
    won, _ = history(1500, seed=5)
    noise = [one._replace(success=at % 3 == 0) for at, one in enumerate(won)]
    rare = propose(shipped(), [replace_matched(one) for one in noise], [])
    assert "Company size" not in {change.label for change in rare.changes if "thin" not in change.why}


def replace_matched(outcome: Outcome) -> Outcome:
    """The same with a company size that is never missed, so that nobody can tell what it is worth."""
    return outcome._replace(matched={**outcome.matched, "Company size": True})


def test_what_was_unknown_says_nothing():
    won, _ = history(1500, seed=6)
    blind = [one._replace(matched={k: v for k, v in one.matched.items() if k != "Budget"}) for one in won]
    changes = [change for change in propose(shipped(), blind, []).changes if change.label == "Budget"]
    assert all("thin" in change.why for change in changes)


def test_a_threshold_over_which_hardly_anybody_is_won_rises():
    won, _ = history(1500, seed=7)
    bar = shipped().mql.threshold
    poor = [one._replace(success=one.success and one.fit + one.intent >= bar + 10) for one in won]
    why = {change.label: change for change in propose(shipped(), poor, []).changes}["Fit and intent together"].why
    assert why.startswith("Of ")
    assert "just over it 0 % succeeded" in why


def test_explored_leads_that_do_as_well_lower_the_threshold():
    won, _ = history(1500, seed=8)
    explored = [one._replace(fit=50.0, intent=45.0, probability=0.1) for one in won if one.fit + one.intent < 115][:200]
    changes = {change.label: change for change in propose(shipped(), [*won, *explored], []).changes}
    assert "explored under it" in changes["Fit and intent together"].why


def test_numbers_change_in_a_text_and_nothing_else():
    text = 'a = { x = 1, y = 2 } # why\n\n[[b]]\nname = "one"\npoints = 3 # keep\n'
    new = with_numbers(text, [(("a", "y"), 5.0), (("b", 0, "points"), 2.5)], ["since"])
    assert new == '# Proposed: since\na = { x = 1, y = 5 } # why\n\n[[b]]\nname = "one"\npoints = 2.5 # keep\n'
    assert with_numbers(new, [], []) == new.partition("\n")[2]
