"""Bringing in a file that was handed in at the desk, in a process of its own: it goes on whatever the web server does.

`python -m assay.intake.bring_in UPLOAD` is what the desk starts.
"""

import logging
import os
import sys
from datetime import UTC, datetime

import django

log = logging.getLogger("assay.intake.bring_in")


def bring_in(upload_id: int) -> None:
    """Read the file as its upload says, and note how far it is and how it ended."""
    from assay.actions import uploads  # these name the records, which want Django set up first
    from assay.domain.errors import AssayError
    from assay.intake.uploaded import write
    from assay.records.models import Upload

    upload = Upload.objects.select_related("by").get(pk=upload_id)
    try:
        uploads.finish(upload, write(upload))
    except AssayError as error:
        said = f"{error.sentence} {error.hint}".strip()
        uploads.fail(upload, said.replace(str(uploads.folder() / upload.stored), upload.file_name))
    except Exception:
        log.exception("upload %s was cut off", upload_id)
        when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        uploads.fail(upload, f"A fault stopped it; the log of {when} says which. Try again: nothing comes in twice.")
        raise


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
    django.setup()
    bring_in(int(sys.argv[1]))
