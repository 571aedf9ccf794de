from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [
    ("corrected_here", "Corrected Here"), ("released", "Released Again"),
    ("destroyed", "Destroyed"), ("lost", "Lost"), ("corrected_field", "Corrected in the Field"),
    ("consumed", "Consumed or Implanted"), ("passed_on", "Handed On"), ("replaced", "Replaced"),
    ("credited", "Credited"),
]


class MedRecallAccountSettle(models.TransientModel):
    """Asks what became of units of one or of many lines of a balance."""

    _name = "med.recall.account.settle"
    _description = "What Became of Recalled Units"

    account_ids = fields.Many2many("med.recall.account", string="Lines")
    holder = fields.Selection([("us", "We"), ("consignee", "Consignee")])
    kind = fields.Selection(KINDS, "What Became of It", required=True)
    to_partner_id = fields.Many2one("res.partner", "Handed On To")
    quantity = fields.Float(digits=(20, 6),
                            help="Of one line; of many lines, all that has no final state.")
    evidence = fields.Text(required=True, help="How that is known: certificate, report, order.")

    attachment_ids = fields.Many2many("ir.attachment", string="Photos and Papers")

    def action_confirm(self):
        lines = self.account_ids
        if len(lines) != 1:
            lines = lines.filtered(lambda line: line.open > 0)
        if not lines:
            raise UserError(self.env._("Nothing of these lines is without a final state."))
        lines.recall_id.settle(rows=[{
            "lot": line.lot_id.id, "consignee": line.partner_id.id or 0, "kind": self.kind,
            "to": self.to_partner_id.id or 0,
            "quantity": self.quantity if len(lines) == 1 and self.quantity else line.open}
            for line in lines], evidence=self.evidence, files=self.sudo().attachment_ids.ids)
        return lines.recall_id.action_balance()
