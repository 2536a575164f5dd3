"""The most that can be handed in at once; what is larger is not even written to the disk."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MOST_BYTES = 200 * 1024 * 1024
"""Larger files go in by the command line, which needs no copy."""

TOO_BIG = "assay.too_big"


class Limit(FileUploadHandler):
    """Stops reading a file once it is too big, and notes that for the form."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MOST_BYTES and self.request is not None:
            self.request.META[TOO_BIG] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


def was_too_big(request: HttpRequest) -> bool:
    """Whether a file of this request was left out."""
    return TOO_BIG in request.META
