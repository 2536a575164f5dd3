"""The policies Assay ships: dated data, each a complete rule to start from."""

from functools import cache
from importlib.resources import files

from assay.domain.errors import BadInput
from assay.domain.policy import Policy

DEFAULT = "b2b-services"
SHIPPED = ("b2b-services", "saas")


@cache
def shipped(name: str = DEFAULT) -> Policy:
    """A shipped policy by name. Raises BadInput for a name that is not shipped."""
    if name not in SHIPPED:
        raise BadInput(
            "unknown_policy", f'There is no shipped policy "{name}".', f"Use one of {', '.join(SHIPPED)}, or a file."
        )
    return Policy.parse((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
