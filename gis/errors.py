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


class BadQuery(WanggeError):
    """A question of a program that cannot be understood, or asks for what there is not."""


class BadFile(WanggeError):
    """A file that cannot be read as what it claims to be."""


class OutOfScope(WanggeError):
    """The object exists, or does not: whoever asks may not know which."""


class NotAllowed(WanggeError):
    """The object is in scope, the act is not in the role."""


class Refused(WanggeError):
    """Something that was filled in cannot be stored as it is: `fields` says which, name → what is wrong with it."""

    def __init__(self, message: str, *, fix: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(message, fix=fix)
        self.fields = fields or {}


class Conflict(WanggeError):
    """Someone else has changed the same thing meanwhile. `theirs` is how it stands now, by the names of what was sent.

    It goes to whoever sent the change, so it holds only what they may see.
    """

    def __init__(self, message: str, *, fix: str = "", theirs: dict | None = None) -> None:
        super().__init__(message, fix=fix)
        self.theirs = theirs or {}


class NotReady(WanggeError):
    """What is asked for is just being made ready."""


class TooMany(WanggeError):
    """The same was asked for too often in a short time."""
