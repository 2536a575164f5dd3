"""Words spelled out in a statement: what lets the inbox be read from its own index."""

import pytest
from django.db import connection

from assay.records.models import Lead
from assay.records.spelled import Spelled
from assay.records.waiting import at_the_gate
from tests.people import a_lead, an_mql

pytestmark = pytest.mark.django_db


def test_the_inbox_names_the_words_of_its_index():
    statement, bound = at_the_gate().query.sql_with_params()
    assert """"rung" IN ('mql', 'pql')""" in statement
    assert bound == ()
    if connection.vendor == "sqlite":  # PostgreSQL weighs sizes, and here the table is empty
        plan = at_the_gate().select_related("person", "company", "source")[:25].explain()
        assert "USING INDEX lead_inbox" in plan
        assert "TEMP B-TREE" not in plan


def test_a_spelled_word_finds_what_a_bound_one_finds():
    a_lead()
    lead = an_mql()
    assert list(Lead.objects.filter(rung__in=[Spelled("mql"), Spelled("pql")])) == [lead]
    assert list(Lead.objects.filter(rung=Spelled("mql"))) == [lead]


@pytest.mark.parametrize("word", ["m'ql", "mql; --", "élan", "a b"])
def test_only_our_own_words_are_spelled(word: str):
    with pytest.raises(ValueError, match="not a word of ours"):
        list(Lead.objects.filter(rung=Spelled(word)))
