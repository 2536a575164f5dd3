"""Write keys made, listed and revoked from a shell."""

import pytest

from assay.records.models import WriteKey
from tests.cli.conftest import Assay

pytestmark = pytest.mark.django_db


def test_a_key_is_made_listed_and_revoked(assay: Assay) -> None:
    done = assay(
        *("key", "add", "Our website", "--page", "/pricing*=pricing_view", "--event", "Signed Up=trial_started"),
        *("--origin", "https://www.firm.example/", "--campaign", "Autumn", "--rate", "50", "--json"),
    )
    key = WriteKey.objects.get()
    assert done.json == {
        "name": "Our website",
        "key": key.key,
        "source": "Website",
        "campaign": "Autumn",
        "source_of_visit": True,
        "rules": [
            {"path": "/pricing*", "kind": "pricing_view"},
            {"event": "Signed Up", "kind": "trial_started"},
        ],
        "origins": ["https://www.firm.example"],
        "rate": 50,
        "created_at": "2026-11-04T09:00:00Z",
        "revoked_at": None,
    }
    listed = assay("key", "list").out
    assert key.key in listed
    assert "in use" in listed

    assert "Revoked the write key of Our website" in assay("key", "revoke", "Our website").out
    assert WriteKey.objects.get().revoked_at is not None
    assert "revoked 2026-11-04" in assay("key", "list").out
    again = assay("key", "revoke", key.key)
    assert (again.code, again.err[:31]) == (1, "Our website was revoked at 2026")


def test_a_list_of_none_says_what_to_do(assay: Assay) -> None:
    assert assay("key", "list").out == "There is none yet: assay key add NAME --source SOURCE\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--page", "/pricing"], '"/pricing" is no rule.'),
        (["--page", "pricing=pricing_view"], "“pricing” is no path of a page."),
        (["--page", "/pricing="], "“” is no kind of signal."),
        (["--event", "=trial_started"], "A rule needs the name of the event"),
        (["--origin", "not a site"], "“not a site” is no address of a website."),
        (["--source", " "], "A write key needs a name, and a source"),
        (["--rate", "1000000"], "The rate is a number of events a second"),
    ],
)
def test_what_makes_no_sense_makes_no_key(words: list[str], sentence: str, assay: Assay) -> None:
    done = assay("key", "add", "Our website", *words)
    assert done.code == 2
    assert sentence in done.err
    assert not WriteKey.objects.exists()


def test_of_two_keys_of_one_name_neither_is_revoked_by_it(assay: Assay) -> None:
    for _ in range(2):
        assay("key", "add", "Our website")
    done = assay("key", "revoke", "Our website")
    assert done.code == 2
    assert '2 write keys are called "Our website".' in done.err
    assert assay("key", "revoke", WriteKey.objects.earliest("pk").key).code == 0
    assert assay("key", "revoke", "Our website").code == 0  # the other is the only one in use
    assert assay("key", "revoke", "Their website").code == 2
