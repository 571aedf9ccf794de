from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class MedProcessBatchLine(models.Model):
    """How much of a lot went through a run."""

    _name = "med.process.batch.line"
    _description = "Lot in a Process Batch"
    _inherit = ["med.signed.line.mixin"]
    _order = "batch_id desc, id"
    _rec_name = "lot_id"
    _med_parent = "batch_id"
    _check_company_auto = True

    batch_id = fields.Many2one(
        "med.process.batch", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", required=True, index=True, ondelete="restrict",
        check_company=True, domain=[("product_id.med_controlled", "=", True)])
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(related="lot_id.product_uom_id")
    note = fields.Char("Containers")
    condition = fields.Char(related="lot_id.med_condition")
    process = fields.Selection(related="batch_id.process")
    state = fields.Selection(related="batch_id.state")

    _lot_uniq = models.Constraint("UNIQUE (batch_id, lot_id)", "The run has this lot already.")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of the lot went through is above zero.")

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        self.quantity = self.quantity or self.lot_id.product_qty

    def action_split_off(self):
        """Give what goes in a lot number of its own, where not the whole lot goes in."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(self.env._("The run is recorded: its lots are not changed."))
        self.lot_id._med_check_splitter()
        part, _repack = self.lot_id._med_split(
            self.quantity, self.lot_id._med_place_of(0), self.batch_id.name)
        self.lot_id = part

    @api.model
    def _covered(self, lots):
        """Return ``{lot id: quantity}`` in accepted runs of the process the lot's product needs."""
        self.env.flush_all()
        return {lot: float(quantity) for lot, quantity in self.env.execute_query(SQL("""
            SELECT line.lot_id, sum(line.quantity)
              FROM med_process_batch_line line
              JOIN med_process_batch batch ON batch.id = line.batch_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE line.lot_id IN %s AND batch.state = 'accepted'
               AND batch.process = template.med_batch_process
          GROUP BY line.lot_id""", tuple(lots.ids) or (0,)))}
