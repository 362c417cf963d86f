"""Everything the domain refuses, in one file. The domain never knows HTTP: `web.errors` holds the statuses."""


class WanggeError(Exception):
    """A refusal a person can act on.

    `message` says what is wrong, `fix` says what to do about it. Neither may hold personal data:
    both are shown and logged.
    """

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class BadCode(WanggeError):
    """A division, cell, building or identity code that breaks its rule."""


class BadGeometry(WanggeError):
    """A shape that cannot be stored or measured."""


class BadFile(WanggeError):
    """A file that cannot be read as what it claims to be."""


class OutOfScope(WanggeError):
    """The object exists, or does not: whoever asks may not know which."""


class NotAllowed(WanggeError):
    """The object is in scope, the act is not in the role."""
