"""What the browser's client asks before it sends: settings of a write key, by which events come to us alone."""

import re

import msgspec

ASKED = re.compile(r"/v1/projects/([^/]{1,64})/settings/?")


def asked_key(path: str) -> str | None:
    """The write key whose settings a path asks for."""
    found = ASKED.fullmatch(path)
    return found[1] if found else None


def client_settings(key: str, host: str, scheme: str) -> bytes:
    """The settings as JSON: events to the host that was asked, nothing of anybody else's loaded, no figures sent."""
    ours = {
        "apiKey": key,
        "apiHost": f"{host}/v1",
        "protocol": scheme,
        "type": "server",
        "bundlingStatus": "bundled",
        "unbundledIntegrations": [],
        "addBundledMetadata": False,
        "versionSettings": {"componentTypes": ["browser"]},
    }
    return msgspec.json.encode(
        {
            "integrations": {"Segment.io": ours},
            "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
        }
    )
