"""Pictures of pages: drawn for whoever is signed in, from an address that only we can write."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from assay.desk.pictures.kinds import Cohorts, OneFunnel, Outcomes, Sources, Times
from assay.desk.pictures.showing import SIGNER, Shown, shown
from assay.domain.survival import Time
from assay.domain.what_if import Estimate
from assay.pictures import Source
from tests.desk.reading import browser
from tests.people import vic

pytestmark = pytest.mark.django_db

SAID = OneFunnel([10_000, 250, 78, 10, 10, 4, 1], accept_is_sql=True)


def as_shown(theme: str = "") -> Shown:
    """The picture on the page of somebody who chose this theme."""
    request = RequestFactory().get("/funnel/")
    request.COOKIES["theme"] = theme
    return shown(request, SAID)


def test_it_is_drawn_once_and_kept_by_the_browser():
    answer = browser(vic()).get(as_shown().address)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"].startswith("private, max-age=31536000")
    assert b"<title>Funnel</title>" in answer.content
    assert answer.content == browser(vic()).get(as_shown().address).content


def test_every_kind_is_drawn_from_its_address():
    time = Time("mql", 3_600.0, None, None, None, 1, 0, 0)
    kinds = (Cohorts({"Nov 2026": SAID.counts}, True), Outcomes([("Today", Estimate(1.0, 0.4, 3.0))]), Times([time]))
    for said in (*kinds, Sources([Source("Website", 250, 0.3, 0.2, 0.4)])):
        picture = shown(RequestFactory().get("/"), said)
        assert picture.words.encode() in browser(vic()).get(picture.address).content


def test_a_phone_and_the_dark_have_pictures_of_their_own():
    assert [address.rpartition("/")[2] for _, address in as_shown().others] == [
        "dark-340.svg",
        "light-340.svg",
        "dark-470.svg",
    ]
    chosen = as_shown("dark")
    assert chosen.address.endswith("/dark-470.svg")
    assert [address.rpartition("/")[2] for _, address in chosen.others] == ["dark-340.svg"]


def test_it_speaks_the_language_of_the_page_it_was_on():
    with translation.override("de"):
        address = as_shown().address
    assert SIGNER.unsign_object(address.split("/")[2])[1] == "de"
    assert address != as_shown().address


def test_nobody_else_writes_an_address_and_no_other_size_is_drawn():
    address = as_shown().address
    somebody = browser(vic())
    forged = address.replace("/light-470", "x/light-470")
    for wrong in (forged, address.replace("470", "681"), address.replace("light", "sepia")):
        assert somebody.get(wrong).status_code == 404
