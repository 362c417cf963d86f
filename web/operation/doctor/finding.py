from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that is wrong. Never names a person: it is printed, logged and mailed."""

    check: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.check}: {self.message} Fix: {self.mend}"
