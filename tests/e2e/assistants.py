"""An assistant, as the protocol's own library speaks for one: it starts `assay mcp` and talks to it by stdio."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests.e2e.server import ASSAY, Server, environment


class Told(NamedTuple):
    """What a tool answered, or why it did not."""

    said: Any
    failed: bool


class Call(NamedTuple):
    """A tool and what it is called with; a function of the answers so far where it depends on them."""

    tool: str
    arguments: Any = None


def converse(server: Server, token: str, *calls: Call) -> tuple[list[str], list[Told]]:
    """The tools there are, and what each call was answered."""
    # In a thread of its own, because this one belongs to the browser's loop.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(_converse(server, token, calls))).result()


async def _converse(server: Server, token: str, calls: tuple[Call, ...]) -> tuple[list[str], list[Told]]:
    told: list[Told] = []
    async with Client(_started(server, token)) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        for tool, arguments in calls:
            said = arguments(told) if callable(arguments) else arguments
            answer = await client.call_tool(tool, said or {})
            content = answer.structured_content or " ".join(getattr(part, "text", "") for part in answer.content)
            told.append(Told(content, bool(answer.is_error)))
    return tools, told


def _started(server: Server, token: str) -> StdioServerParameters:
    variables = environment(server.home) | {"ASSAY_TOKEN": token}
    return StdioServerParameters(command=str(ASSAY), args=["mcp", "--url", server.url], env=variables)
