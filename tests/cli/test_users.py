"""People added and listed from a shell."""

import io

import pytest

from assay.records.models import User
from tests.cli.conftest import Assay

pytestmark = pytest.mark.django_db


def test_somebody_is_added_and_listed(assay: Assay) -> None:
    done = assay("user", "add", "Sam@Firm.example", "--role", "rep", "--name", "Sam Sales")
    assert done.out == "Added Sam Sales <sam@firm.example> as rep.\n"
    assert assay("user", "list").out.splitlines()[-1].split() == [
        *("sam@firm.example", "Sam", "Sales", "rep", "no,", "without", "password"),
    ]
    again = assay("user", "add", "sam@firm.example", "--role", "rep")
    assert (again.code, again.err) == (1, "There is a user sam@firm.example already.\n")


def test_a_list_of_nobody_says_what_to_do(assay: Assay) -> None:
    assert assay("user", "list").out == "There is nobody yet: assay user add EMAIL --role ROLE\n"


@pytest.mark.parametrize(("password", "code"), [("a long enough passphrase", 0), ("short", 2), ("", 2)])
def test_a_password_comes_on_stdin(password: str, code: int, assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    done = assay("user", "add", "sam@firm.example", "--role", "rep", "--password-stdin", "--json")
    assert done.code == code
    if code:
        assert "too short" in done.error["message"]
        assert not User.objects.exists()
    else:
        assert done.json["signs_in"] is True
        assert User.objects.get().check_password(password)
        assert password not in done.out
