"""What Segment's client for browsers asks for before its first call: that everything goes to us, and nowhere else."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

ASKED = re.compile(r"/v1/projects/([^/]{1,64})/settings")


def client_settings(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> bytes | None:
    """The answer as JSON, for the key and the host as the browser names them; None where it asks for something else."""
    asked = ASKED.fullmatch(scope["path"])
    if not asked or scope["method"] not in ("GET", "HEAD"):
        return None
    host = headers.get(b"host", b"").decode("latin-1")
    ours = {"apiKey": asked[1], "apiHost": f"{host}/v1", "protocol": scope["scheme"]}
    return msgspec.json.encode({"integrations": {"Segment.io": ours}, "plan": {}})
