"""The predicted win stands beside the rule: on the lead's page in a line, on Policy with how good it is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from assay.domain.chances import Report
from assay.records.models import Lead, User
from tests.desk.reading import browser, queries, text
from tests.learned import a_prediction, a_version
from tests.people import NOW, a_lead, an_mql, an_sql, mara, max_, sam, vic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def page(lead: Lead, who: User | None = None) -> str:
    """The lead's page as it reads."""
    return text(browser(who or sam()).get(f"/leads/{lead.pk}/"))


def test_the_leads_page_says_the_chance_its_range_and_why():
    lead, other, early = an_mql(), an_sql(), a_lead()
    before = queries(browser(sam()), f"/leads/{lead.pk}/")
    assert "Predicted win" not in page(lead), "nothing was learned yet"
    version = a_version()
    a_prediction(lead, version)
    said = "Predicted win 12% ( 6% to 20% ), learned from 412 outcomes by what was known at promotion."
    assert said.replace("( ", "(").replace(" )", ")") in page(lead).replace("win  12%", "win 12%")
    assert "Source: Partner (odds × 1.8)" in page(lead, vic())
    assert queries(browser(sam()), f"/leads/{lead.pk}/") == before
    assert "Predicted win" not in page(other), "not predicted yet"
    assert "Predicted win" not in page(early), "nothing promoted it"

    # Said by a version that another has followed, or on an earlier pass, it counts no more.
    Lead.objects.filter(pk=lead.pk).update(pass_no=1)
    a_version(NOW + timedelta(days=7))
    assert "Predicted win" not in page(lead)


def test_it_says_when_outcomes_are_too_few_or_tell_nothing():
    lead = an_mql()
    a_version(says=Report.TOO_FEW, outcomes=30)
    assert "Predicted win: not enough outcomes yet, 30 of 200." in page(lead)
    assert "It cannot tell yet: 30 outcomes, 7 of them won." in text(browser(max_()).get("/policy/"))
    a_version(says=Report.NO_SIGNAL, outcomes=900)
    assert "Predicted win: 900 outcomes show no signal yet." in page(lead)
    assert "There is no signal: 900 outcomes" in text(browser(max_()).get("/policy/predicted/"))


def test_policy_says_how_good_it_is_what_it_goes_by_and_whether_it_holds():
    empty = text(browser(mara()).get("/policy/predicted/"))
    assert "Nothing was learned yet" in empty
    a_version()
    card = text(browser(mara()).get("/policy/"))
    assert "Learned from 412 outcomes, 99 of them won, by scorecard, gradient boosting." in card
    for who in (mara(), sam(), max_(), vic()):
        said = text(browser(who).get("/policy/predicted/"))
        assert (
            "it puts a winner before another lead in 81% of all pairs; the best tenth wins 2.4 times as often as all."
            in said
        )
        assert "naive Bayes 0.810 0.600 0.450 2.4 × 3%" in said
        assert "Source: Partner × 1.8 120" in said
        assert "No lead has ended since." in said
        assert "Chances and what came of them differ by 3.1% on average." in said


def test_its_picture_shows_each_group_and_says_it_in_words():
    a_version()
    shown = browser(mara()).get("/policy/predicted/").content.decode()
    assert "predicted 10%, won 9.8% of 41; predicted 40%, won 39% of 41." in shown
    [address] = {part.split('"')[0] for part in shown.split('src="')[1:] if "/pictures/" in part[:40]}
    drawn = browser(mara()).get(address)
    assert drawn.status_code == 200
    assert "Predicted win" in drawn.content.decode()
