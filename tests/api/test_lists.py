"""Pages of lists: every row once, whatever comes in meanwhile; and what a list is narrowed to."""

import base64
import json
import re
from itertools import islice
from typing import Any

import pytest

from assay.domain.ladder import Rung
from assay.records.models import Lead
from tests import people
from tests.api.programs import Program, problem, program_of
from tests.people import NOW, a_lead, a_lead_on

pytestmark = pytest.mark.django_db


def walked(program: Program, path: str, between: Any = lambda: None, **query: Any) -> list[int]:
    """The ids of every page, in order; ``between`` happens after each page."""
    ids, answer = [], program.get(path, **query)
    while True:
        assert answer.status_code == 200, answer.content
        ids += [item["id"] for item in answer.json()["items"]]
        following = answer.json()["next"]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("Link", ""))
        assert (link and link[1]) == following
        if following is None:
            return ids
        between()
        answer = program.get(following)


@pytest.mark.parametrize("sort", ["id", "-id", "-captured_at", "-total", "-intent"])
def test_each_lead_stands_on_one_page_though_others_come_in_between(sort: str):
    program = program_of(people.vic())
    leads = [a_lead_on(Rung.MQL if number % 3 == 0 else Rung.LEAD).pk for number in range(7)]
    seen = walked(program, "leads", between=a_lead, sort=sort, limit=2)
    assert len(seen) == len(set(seen))
    assert set(leads) <= set(seen)
    if sort == "id":
        assert seen == sorted(seen)


def test_the_inbox_goes_page_by_page_best_first():
    program = program_of(people.sam())
    waiting = [people.an_mql().pk for _ in range(3)]
    people.observe(Lead.objects.get(pk=waiting[2]), "pricing_view")
    meanwhile = iter(range(2))
    seen = walked(program, "inbox", between=lambda: [people.an_mql() for _ in islice(meanwhile, 1)], limit=1)
    assert seen[0] == waiting[2]
    assert set(waiting) <= set(seen)
    assert len(seen) == len(set(seen))


def test_other_lists_go_page_by_page_too():
    program = program_of(people.vic())
    lead = people.an_opportunity()
    for number in range(3):
        a_lead(company=f"Firm {number}", email=f"x@firm{number}.example")
    people.an_opportunity()
    assert len(walked(program, "companies", limit=1)) == 4
    assert len(walked(program, "deals", limit=1)) == 2
    # A signal, a touch, and that it was captured, promoted, accepted, qualified, and a deal opened.
    events, answer = 0, program.get(f"leads/{lead.pk}/timeline", limit=2)
    while following := answer.json()["next"]:
        events += len(answer.json()["items"])
        answer = program.get(following)
    assert events + len(answer.json()["items"]) == 7


def cursor(order: list[str], *values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, values]).encode()).decode()


@pytest.mark.parametrize(
    "path",
    [
        "leads?cursor=bent",
        "leads?cursor=W10=",
        f"leads?cursor={cursor(['-pk'], 1)}",
        f"leads?cursor={cursor(['pk'], 'nothing')}",
        f"leads?cursor={cursor(['pk'], None)}",
        f"leads?cursor={cursor(['pk'], 1, 2)}",
        f"leads?sort=-captured_at&cursor={cursor(['-captured_at', 'pk'], 'today', 1)}",
        f"inbox?cursor={cursor(['-mql', '-total', '-intent', 'pk'], 'x', 'y', [], {})}",
        "leads/{lead}/timeline?cursor=bent",
        f"leads/{{lead}}/timeline?cursor={cursor(['timeline'], 'now')}",
    ],
)
def test_a_cursor_that_is_none_of_this_list_is_refused(path: str):
    answer = program_of(people.vic()).get("/api/v1/" + path.replace("{lead}", str(a_lead().pk)))
    assert problem(answer) == (422, "bad_cursor")


def test_leads_are_found_by_what_they_are():
    program = program_of(people.vic())
    mql, sql = people.an_mql(), people.an_sql(source="Fair", lead_id="crm-7")
    plain = a_lead(email="Ann.Smith+news@south.example", name="Ann Smith", company="South")
    found = {
        "rung=mql": [mql],
        "rung=mql&rung=sql": [mql, sql],
        "temperature=hot": [mql, sql],
        "source=fair": [sql],
        "source=nowhere": [],
        "owner=sam@assay.example": [sql],
        "owner=none": [mql, plain],
        "lead_id=crm-7": [sql],
        "email=ann.smith@SOUTH.example": [plain],
        "email=nobody": [],
        "q=smith": [plain],
        f"captured_from={NOW:%Y-%m-%dT%H:%M:%SZ}": [mql, sql, plain],
        f"captured_to={NOW:%Y-%m-%dT%H:%M:%SZ}": [],
        "insufficient_data=true": [],
        "grid=A2": [mql, sql],
    }
    for query, leads in found.items():
        answer = program.get(f"/api/v1/leads?{query}")
        assert [item["id"] for item in answer.json()["items"]] == [lead.pk for lead in leads], query


def test_a_list_takes_few_queries_however_long(django_assert_max_num_queries: Any):
    program = program_of(people.vic())
    for number in range(5):
        people.an_mql(company=f"Firm {number}", email=f"x@firm{number}.example")
    program.get("leads")
    for path, most in {"leads": 2, "inbox": 5, "companies": 5, "deals": 2}.items():
        with django_assert_max_num_queries(most):
            assert program.get(path).status_code == 200
