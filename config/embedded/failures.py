"""What can go wrong with the embedded servers, in sentences for the person who started a command."""


class EmbeddedError(Exception):
    """The embedded servers can't be used; its text says why and what to do."""
