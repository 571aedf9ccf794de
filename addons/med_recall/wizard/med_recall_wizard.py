from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..models.med_recall import DECIDERS, ORIGINS


class MedRecallWizard(models.TransientModel):
    """Recall these lots: one sentence, and everything they went into and to is found and stopped.

    Whoever does not decide about recalls reports a suspicion, and stops the lots he names.
    """

    _name = "med.recall.wizard"
    _description = "Recall These Lots"

    lot_ids = fields.Many2many("stock.lot", string="Lots and Serials")
    product_id = fields.Many2one("product.product", "Product", help="All of its lots.")
    summary = fields.Char("In One Sentence", required=True)
    reason = fields.Text(help="What is wrong, when and how it was found.")
    origin = fields.Selection(ORIGINS, required=True, default="own")
    drill = fields.Boolean(help="A mock recall: no notice leaves, every print is marked.")
    drill_holds = fields.Selection(
        [("simulated", "Simulated"), ("real", "Real")], "Holds of the Drill", required=True,
        default="simulated")
    stop = fields.Boolean("Stop at Once", default=True, help=(
        "Find everything that is meant, and hold it everywhere."))
    decides = fields.Boolean(compute="_compute_decides")

    @api.depends_context("uid")
    def _compute_decides(self):
        self.decides = any(map(self.env.user.has_group, DECIDERS))

    @api.model
    def _med_lot_paths(self):
        """Return where the dialog is opened → the field that holds the lots there (a hook)."""
        return {"stock.lot": "id", "med.hold": "line_ids.lot_id.id", "stock.quant": "lot_id.id"}

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        paths = self._med_lot_paths()
        if model in paths:
            values["lot_ids"] = [Command.set(self.env[model].browse(ids).mapped(paths[model]))]
        elif model == "product.product":
            values["product_id"] = ids[:1] and ids[0]
        elif model == "product.template":
            values["product_id"] = self.env[model].browse(ids[:1]).product_variant_id.id
        return values

    def action_begin(self):
        """Open the recall, stop the lots, and show it."""
        self.ensure_one()
        Recall = self.env["med.recall"]
        lots = self.lot_ids
        if not self.decides:
            if self.drill:
                raise AccessError(self.env._(
                    "A drill is begun by quality assurance or regulatory affairs."))
            told = Recall.report_suspicion(
                self.summary, lots.ids, self.reason or "", self.stop)
            return self._open(Recall.browse(told["recall"]))
        lots.check_access("read")
        values = {"origin": self.origin}
        if self.drill:
            values |= {"drill": True, "drill_holds": self.drill_holds}
        record = Recall._med_begin(
            self.summary, lots, self.reason or "", self.product_id, **values)
        if self.stop and record.criterion_ids:
            record.draw()
        return self._open(record)

    def _open(self, record):
        """Return the action that shows the recall that was begun."""
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id,
                "views": [(False, "form")]}
