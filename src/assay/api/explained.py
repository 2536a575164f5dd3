"""The specification in words: what each operation wants and tells, and what each shape holds."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]


class Field(NamedTuple):
    """One thing that is said or told: its name, of what type it is, and the shape it leads to, if any."""

    name: str
    type: str
    shape: str
    required: bool
    about: str


class Operation(NamedTuple):
    """One thing a program can do."""

    id: str
    method: str
    path: str
    title: str
    about: str
    scope: str
    desks: str
    wants: list[Field]
    body: str
    tells: str
    headers: list[str]


class Heading(NamedTuple):
    """Operations that belong together."""

    title: str
    anchor: str
    operations: list[Operation]


class Shape(NamedTuple):
    """What is said or told as one object."""

    name: str
    about: str
    fields: list[Field]
    values: list[str]


def headings(document: Schema) -> list[Heading]:
    """Every operation, under its heading, in the order in which they are declared."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(_operation(method, path, said))
    return [Heading(title, f"to-{operations[0].id}", operations) for title, operations in found.items()]


def shapes(document: Schema) -> list[Shape]:
    """Every shape by name."""
    return [
        Shape(name, said.get("description", ""), list(_fields(said)), [str(value) for value in said.get("enum", [])])
        for name, said in sorted(document["components"]["schemas"].items())
    ]


def _operation(method: str, path: str, said: Schema) -> Operation:
    parameters = said["parameters"]
    wants = [_field(one["name"], one["schema"], one["required"], one) for one in parameters if one["in"] != "header"]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    success = next(entry for status, entry in said["responses"].items() if int(status) < 300)
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        title=said["summary"],
        about=said.get("description", ""),
        scope=said["x-scope"],
        desks=" or ".join(said.get("x-desks", ())),
        wants=wants,
        body=_leads_to(body),
        tells=_leads_to(success["content"]["application/json"]["schema"]),
        headers=[one["name"] for one in parameters if one["in"] == "header"],
    )


def _fields(said: Schema) -> Iterator[Field]:
    required = said.get("required", [])
    for name, schema in said.get("properties", {}).items():
        yield _field(name, schema, name in required, schema)


def _field(name: str, schema: Schema, required: bool, said: Schema) -> Field:
    return Field(name, type_of(schema), _leads_to(schema), required, said.get("description", ""))


def type_of(schema: Schema) -> str:
    """A type in words: ``list of Part``, ``text or null``."""
    if "$ref" in schema:
        return _name(schema)
    if choices := schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(dict.fromkeys(map(type_of, choices)))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    match schema.get("type"):
        case "array":
            return f"list of {type_of(schema['items'])}"
        case "object":
            values = schema.get("additionalProperties")
            return f"object of {type_of(values)}" if isinstance(values, dict) and values else "object"
        case str(kind):
            return _WORDS.get(schema.get("format", ""), _WORDS.get(kind, kind))
    return "anything"


_WORDS = {"string": "text", "boolean": "true or false", "integer": "whole number", "date-time": "time", "date": "date"}


def _leads_to(schema: Schema) -> str:
    """The shape that a type is of or is a list of; "" where it is none."""
    if "$ref" in schema:
        return _name(schema)
    inner = [schema["items"]] if "items" in schema else [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    return next(filter(None, map(_leads_to, inner)), "")


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
