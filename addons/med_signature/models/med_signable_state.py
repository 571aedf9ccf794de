"""The guarded values of a signable record, and the one way they are written.

Functions, not methods: the code of a server action reaches every method of a record.
"""

from ..tools.permit import permit

ROUND = "med_signature_round"
CONTRACT_VERSION = 1


def permitted(values):
    """Return what a permit names of the values to be written."""
    return tuple(sorted((name, repr(value)) for name, value in values.items()))


def set_state(record, state, next_round=False, reason=""):
    machine = record._med_machine
    values = {machine.field: state}
    if next_round:
        values[ROUND] = record[ROUND] + 1
    if reason:
        record = record.with_context(med_reason=reason)
    with permit(record._name, record.ids, permitted(values)):
        record.sudo().write(values)
