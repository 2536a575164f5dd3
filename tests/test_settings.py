"""Every installation is set by ASSAY_* variables; one that cannot be used is named in one sentence."""

import multiprocessing
import stat
from ipaddress import ip_network
from pathlib import Path

import pytest

from assay.domain.retention import Retention
from assay.settings import Settings, SettingsError, parse_database, prepare_home, read_secret_key


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"ASSAY_{field.upper()}", raising=False)


def test_without_any_variable_everything_has_a_value() -> None:
    settings = Settings.read()
    assert settings.home.is_absolute()
    assert settings.database_url.endswith("/assay.sqlite3")
    assert settings.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert not settings.debug


def test_every_variable_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_HOSTS", "leads.example, www.leads.example")
    assert Settings.read().hosts == ("leads.example", "www.leads.example")


def test_networks_of_ones_own_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read().webhook_private == ()
    monkeypatch.setenv("ASSAY_WEBHOOK_PRIVATE", "10.0.0.0/8, fd00::/8")
    assert Settings.read().webhook_private == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    monkeypatch.setenv("ASSAY_WEBHOOK_PRIVATE", "10.0.0.1/8")
    with pytest.raises(SettingsError, match=r"ASSAY_WEBHOOK_PRIVATE cannot be used.*has host bits set"):
        Settings.read()


def test_how_long_signals_are_kept_is_said_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read().retention == Retention({"*": 730}, quarantine=30, visitors=395)
    monkeypatch.setenv("ASSAY_KEEP_SIGNALS", "Page View=180, *=365")
    monkeypatch.setenv("ASSAY_KEEP_QUARANTINE", "7")
    assert Settings.read().retention == Retention({"page_view": 180, "*": 365}, quarantine=7, visitors=395)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_LOG_LEVEL", "")
    assert Settings.read().log_level == "INFO"


def test_a_folder_with_special_characters_keeps_its_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "50% of #1?"
    home.mkdir()
    monkeypatch.setenv("ASSAY_HOME", str(home))
    assert parse_database(Settings.read().database_url)["NAME"] == str(home / "assay.sqlite3")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSAY_DEBUG", "perhaps"),
        ("ASSAY_KEEP_SIGNALS", "page_view=for ever"),
        ("ASSAY_KEEP_VISITORS", "-1"),
        ("ASSAY_HOSTS", " , "),
        ("ASSAY_LOG_LEVEL", "loud"),
        ("ASSAY_SECRET_KEY", "too short to sign with"),
    ],
)
def test_a_bad_value_is_named_but_not_repeated(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as error:
        Settings.read()
    assert value not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rubbish",
        "mysql://host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://",
        "postgresql://h:port/n",
    ],
)
def test_a_database_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="ASSAY_DATABASE"):
        parse_database(url)


def test_a_refusal_keeps_the_password_to_itself() -> None:
    with pytest.raises(SettingsError) as error:
        parse_database("mysql://mara:open-sesame@host/name")
    assert "open-sesame" not in str(error.value)


def test_a_sqlite_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no folder"):
        parse_database(f"sqlite:///{tmp_path}/nowhere/leads.sqlite3")


def test_postgresql_takes_every_part_of_its_url() -> None:
    config = parse_database("postgresql://sam:p%40ss@db.example:6432/leads?sslmode=require")
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["USER"], config["PASSWORD"], config["HOST"]) == ("sam", "p@ss", "db.example")
    assert (config["PORT"], config["NAME"], config["OPTIONS"]) == (6432, "leads", {"sslmode": "require"})


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = read_secret_key(tmp_path)
    assert len(key) >= 32
    assert read_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(read_secret_key, [tmp_path] * 16, chunksize=1)
    assert len(set(keys)) == 1


def test_a_home_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="ASSAY_HOME"):
        prepare_home(tmp_path / "file")
