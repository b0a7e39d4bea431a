"""Why something that a person may do can't be done now."""

from __future__ import annotations


class WrongStateError(Exception):
    """The thing isn't in a state in which this can be done (HTTP 409); the message says which and what to do instead."""
