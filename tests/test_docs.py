"""The documentation says what the code says."""

import json
import re
import runpy
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest
from typer.core import TyperCommand, TyperGroup

from assay.cli.commands import COMMANDS
from assay.domain.events import EVENTS
from assay.domain.ladder import Rung
from assay.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"


def test_the_picture_of_the_ladder_is_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = runpy.run_path(str(DOCS / "draw_ladder.py"))["main"]
    assert main(["--check"]) == 0

    drawn = tmp_path / "ladder.svg"
    assert main(["--check"], drawn) == 1
    drawn.write_text("<svg/>", encoding="utf-8")
    assert main(["--check"], drawn) == 1
    assert "run python docs/draw_ladder.py" in capsys.readouterr().err
    assert main([], drawn) == 0
    assert main(["--check"], drawn) == 0


def test_the_picture_of_the_ladder_says_what_it_shows() -> None:
    svg = ElementTree.fromstring((DOCS / "ladder.svg").read_text(encoding="utf-8"))
    title, description = (svg.findtext(f"{{*}}{tag}", default="") for tag in ("title", "desc"))
    assert title == "The ladder of a lead"
    assert "accept, from mql or pql, by sales, to sal; needs an owner." in description


def test_the_schemas_of_events_are_current_and_their_examples_are_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = runpy.run_path(str(DOCS / "write_events.py"))["main"]
    assert main(["--check"]) == 0
    written = tmp_path / "webhooks.json"
    assert main(["--check"], written) == 1
    assert "run python docs/write_events.py" in capsys.readouterr().err
    assert main([], written) == 0

    said = json.loads(written.read_text(encoding="utf-8"))
    assert list(said["types"]) == list(EVENTS)
    for entry in said["types"].values():
        jsonschema.validate(entry["example"], {"$defs": said["$defs"], **entry["data"]})
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({}, {"$defs": said["$defs"], **entry["data"]})


def test_the_page_about_webhooks_lists_every_type_and_shows_what_is_sent() -> None:
    text = (DOCS / "webhooks.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", text, re.MULTILINE) == [
        (name, entry.sentence) for name, entry in EVENTS.items()
    ]
    [shown] = re.findall(r"^```json\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    examples = json.loads((DOCS / "webhooks.json").read_text(encoding="utf-8"))
    said = json.loads(shown)
    assert said["data"] == examples["types"][said["type"]]["example"]


def test_the_glossary_names_files_that_exist() -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", glossary))
    assert paths
    assert [path for path in paths if not (DOCS.parent / "src" / "assay" / path).is_file()] == []
    assert [rung for rung in Rung if not re.search(rf"^\| {rung}\b", glossary, re.IGNORECASE | re.MULTILINE)] == []


# --- Commands and settings -----------------------------------------------------------------------


def command_sections() -> dict[str, str]:
    """The text about each command, by its name."""
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^### `(assay [a-z -]+)`$", text, flags=re.MULTILINE)
    return {name: re.split(r"^## ", body, flags=re.MULTILINE)[0] for name, body in batched(parts[1:], 2)}


def batched(parts: list[str], size: int) -> list[list[str]]:
    return [parts[start : start + size] for start in range(0, len(parts), size)]


def commands() -> dict[str, TyperCommand]:
    """Every command there is, those in groups included."""
    loaded = {name: entry.load(name) for name, entry in COMMANDS.items()}
    found: dict[str, TyperCommand] = {}
    for name, command in loaded.items():
        inner = command.commands if isinstance(command, TyperGroup) else {"": command}
        found |= {
            f"assay {name} {last}".rstrip(): leaf for last, leaf in inner.items() if isinstance(leaf, TyperCommand)
        }
    return found


def test_every_command_is_documented_and_no_other() -> None:
    assert list(command_sections()) == list(commands())


@pytest.mark.parametrize("name", list(commands()))
def test_every_option_of_a_command_is_documented(name: str) -> None:
    section = command_sections()[name]
    said_for_all = {"--json", "--as", "--help"}
    options = {option for param in commands()[name].params for option in param.opts if option.startswith("--")}
    assert [option for option in sorted(options - said_for_all) if option not in section] == []


def test_every_setting_is_documented_as_the_registry_describes_it() -> None:
    rows = re.findall(
        r"^\| `(ASSAY_[A-Z_]+)` \| (.+) \| .+ \|$", (DOCS / "settings.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert dict(rows) == {f"ASSAY_{name.upper()}": field.description for name, field in Settings.model_fields.items()}
