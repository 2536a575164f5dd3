"""What all shapes of the API have in common. Money is a decimal as text, times are ISO 8601 with zone."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

BIGGEST = 2**63 - 1
"""The largest number of a row that a database knows."""

Number = Annotated[int, Field(ge=1, le=BIGGEST)]
Text = Annotated[str, Field(max_length=10_000)]
Line = Annotated[str, Field(max_length=300)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["12000.00"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])]


class Shape(BaseModel):
    """Something the API tells."""

    @property
    def about(self) -> int | None:
        """The lead it tells of, if any: with that lead what is kept of the answer goes."""
        return None

    def as_json(self) -> str:
        """What is sent."""
        return self.model_dump_json()


class Said(BaseModel):
    """Something a program says. A field there is not is a mistake, not silently lost."""

    model_config = ConfigDict(extra="forbid")


class ProblemDetails(Shape):
    """Why a request was refused (RFC 9457). ``code`` is stable; ``errors`` say what is wrong with each field."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str | None = None
    errors: list["WrongField"] | None = None


class WrongField(Shape):
    """One thing that is wrong: where, as a JSON pointer into the body or a parameter's name, and what."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
