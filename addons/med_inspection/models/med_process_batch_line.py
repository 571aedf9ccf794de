from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
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
    _inherit = ["med.lot.line.mixin", "med.signed.line.mixin"]
    _order = "batch_id desc, id"
    _med_parent = "batch_id"
    _check_company_auto = True

    batch_id = fields.Many2one(
        "med.process.batch", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    note = fields.Char("Containers")
    process = fields.Selection(related="batch_id.process")
    state = fields.Selection(related="batch_id.state")

    _lot_uniq = models.Constraint("UNIQUE (batch_id, lot_id)", "The run has this lot already.")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of the lot went through is above zero.")

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
