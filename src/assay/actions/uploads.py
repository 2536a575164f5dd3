"""Files handed in at the desk: kept in the data folder until they are brought in, and no longer than a day."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.db.models import Q

from assay.actions.actors import Actor
from assay.domain.errors import NotFound, Refused
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.records.imports import UploadState
from assay.records.models import Import, Upload
from assay.settings import current

KEPT = timedelta(days=1)
SILENT = timedelta(minutes=2)
"""Without a sign of life for so long, whatever brought the file in has died."""


def folder() -> Path:
    """Where uploaded files stand; only the owner of the data folder may look into it."""
    path = current.home / "uploads"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def keep_upload(chunks: Iterable[bytes], file_name: str, suffix: str, kind: str, by: Actor, at: datetime) -> Upload:
    """Store a file under a name of our own. ``file_name`` is only ever shown; ``suffix`` helps to tell the format."""
    by.needs(Desk.MARKETING, "import a file")
    stored, digest, size = f"{uuid4()}{suffix}", hashlib.sha256(), 0
    with (folder() / stored).open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Upload.objects.create(
        kind=kind, file_name=file_name, stored=stored, size=size, digest=digest.hexdigest(), by_id=by.user_id, at=at
    )


def path_of(upload: Upload) -> Path:
    """The file of an upload. Raises NotFound where it is gone."""
    path = folder() / upload.stored
    if not upload.stored or not path.is_file():
        said = Phrase("{file} is no longer kept.", file=upload.file_name)
        raise NotFound("upload_gone", said, Phrase("Hand it in again."))
    return path


def discard(upload: Upload) -> None:
    """Delete an upload that is not being brought in, with its file."""
    gone, _ = Upload.objects.filter(pk=upload.pk).exclude(state=UploadState.RUNNING).delete()
    if gone:
        _delete_file(upload)


def claim(upload_id: int, by: Actor, at: datetime, reading: Mapping[str, object]) -> Upload:
    """Say that a file is being brought in from now on, and how it is read.

    Raises Refused where that is under way or done already.
    """
    by.needs(Desk.MARKETING, "import a file")
    free = Q(state__in=[UploadState.WAITING, UploadState.FAILED]) | Q(
        alive_at__lt=at - SILENT, state=UploadState.RUNNING
    )
    ours = Upload.objects.filter(free, pk=upload_id).exclude(stored="")
    taken = ours.update(
        state=UploadState.RUNNING, reading=dict(reading), started_at=at, alive_at=at, rows=None, rows_done=0, error="",
        by_id=by.user_id,
    )  # fmt: skip
    if not taken:
        said = Phrase("This file is being brought in already, or was.")
        raise Refused("upload_taken", said, Phrase("Look at the history."))
    return Upload.objects.get(pk=upload_id)


def tell_rows(upload: Upload, at: datetime, *, rows: int | None = None, done: int = 0) -> None:
    """Note how many rows there are, or how many more were brought in."""
    upload.rows = upload.rows if rows is None else rows
    upload.rows_done += done
    upload.alive_at = at
    upload.save(update_fields=["rows", "rows_done", "alive_at"])


def finish(upload: Upload, result: Import) -> None:
    """The file is in; it is not kept any longer."""
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.DONE, result=result, stored="")
    _delete_file(upload)


def fail(upload: Upload, sentence: str) -> None:
    """The file could not be brought in as it was to be read; it is kept, to be tried again."""
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.FAILED, error=sentence)


def drop_old(at: datetime) -> int:
    """Delete what was handed in over a day ago and not brought in. Returns how many."""
    old = Upload.objects.filter(at__lt=at - KEPT).exclude(stored="")
    gone = list(old.exclude(state=UploadState.RUNNING, alive_at__gte=at - SILENT))
    for upload in gone:
        _delete_file(upload)
    if gone:
        Upload.objects.filter(pk__in=[upload.pk for upload in gone]).delete()
    return len(gone)


def _delete_file(upload: Upload) -> None:
    if upload.stored:
        (folder() / upload.stored).unlink(missing_ok=True)
