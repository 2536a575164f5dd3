"""The tools of an assistant, without a server behind them; with one they are in tests/e2e."""

import asyncio
from typing import Any

from mcp import Client

from assay.api.assistant import assistant
from tests.services import free_port


def nobody() -> str:
    """An address of this machine at which nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


async def conversation() -> tuple[dict[str, Any], Any]:
    async with Client(assistant(nobody(), "assay_token")) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        return tools, await client.call_tool("inbox", {})


def test_every_tool_but_the_one_that_drafts_only_reads():
    tools, answer = asyncio.run(conversation())
    assert [name for name, tool in tools.items() if not tool.annotations.read_only_hint] == ["draft_decision"]
    assert all(tool.description for tool in tools.values())
    assert answer.is_error
    assert "Assay does not answer at http://127.0.0.1:" in answer.content[0].text
