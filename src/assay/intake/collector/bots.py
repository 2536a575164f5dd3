"""Programs that read pages: found by the name they give themselves. Their signals are kept and weigh nothing."""

from functools import lru_cache

from crawleruseragents import is_crawler


@lru_cache(maxsize=16_384)
def bot_reason(agent: str) -> str:
    """Why a browser's name is a program's: "" for a person, ``crawler``, or ``headless``."""
    if "HeadlessChrome" in agent or "PhantomJS" in agent:
        return "headless"
    return "crawler" if is_crawler(agent) else ""
