"""Takes the files of a request as they come in: to disk, counted, and refused as soon as they are too many bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from customers.services.imports.storage import incoming

PIECE = 1 << 20
FIELD = "files"


class StreamedFile(UploadedFile):
    """A file that has arrived at `path`. Whoever wants it moves it away; what is left is removed with the request."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path = path

    def close(self) -> None:
        """The request is over."""
        self.path.unlink(missing_ok=True)


class CountingHandler(FileUploadHandler):
    """Writes each file of the field `files` to disk; others are passed over.

    Beyond `most` bytes in all it stops: what had come is removed, and the request's `too_large` is true.
    """

    chunk_size = PIECE

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        request.too_large = False
        self._most = most
        self._total = 0
        self._path: Path | None = None
        self._file: Any = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """Another file begins."""
        super().new_file(field_name, *args, **kwargs)
        if field_name != FIELD:
            raise SkipFile
        self._file = tempfile.NamedTemporaryFile(dir=incoming(), delete=False)  # noqa: SIM115  closed when it is complete
        self._path = Path(self._file.name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  Django's signature
        """A piece of it."""
        self._total += len(raw_data)
        if self._total > self._most:
            self.request.too_large = True
            self._drop()
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> StreamedFile:
        """It has arrived."""
        self._file.close()
        path, self._file, self._path = self._path, None, None
        return StreamedFile(path, self.file_name, file_size)

    def upload_interrupted(self) -> None:
        """The rest won't come."""
        self._drop()

    def _drop(self) -> None:
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)
            self._file = None
