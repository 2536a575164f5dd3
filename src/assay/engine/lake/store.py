"""Where the lake is: a folder, or an object store by its URL. A file is written whole, then the manifest names it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import msgspec
import pyarrow.fs

from assay.domain.errors import BadInput, Refused
from assay.engine.lake.manifest import FORMAT, Manifest

MANIFEST = "manifest.json"
CHUNK = 1 << 20
HADOOP = {"s3": "s3a", "gcs": "gs"}
"""How Hadoop calls what Arrow calls otherwise."""


class Store:
    """Files by their path within the lake."""

    def __init__(self, place: str | Path) -> None:
        try:
            url = str(place) if "://" in str(place) else str(Path(place).absolute())
            self.files, self.root = pyarrow.fs.FileSystem.from_uri(url)
        except (ValueError, OSError) as error:
            said = str(error).partition("\n")[0].removesuffix(".")
            raise BadInput("bad_lake", f"The lake {place} cannot be used: {said}.", "Check ASSAY_LAKE.") from error
        self._scheme = str(place).partition("://")[0] if "://" in str(place) else "file"
        self.is_folder = isinstance(self.files, pyarrow.fs.LocalFileSystem)

    def path(self, name: str) -> str:
        """The place of a file as other programs know it."""
        return f"{self.root}/{name}"

    def url(self, name: str) -> str:
        """The place of a file as Hadoop's programs know it, whatever their own file system is."""
        return f"{HADOOP.get(self._scheme, self._scheme)}://{self.path(name)}"

    def manifest(self) -> Manifest:
        """The lake as it stands; a new one is empty. Raises BadInput for one that a newer version wrote."""
        try:
            with self.files.open_input_stream(self.path(MANIFEST)) as file:
                found = msgspec.json.decode(file.read(), type=Manifest)
        except FileNotFoundError:
            return Manifest()
        except msgspec.DecodeError as error:
            raise BadInput(
                "bad_lake", f"{self.path(MANIFEST)} is no manifest.", "Write a lake to a new place."
            ) from error
        if found.format != FORMAT:
            raise BadInput(
                "newer_lake", "A newer version of Assay wrote this lake.", "Update Assay, or use a new place."
            )
        return found

    def commit(self, manifest: Manifest) -> None:
        """Let the lake be what the manifest says, at once."""
        self._write(MANIFEST, msgspec.json.encode(manifest))

    def put(self, local: Path, name: str) -> str:
        """Move a file of this machine into the lake. Returns its SHA-256."""
        with local.open("rb") as file:
            digest = _digest(iter(lambda: file.read(CHUNK), b""))
        self.files.create_dir(self.path(name).rpartition("/")[0])
        if self.is_folder:
            with local.open("rb+") as file:
                os.fsync(file.fileno())
            shutil.move(local, self.path(name))
        else:
            pyarrow.fs.copy_files(
                str(local),
                self.path(name),
                source_filesystem=pyarrow.fs.LocalFileSystem(),
                destination_filesystem=self.files,
            )
        return digest

    def digest(self, name: str) -> str:
        """The SHA-256 of a file; "" where it is not there."""
        try:
            with self.files.open_input_stream(self.path(name)) as file:
                return _digest(iter(lambda: file.read(CHUNK), b""))
        except FileNotFoundError:
            return ""

    def sweep(self, manifest: Manifest) -> None:
        """Delete what the manifest does not name: left by a process that was killed, or since replaced."""
        named = {self.path(file.path) for file in manifest.files}
        found = self.files.get_file_info(pyarrow.fs.FileSelector(self.root, recursive=True, allow_not_found=True))
        for info in found:
            if info.path.endswith(".parquet") and info.path not in named:
                with suppress(FileNotFoundError):
                    self.files.delete_file(info.path)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes to this folder meanwhile; of an object store nobody can say so. Raises Refused."""
        if not self.is_folder:
            yield
            return
        Path(self.root).mkdir(parents=True, exist_ok=True)
        folder = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Refused(
                "lake_busy", "Another process is writing to the lake.", "Try again when it is done."
            ) from error
        finally:
            os.close(folder)

    def _write(self, name: str, content: bytes) -> None:
        self.files.create_dir(self.root)
        if not self.is_folder:
            with self.files.open_output_stream(self.path(name)) as file:
                file.write(content)
            return
        draft = Path(self.path(f"{name}.new"))
        with draft.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(self.path(name))


def _digest(chunks: Iterator[bytes]) -> str:
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
