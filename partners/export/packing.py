"""ZIP files that are sent while they are written: nothing of them is kept."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime


class Pipe:
    """What a ZIP file is written to. It can't go back: sizes stand behind each entry, as the format allows."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        """Keep some bytes until they are taken."""
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What has been written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def entry(name: str) -> zipfile.ZipInfo:
    """An entry of that name, made now."""
    info = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
