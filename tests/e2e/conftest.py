"""The demo month, loaded once; servers on copies of it; and one browser for all.

All of it ends with this folder's last test: while Playwright is there, Django refuses to touch a database.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from assay.demo import MEMBERS, PASSWORD
from tests.e2e.browser import People, chromium
from tests.e2e.server import assay, copy, serving, tell_some
from tests.e2e.traffic import send_some


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo month, to be copied."""
    home = tmp_path_factory.mktemp("month")
    assay(home, "demo", "--no-serve")
    return home


@pytest.fixture(scope="package")
def readers(month: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """People at the demo month who change nothing."""
    home = copy(month, tmp_path_factory.mktemp("readers") / "home")
    tell_some(home)
    with serving(home) as server:
        send_some(server)
        people = People(browser, server)
        yield people
        people.leave()


@pytest.fixture(scope="package")
def newcomers(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """Mara and Sam where nothing has happened yet."""
    home = tmp_path_factory.mktemp("newcomers")
    for member in MEMBERS[:2]:
        words = (member.email, "--role", member.role, "--name", member.name, "--password-stdin")
        assay(home, "user", "add", *words, given=f"{PASSWORD}\n")
    with serving(home) as server:
        people = People(browser, server)
        yield people
        people.leave()


@pytest.fixture
def people(month: Path, browser: Browser, tmp_path: Path) -> Iterator[People]:
    """People at a demo month of this test's own; their consoles stay quiet."""
    with serving(copy(month, tmp_path / "home"), "--workers", "1") as server:  # for one person at a time
        people = People(browser, server)
        yield people
        people.leave()
    assert people.complaints == []
