"""The written rule both teams agreed: a policy, loaded from its file and checked."""

import hashlib
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr

from assay.domain.errors import BadInput
from assay.domain.policy_check import check
from assay.domain.policy_sections import BuyingGroup, Clocks, Fit, Gate, Intent, Mql, Routing, Section, Temperature


class Policy(Section):
    """A whole policy. Build it with :meth:`load` or :meth:`parse`, which also check that it makes sense."""

    name: Annotated[str, Field(min_length=1)]
    timezone: str
    currency: str
    fit: Fit
    intent: Intent
    temperature: Temperature
    mql: Mql
    gate: Gate
    buying_group: BuyingGroup
    clocks: Clocks
    routing: Routing = Routing()
    _text: str = PrivateAttr(default="")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a policy file. Raises BadInput (unreadable) or PolicyInvalid (every mistake at once)."""
        try:
            return cls.parse(Path(path).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise BadInput("policy_unreadable", f"The policy {path} cannot be read: {why}.") from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """A policy from the text of its file. Raises as :meth:`load` does."""
        try:
            raw = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # also integers and nesting beyond what Python reads
            raise BadInput("policy_syntax", f"The policy is not valid TOML: {error}.") from error
        check(cls, raw)
        policy = cls.model_validate(raw)
        policy._text = text
        return policy

    @property
    def text(self) -> str:
        """The file as it was written."""
        return self._text

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which days are counted."""
        return ZoneInfo(self.timezone)

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that name this exact text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]
