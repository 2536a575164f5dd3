"""What the lake says of leads is what each of them says by itself."""

from datetime import timedelta

import pytest

from assay.actions.actors import actor
from assay.actions.edits import correct
from assay.domain.facts import is_known
from assay.domain.fit import as_text
from assay.records.bulk import READ, reading
from assay.records.facts import facts_of
from assay.records.lead_columns import LEADS
from assay.records.models import Company, Lead
from tests.people import NOW, a_lead, an_mql, mara


def read(name: str) -> list[dict[str, object]]:
    """The rows of a table."""
    schema, made = READ[name]
    with reading() as reader:
        batches = list(made(reader.read))
    assert all(batch.schema == schema for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


@pytest.mark.usefixtures("transactional_db")
def test_every_lead_with_its_score_and_its_facts() -> None:
    assert (read("leads"), read("identities")) == ([], [])
    an_mql(email="a@north.example", employees="120", industry="  Software ", country="DE")
    a_lead(email="b@gmail.com", name="Émile ΣΑΣ", title=None, budget=12_000.5, revenue=5.0)
    odd = a_lead(NOW, name="Nobody\nElse", email=None, phone="+49 30 901820")
    correct(odd.pk, actor(mara()), NOW, {"lead.product": True, "company.employees": 7, "company.country": "  "})
    Lead.objects.filter(pk=odd.pk).update(rests_until=NOW + timedelta(days=9, microseconds=5), intent=1 / 3)
    Company.objects.update(revenue=float("inf"))

    found = {row["lead"]: row for row in read("leads")}
    leads = Lead.objects.select_related("person", "company", "score")
    assert len(found) == len(leads) == 3
    for lead in leads:
        row = found[lead.pk]
        facts = dict(row.pop("facts"))  # type: ignore[call-overload]
        expected = {key: as_text(value) for key, value in facts_of(lead).items() if is_known(value)}
        assert facts == {key: text for key, text in expected.items() if text != "inf"}  # which says nothing
        said = {name: getattr(lead, name) for name in LEADS.names if name not in ("lead", "policy", "facts")}
        assert row == {"lead": lead.pk, "policy": lead.score.policy_id, **said}
    assert {(row["identity"], row["lead"]) for row in read("identities")} == {
        (identity.pk, lead.pk) for lead in leads for identity in lead.person.identities.all()
    }
