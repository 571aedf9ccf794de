"""What keeps a message from being applied, told to its sender and to a person here."""

from .tools.envelope import EnvelopeError, Problem

__all__ = ["EnvelopeError", "Problem", "Refused"]


class Refused(Exception):
    """A handler cannot apply a message: nothing of it may stay.

    :ivar problem: :class:`.tools.envelope.Problem`: JSON pointer into the payload, and a sentence
    """

    def __init__(self, pointer, message):
        super().__init__(message)
        self.problem = Problem(pointer, message)
