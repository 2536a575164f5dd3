"""What `assay mcp` wants before it starts; a whole conversation with it is in tests/e2e."""

from tests.cli.conftest import Assay


def test_without_a_token_it_says_how_to_get_one(assay: Assay) -> None:
    done = assay("mcp")
    assert done.code == 2
    assert "An assistant needs a token in ASSAY_TOKEN." in done.err
    assert "assay token add" in done.err
