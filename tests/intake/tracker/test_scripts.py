"""What is sent to every visitor stays small, and what a site once pasted stays there."""

import gzip
from pathlib import Path

from assay.intake.tracker.scripts import Scripts, scripts

LARGEST = 5_000


def test_the_script_is_small() -> None:
    current = scripts().current
    assert gzip.decompress(current.packed) == current.text
    assert 1_000 < len(current.packed) < LARGEST


def test_an_earlier_script_is_still_found_by_its_version(tmp_path: Path) -> None:
    (earlier := tmp_path / "2026-11.js").write_text("first()")
    (current := tmp_path / "tracker.js").write_text("second()")
    first = Scripts(earlier).current

    both = Scripts(current, [earlier])
    assert both.find(first.version) == first
    assert both.find(both.current.version) == both.current
    assert both.current.text == b"second()"
    assert both.find("") is None
