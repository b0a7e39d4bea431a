"""Has the page set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent
_PAGE = _FOLDER / "customer.typ"


def pdf(said: Mapping[str, Any]) -> bytes:
    """The page as a tagged PDF. Reads nothing but its own folder and the machine's fonts."""
    return typst.compile(str(_PAGE), root=str(_FOLDER), format="pdf", sys_inputs={"said": json.dumps(said)})
