"""Why an event is not taken: a closed set of reasons, so that each can be counted."""

from typing import Final

REASONS: Final = {
    "too_large": 413,
    "no_json": 400,
    "no_batch": 400,
    "bad_gzip": 400,
    "wrong_field": 400,
    "wrong_type": 400,
    "no_who": 400,
    "no_name": 400,
    "too_long": 400,
    "too_deep": 400,
    "bad_time": 400,
    "bad_email": 400,
    "bad_text": 400,
    "no_consent": 403,
    "no_key": 401,
    "unknown_key": 401,
    "wrong_origin": 403,
    "too_fast": 429,
    "busy": 429,
    "not_stored": 503,
    "erased": 200,
}
"""Each reason with the HTTP status that says it. Who was erased is not told to whoever asks by sending."""


class Refused(Exception):
    """Raised where the fault is found. ``wait`` is in seconds: when it is worth trying again."""

    def __init__(self, reason: str, sentence: str, wait: int | None = None) -> None:
        super().__init__(sentence)
        self.reason, self.sentence, self.wait = reason, sentence, wait
        self.status = REASONS[reason]
