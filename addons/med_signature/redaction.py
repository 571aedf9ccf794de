"""Keeps secrets that are arguments of a call out of the log: Odoo logs arguments at DEBUG."""

import logging

METHODS = frozenset({"change_password", "med_set_pin", "med_sign"})


class WithoutSecrets(logging.Filter):
    """Puts ``…`` in the place of the arguments of the calls named in METHODS."""

    def filter(self, record):
        # odoo.service.model: "call %s.%s(%s)", records, name of the method, arguments
        if isinstance(record.args, tuple) and len(record.args) == 3 and record.args[1] in METHODS:
            record.args = (*record.args[:2], "…")
        return True


def install():
    """Filter the logger that writes arguments."""
    logger = logging.getLogger("odoo.service.model")
    if not any(isinstance(one, WithoutSecrets) for one in logger.filters):
        logger.addFilter(WithoutSecrets())
