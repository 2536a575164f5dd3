"""Files for the tests of intake."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of text or bytes and returns its path."""

    def written(content: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return written


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[..., Path]:
    """Writes what a query selects and returns the path."""

    def written(query: str, name: str = "leads.parquet") -> Path:
        with duckdb.connect() as connection:
            connection.sql(query).write_parquet(str(tmp_path / name))
        return tmp_path / name

    return written
