"""Why something was not delivered is kept as a text, and read back as the phrase it was."""

import pytest

from assay.domain import failures
from assay.domain.failures import failure
from assay.domain.phrase import Phrase

SAID = [
    Phrase(failures.REDIRECTS, status=302),
    Phrase(failures.ANSWERED, status=500),
    Phrase(failures.GONE),
    Phrase(failures.OUR_FAULT, error="OSError"),
    Phrase(failures.NO_SUCH_NAME, host="crm.example", why="no such name"),
    Phrase(failures.NOT_REACHED, host="crm.example", why="connection refused"),
    Phrase(failures.TOO_LATE, host="crm.example", seconds="20"),
    Phrase(failures.BROKEN_OFF, host="crm.example", why="it hung up"),
    Phrase(failures.NOT_PUBLIC, host="crm.example", address="10.0.0.1"),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.template)
def test_it_is_read_back(said: Phrase):
    read = failure(str(said))
    assert isinstance(read, Phrase)
    assert (read.template, str(read)) == (said.template, str(said))


def test_what_somebody_else_wrote_stays_as_it_is():
    assert failure("mailbox full") == "mailbox full"
