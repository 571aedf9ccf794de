from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import coverage

LEFT = {"scrap": "scrapped", "adjustment": "missed"}
CAME = {"return": "back", "adjustment": "found", "split": "joined", "merge": "joined",
        "relabel": "joined"}
"""What the kinds of genealogy events mean to :func:`..tools.coverage.processed`."""


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

    @api.model_create_multi
    def create(self, vals_list):
        of = self.default_get(["lot_id", "batch_id"])
        rows = [{**of, **vals} for vals in vals_list]
        # Written out, so that neither a caller nor a default of his says what follows from these.
        return super().create([{
            **vals, "product_id": self.env["stock.lot"].browse(vals.get("lot_id")).product_id.id,
            "company_id": self.env["med.process.batch"].browse(
                vals.get("batch_id")).company_id.id} for vals in rows])

    def write(self, vals):
        if {"product_id", "company_id"} & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Product and company of a line follow from its lot."))
        return super().write(vals)

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
        """Return ``{lot id: quantity}`` of what is there and went through accepted runs of the
        process that the lot's product needs; a lot that had none is not in it."""
        return self._processed(lots, ("accepted",))

    @api.model
    def _processed(self, lots, states, process=None, without=()):
        """Return ``{lot id: quantity}`` of what is there and went through runs in these states.

        A run counts from when it was recorded by signature; what came in later was not in it.

        :param process: empty: the one that the lot's product needs
        :param without: ids of runs that do not count
        """
        self.env.flush_all()
        events, scope = defaultdict(list), tuple(lots.ids) or (0,)
        for lot, quantity, moment in self.env.execute_query(SQL("""
            SELECT line.lot_id, line.quantity, max(signature.signed_at)
              FROM med_process_batch_line line
              JOIN med_process_batch batch ON batch.id = line.batch_id
              JOIN stock_lot lot ON lot.id = line.lot_id
              JOIN product_product product ON product.id = lot.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN med_signature signature ON signature.res_model = %(model)s
               AND signature.res_id = batch.id AND signature.transition = 'run'
             WHERE line.lot_id IN %(lots)s AND batch.state IN %(states)s
               AND batch.process = COALESCE(%(process)s, template.med_batch_process)
               AND batch.id NOT IN %(without)s
          GROUP BY line.id""", model="med.process.batch", lots=scope, states=states,
                process=process, without=tuple(without) or (0,))):
            events[lot].append((moment, "run", float(quantity)))
        parts = set(lots.filtered(lambda lot: lot.med_processed_as_id and process in (
            None, lot.product_id.med_batch_process)).ids)
        known = tuple(parts | events.keys())
        if not known:
            return {}
        for lot, side, kind, moment, quantity in self.env.execute_query(SQL("""
            SELECT lot_id, side, kind, date, quantity FROM med_genealogy_line
             WHERE lot_id IN %s AND active AND kind != 'transfer'""", known)):
            what = LEFT.get(kind, "gone") if side == "in" else CAME.get(kind, "raw")
            events[lot].append((moment, what, float(quantity)))
        return {lot: coverage.processed(events[lot], whole=lot in parts) for lot in known}
