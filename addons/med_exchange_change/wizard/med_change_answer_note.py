from odoo import fields, models


class MedChangeAnswerNote(models.TransientModel):
    """Dialog in which an answer is noted that came by letter or word of mouth."""

    _name = "med.change.answer.note"
    _description = "Note an Answer"

    notice_id = fields.Many2one("med.change.notice", "Notice", required=True, readonly=True)
    partner_id = fields.Many2one(related="notice_id.partner_id")
    agreement = fields.Selection([("agreed", "Agreed"), ("refused", "Refused")], "Answer",
                                 required=True)
    note = fields.Text("Who Answered, and How", required=True)

    def action_note(self):
        """Note the answer."""
        self.ensure_one()
        self.notice_id.answer(self.agreement, self.note)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
