from odoo import fields, models
from odoo.exceptions import UserError

MOST = 50


class MedExchangeFormAhead(models.TransientModel):
    """Makes numbered forms ahead, as many as lie in the drawer until a line is down."""

    _name = "med.exchange.form.ahead"
    _description = "Print Downtime Forms Ahead"

    mapping_id = fields.Many2one("med.exchange.mapping", required=True, ondelete="cascade",
                                 domain="[('state', '=', 'active')]")
    count = fields.Integer("How Many", required=True, default=5)
    lines = fields.Integer("Blank Lines on Each", required=True, default=8)

    def action_make(self):
        """Make the forms, and download them to be printed."""
        self.ensure_one()
        if not 1 <= self.count <= MOST:
            raise UserError(self.env._("Print 1 to %s forms at a time.", MOST))
        return self.env["med.exchange.form"].create([
            {"mapping_id": self.mapping_id.id, "lines": self.lines}
            for _number in range(self.count)]).action_print()
