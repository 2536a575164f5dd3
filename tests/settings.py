"""The settings of a test run: the real ones, with a data folder of its own that goes away afterwards.

ASSAY_DATABASE stays as it is: through it `tests/run.py` runs the suite on one database after the other.
"""

import atexit
import os
import tempfile
from pathlib import Path

home = tempfile.TemporaryDirectory(prefix="assay-test-")
atexit.register(home.cleanup)
os.environ["ASSAY_HOME"] = home.name

from assay.settings import *  # noqa: E402, F403 - the folder has to be set first
from assay.settings import DATABASES  # noqa: E402

if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # A file instead of Django's in-memory default: tests of concurrency open it from several processes.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(home.name) / "test.sqlite3")}

# The real ones are slow on purpose, and every sign-in of a test would pay for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
