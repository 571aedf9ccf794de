from odoo import fields, models


class MedQualityRecord(models.Model):
    """Which record a process leaves behind (记录), and where it is."""

    _name = "med.quality.record"
    _description = "Record of a Process"
    _order = "process_id, sequence, id"

    sequence = fields.Integer(default=10)
    process_id = fields.Many2one(
        "med.quality.process", "Process", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="process_id.company_id", store=True, index=True)
    name = fields.Char(required=True, translate=True)
    model = fields.Char("Kept As", help=(
        "Technical name of the model, for example med.capa. Empty: on paper or elsewhere."))
    place = fields.Char("Where It Is Kept", help="For what is not kept here.")
    note = fields.Text(translate=True)

    def action_open(self):
        """Open the list of these records."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.model, "name": self.name,
                "view_mode": "list,form"} if self.model in self.env else None
