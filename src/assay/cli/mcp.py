"""`assay mcp`: what an assistant starts to read leads and figures, and to draft decisions."""

from importlib.util import find_spec
from typing import Annotated

import typer

from assay.domain.errors import BadInput
from assay.settings import current


def mcp(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where Assay is served; else ASSAY_ADDRESS, else http://localhost:8000."),
    ] = None,
) -> None:
    """Let an assistant read inbox, leads, funnel and audit, and draft decisions that a person confirms.

    It speaks the Model Context Protocol on stdin and stdout, and asks the API with the token in ASSAY_TOKEN.

    \b
    Example:
      ASSAY_TOKEN=assay_... assay mcp --url https://assay.example.com
    """
    if find_spec("mcp") is None:
        raise BadInput("extra_missing", "This needs an extra of Assay.", "Install it with: pip install 'assay[mcp]'")
    if current.token is None:
        hint = "Make one with: assay token add NAME --user EMAIL --scope leads:read --scope drafts"
        raise BadInput("no_token", "An assistant needs a token in ASSAY_TOKEN.", hint)
    from assay.api.assistant import assistant  # only where the extra is installed

    assistant(url or current.address or "http://localhost:8000", current.token.get_secret_value()).run("stdio")
