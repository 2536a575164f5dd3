"""HubSpot and Salesforce as their documentation describes them, on this machine, with records that a test keeps."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

Fields = dict[str, Any]


@dataclass
class Theirs:
    """What a CRM keeps, and how it is to behave."""

    records: dict[str, Fields] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    known_fields: set[str] = field(default_factory=set)
    faults: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    """Answers to be given before any other, each once."""
    tokens: list[str] = field(default_factory=lambda: ["first"])
    """Those that let in; the last is the one that is given to who asks."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    refusing: dict[str, str] = field(default_factory=dict)
    """Records that cannot be written, and why."""
    url: str = ""

    def put(self, number: str, at: datetime, **fields: Any) -> None:
        """Somebody there made or changed a record."""
        self.records.setdefault(number, {}).update(fields)
        self.changed[number] = at

    def writes(self) -> int:
        """How many requests wrote something."""
        return sum(path.endswith(("/batch/update", "/composite/sobjects")) for _, path in self.asked)


class Handler(BaseHTTPRequestHandler):
    """What both share."""

    theirs: ClassVar[Theirs]

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    do_PATCH = do_POST

    def log_message(self, *_: object) -> None:
        """Nobody listens."""

    def _answer(self, body: bytes | None) -> None:
        theirs, path = self.theirs, urlsplit(self.path).path
        theirs.asked.append((self.command, path))
        if theirs.faults:
            status, headers = theirs.faults.pop(0)
            self._send(status, {"message": "a fault"}, headers)
        elif path.endswith("/oauth2/token"):
            given = parse_qs((body or b"").decode())
            right = given == {"grant_type": ["client_credentials"], "client_id": ["us"], "client_secret": ["quiet"]}
            self._send(*((200, {"access_token": theirs.tokens[-1]}) if right else (400, {"error": "invalid_client"})))
        elif self.headers["Authorization"] not in [f"Bearer {token}" for token in theirs.tokens]:
            self._send(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
        else:
            self._send(*self.reply(path, json.loads(body) if body else None))

    def reply(self, path: str, body: Any) -> tuple[int, Any]:
        raise NotImplementedError

    def _send(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {
            "Content-Type": "application/json",
            "Content-Length": len(content),
            **(headers or {}),
        }.items():
            self.send_header(name, str(text))
        self.end_headers()
        self.wfile.write(content)


class HubSpotHandler(Handler):
    """CRM API v3: properties, search and batch update of contacts."""

    def reply(self, path: str, body: Any) -> tuple[int, Any]:
        match path.removeprefix("/crm/v3/"):
            case "properties/contacts":
                return 200, {"results": [{"name": name, "type": "string"} for name in sorted(self.theirs.known_fields)]}
            case "objects/contacts/search":
                return 200, self._search(body)
            case "objects/contacts/batch/update":
                return self._update(body["inputs"])
        return 404, {"status": "error", "message": f"no {path}", "category": "OBJECT_NOT_FOUND"}

    def _search(self, body: Any) -> object:
        assert [sort["propertyName"] for sort in body["sorts"]] == ["hs_object_id"]
        [group] = body["filterGroups"]
        found = [number for number in sorted(self.theirs.records, key=int) if all(self._fits(number, group["filters"]))]
        rows = [self._row(number, body["properties"]) for number in found[: body["limit"]]]
        return {"total": len(found), "results": rows}

    def _fits(self, number: str, filters: list[Fields]) -> Iterator[bool]:
        values = {**self.theirs.records[number], "hs_object_id": number}
        values["lastmodifieddate"] = str(int(self.theirs.changed[number].timestamp() * 1_000))
        for one in filters:
            value = values.get(one["propertyName"])
            match one["operator"]:
                case "GT":
                    yield int(value or 0) > int(one["value"])
                case "GTE":
                    yield int(value or 0) >= int(one["value"])
                case "IN":
                    yield value in one["values"]

    def _row(self, number: str, properties: list[str]) -> Fields:
        at = self.theirs.changed[number].isoformat()
        told = {name: self.theirs.records[number].get(name) for name in properties}
        return {"id": number, "properties": told, "createdAt": at, "updatedAt": at, "archived": False}

    def _update(self, inputs: list[Fields]) -> tuple[int, object]:
        assert len(inputs) <= 100
        refused = {one["id"]: self.theirs.refusing[one["id"]] for one in inputs if one["id"] in self.theirs.refusing}
        for one in inputs:
            if one["id"] not in refused:
                assert all(isinstance(value, str) for value in one["properties"].values())
                self.theirs.records[one["id"]].update(one["properties"])
        at = datetime.now(UTC).isoformat()
        rows = [self._row(one["id"], []) for one in inputs if one["id"] not in refused]
        errors = [
            {"status": "error", "category": "OBJECT_NOT_FOUND", "message": why, "context": {"ids": [number]}}
            for number, why in refused.items()
        ]
        done = {"status": "COMPLETE", "results": rows, "startedAt": at, "completedAt": at}
        return (207, {**done, "numErrors": len(errors), "errors": errors}) if errors else (200, done)


class SalesforceHandler(Handler):
    """REST API 59.0: description, query and collections of leads."""

    def reply(self, path: str, body: Any) -> tuple[int, Any]:
        match path.removeprefix("/services/data/v59.0/").rstrip("/"):
            case "sobjects/Lead/describe":
                return 200, {"fields": [{"name": name} for name in sorted(self.theirs.known_fields)]}
            case "query":
                return 200, self._query(parse_qs(urlsplit(self.path).query)["q"][0])
            case "composite/sobjects":
                return 200, self._update(body)
        return 404, [{"errorCode": "NOT_FOUND", "message": path}]

    def _query(self, soql: str) -> object:
        shape = (
            r"SELECT ([\w, ]+) FROM Lead WHERE IsConverted = false"
            r"(?: AND SystemModstamp >= ([\dT:.+%Z-]+))?(?: AND Id > '(\w+)')? ORDER BY Id LIMIT (\d+)"
        )
        match = re.fullmatch(shape, soql)
        assert match, soql
        names, since, after, most = match.groups()
        start = datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
        found = [
            one for one in sorted(self.theirs.records) if one > (after or "") and self.theirs.changed[one] >= start
        ]
        rows = [{"attributes": {"type": "Lead"}, **self._row(one, names.split(", "))} for one in found[: int(most)]]
        return {"totalSize": len(rows), "done": True, "records": rows}

    def _row(self, number: str, names: list[str]) -> Fields:
        return {name: number if name == "Id" else self.theirs.records[number].get(name) for name in names}

    def _update(self, body: Any) -> object:
        assert body["allOrNone"] is False
        assert len(body["records"]) <= 200
        return [self._save(dict(record)) for record in body["records"]]

    def _save(self, record: Fields) -> object:
        assert record.pop("attributes") == {"type": "Lead"}
        number = record.pop("id")
        if why := self.theirs.refusing.get(number):
            return {"success": False, "errors": [{"statusCode": "ENTITY_IS_DELETED", "message": why, "fields": []}]}
        self.theirs.records[number].update(record)
        return {"id": number, "success": True, "errors": []}


@contextmanager
def speaking(kind: type[Handler]) -> Iterator[Theirs]:
    """A CRM that listens on this machine only, until the end of the block."""
    theirs = Theirs()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Speaking", (kind,), {"theirs": theirs}))
    server.daemon_threads = True
    theirs.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield theirs
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
