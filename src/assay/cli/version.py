"""`assay --version`."""

from importlib.metadata import version

from assay.cli.output import say


def show() -> None:
    """Print the version."""
    say(f"assay {version('assay')}")
