"""How browsers and caches are answered that ask for the script."""

import gzip

import pytest

from assay.intake.tracker.scripts import scripts
from tests.intake.tracker.asking import ask

CURRENT = scripts().current
VERSIONED = f"v={CURRENT.version}"


def test_a_version_is_kept_for_ever_by_any_page() -> None:
    answer = ask(VERSIONED)
    assert answer.status == 200
    assert answer.body == CURRENT.text
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-length"] == str(len(CURRENT.text))
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("query", ["", "v=", "v=0123456789abcdef"])
def test_without_a_version_of_ours_it_is_todays_and_not_for_long(query: str) -> None:
    answer = ask(query)
    assert answer.body == CURRENT.text
    assert answer.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize("accepted", ["gzip", "br;q=1.0, gzip;q=0.8", "gzip, deflate, br, zstd"])
def test_it_goes_packed_to_who_can_unpack(accepted: str) -> None:
    answer = ask(VERSIONED, accept_encoding=accepted)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.body) == CURRENT.text


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br"])
def test_and_plain_to_who_cannot(accepted: str) -> None:
    answer = ask(VERSIONED, accept_encoding=accepted)
    assert "content-encoding" not in answer.headers
    assert answer.body == CURRENT.text


@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_who_has_it_is_not_sent_it_again(accepted: str) -> None:
    etag = ask(accept_encoding=accepted).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = ask(accept_encoding=accepted, if_none_match=known)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert ask(accept_encoding=accepted, if_none_match='"other"').status == 200


def test_packed_and_plain_are_told_apart() -> None:
    assert ask().headers["etag"] != ask(accept_encoding="gzip").headers["etag"]


def test_only_the_head_is_sent_to_who_asks_for_it() -> None:
    answer = ask(VERSIONED, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(CURRENT.text))


def test_nothing_can_be_sent_to_it() -> None:
    answer = ask(method="POST")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
