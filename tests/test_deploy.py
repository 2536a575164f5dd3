"""What `deploy/` starts is there: units that systemd understands, and commands, files and settings of this program."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.cli.commands import COMMANDS
from assay.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OURS = {f"ASSAY_{name.upper()}" for name in Settings.model_fields}


def assert_command(words: list[str]) -> None:
    """That the command line takes this: the command and its options are there."""
    name, *arguments = words
    COMMANDS[name].load(name).make_context(name, arguments)


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_and_is_kept_in(path: Path) -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    service = unit["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/assay/bin/assay"
    assert_command(words)
    kept_in = {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "User": "assay"}
    assert {name: service[name] for name in kept_in} == kept_in
    assert set(re.findall(r"ASSAY_\w+", path.read_text())) <= OURS


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Where there is a systemd to ask; a machine without one cannot run them either."""
    for path in (DEPLOY / "systemd").iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/assay/bin/assay", "/bin/true"))
    names = [str(path).replace("@.", "@1.") for path in sorted(tmp_path.iterdir())]
    if shutil.which("systemd-analyze"):
        done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True)
        said = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "assay" in line]
        assert (done.returncode, said) == (0, [])
    assert {Path(name).suffix for name in names} == {".service", ".timer"}


def test_the_services_of_the_compose_file(compose: Any) -> None:
    services = compose["services"]
    assert set(services) == {"db", "web", "work", "backup"}
    for name in ("web", "work", "backup"):
        service = services[name]
        assert_command([str(word) for word in service["command"]])
        assert set(service["environment"]) <= OURS
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert "home:/var/lib/assay" in service["volumes"]
    assert set(services["backup"]["command"]) >= {"/backups"}
    named = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]}
    assert {volume for volume in named if volume.isalpha()} == set(compose["volumes"])
    assert (DEPLOY / services["web"]["build"]["context"] / services["web"]["build"]["dockerfile"]).is_file()


def test_what_the_compose_file_asks_for_stands_in_the_example() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE))
    assert asked - given == {"ASSAY_LOG_LEVEL"}  # its usual value is the right one
    assert given <= asked


def test_the_image_is_built_of_files_that_are_there(compose: Any) -> None:
    steps = re.findall(r"^(\w+) (.+)$", (DEPLOY / "Containerfile").read_text().replace("\\\n", " "), re.MULTILINE)
    copied = [word for step, words in steps if step == "COPY" and "--from" not in words for word in words.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    [command] = [yaml.safe_load(words) for step, words in steps if step == "CMD"]
    assert_command(command)
    assert all("/" not in words.split()[0] for step, words in steps if step == "FROM")  # no registry is named
