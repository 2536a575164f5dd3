"""Somebody signed in, and a page as one reads it."""

import re
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assay.records.models import User

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

Page: TypeAlias = "_MonkeyPatchedWSGIResponse"
"""What the test client gets."""


def browser(user: User) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(user)
    return client


def text(response: Page) -> str:
    """The page without tags, its white space in one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def queries(client: Client, address: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
