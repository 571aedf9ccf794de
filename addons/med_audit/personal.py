"""A field whose value is stored encrypted and shown masked. See ``med.personal.mixin``."""

from odoo import fields

from .tools.vault import MASK, is_sealed


class PersonalText(fields.Char):
    """Text about a person: name, telephone, address. Only for models with ``med.personal.mixin``.

    Cache, reads, exports, tracking, reports and the audit trail never have the plain text; the
    mixin's ``med_reveal`` gives it to whoever may see it, and each time is an entry.
    """

    personal = True
    copy = False
    _description_searchable = False
    _description_sortable = False
    _description_groupable = False

    def convert_to_record(self, value, record):
        return MASK if is_sealed(value) else super().convert_to_record(value, record)
