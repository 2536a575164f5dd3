"""The notebook of the examples runs from the first cell to the last, and shows what it says."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent.parent / "examples" / "funnel.ipynb"
SECONDS = 120


def test_the_notebook_runs_and_shows_its_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))  # or it would write its history into somebody's home
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert [cell for cell in notebook.cells if cell.get("outputs")] == [], "it is kept without what it printed"
    NotebookClient(notebook, timeout=SECONDS, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == 3
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert "It leaks most from MQL to SQL: 10 of 78 go on, 13 %." in printed
    assert "fixed: 2.3 times the deals, doubled: 2.0 times" in printed
    assert "funnel.pdf written" in printed
