from odoo import fields, models

from ..models.med_capa_request_action import KINDS


class MedCapaRequestNoteAction(models.TransientModel):
    """An action on the paper that is entered."""

    _name = "med.capa.request.note.action"
    _description = "Action on a Stamped Answer"

    note_id = fields.Many2one("med.capa.request.note", required=True, index=True,
                              ondelete="cascade")
    kind = fields.Selection(KINDS, required=True, default="corrective")
    what = fields.Char(required=True)
    who = fields.Char()
    date_due = fields.Date("Due")
    date_done = fields.Date("Done On")
