"""What is refused of a processor's report."""

from odoo.exceptions import UserError


class ReportRefused(UserError):
    """A report is not taken; nothing of it is applied.

    :ivar pointer: JSON pointer into the report
    """

    def __init__(self, pointer, message):
        super().__init__(message)
        self.pointer = pointer
