"""The one error tree: a machine code, a sentence for people, and what to do next."""

from collections.abc import Sequence


class AssayError(Exception):
    """Anything Assay says no to.

    ``code`` is stable and for programs, ``sentence`` says what is wrong, ``hint`` what to do about it. Those that
    people meet on the desk are phrases, so that it can say them in their language.
    """

    exit_code = 1

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(f"{sentence} {hint}".strip())
        self.code, self.sentence, self.hint = code, sentence, hint


class Refused(AssayError):
    """A rule said no; nothing was changed."""


class MoveRefused(Refused):
    """A move the ladder does not allow now: unknown move, wrong rung, wrong desk or a failing guard."""


class AlreadyDecided(MoveRefused):
    """Someone else decided on this lead first."""


class NotFound(Refused):
    """The thing named does not exist."""

    exit_code = 2


class BadInput(AssayError):
    """Input that cannot be read or makes no sense; nothing was changed."""

    exit_code = 2


class PolicyInvalid(BadInput):
    """A policy that contradicts itself. ``mistakes`` lists every one, each naming its key and what to do."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        many = f"{len(mistakes)} mistakes" if len(mistakes) > 1 else "a mistake"
        super().__init__("policy_invalid", f"The policy has {many}: " + "; ".join(mistakes))
