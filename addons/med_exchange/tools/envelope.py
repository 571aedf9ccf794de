"""The envelope of a message."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something wrong: ``pointer`` (RFC 6901) into what was sent, ``message`` a sentence."""

    pointer: str
    message: str


class EnvelopeError(ValueError):
    """What was sent is no message that could be kept as one."""

    def __init__(self, problems):
        super().__init__("; ".join(one.message for one in problems))
        self.problems = list(problems)
