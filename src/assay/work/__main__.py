"""The process beside the web server: started by `assay serve`, and gone when its parent is."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

from assay.work.sweep import sweep_while  # noqa: E402 - it names the records


def main() -> None:
    """Work until the server that started this process has gone, however it went."""
    parent = os.getppid()
    try:
        sweep_while(lambda: os.getppid() == parent)
    except KeyboardInterrupt:
        return


main()
