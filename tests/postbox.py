"""A mail server of our own, on this machine, and how its mails are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services import free_port


class Postbox:
    """Takes mails, or says no."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.recipients: list[str] = []
        self.full = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.full:
            return "452 4.2.2 Mailbox full"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def listening(box: Postbox) -> Iterator[str]:
    """The address of a server that puts mails into the box, as ASSAY_MAIL names it."""
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()


def parts(mail: Message) -> dict[str, str]:
    """The texts of a mail by their type."""
    texts = [part for part in mail.walk() if not part.is_multipart()]
    return {
        part.get_content_type(): bytes(part.get_payload(decode=True)).decode()
        for part in texts
        if part.get_content_maintype() == "text"
    }
