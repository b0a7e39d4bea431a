"""What the supervisor says about itself to the commands that wait for it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from config.environment import give_to_owner_of

STARTING = "starting"
READY = "ready"
STOPPING = "stopping"
FAILED = "failed"
STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class State:
    """A supervisor's process number, its phase (one of the constants), and why it failed."""

    phase: str = STOPPED
    pid: int = 0
    message: str = ""


def read_state(path: Path) -> State:
    """The state last written, or that of a supervisor that never ran."""
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return State()


def write_state(path: Path, phase: str, message: str = "") -> None:
    """Replaces the state as a whole, so that nobody reads half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(State(phase=phase, pid=os.getpid(), message=message))), encoding="utf-8")
    give_to_owner_of(path.parent, draft)
    draft.replace(path)
