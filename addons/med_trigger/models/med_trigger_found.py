from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.addons.med_traceability.tools.times import iso
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from .med_trigger_evidence import opened

_lt = LazyTranslate(__name__)


class MedTriggerFound(models.Model):
    """What a rule would have found, had it been in force then. Never changed."""

    _name = "med.trigger.found"
    _description = "Signal of a Trial"
    _inherit = ["med.kept.row.mixin"]
    _order = "run_id desc, last, id"
    _rec_name = "label"
    _med_refusals = {"create": _lt("Runs of rules are not written by hand.")}

    run_id = fields.Many2one(
        "med.trigger.run", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    label = fields.Char("What", readonly=True)
    product_ids = fields.Many2many("product.product", string="Products", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", readonly=True)
    count = fields.Integer("Times", readonly=True)
    first = fields.Datetime(readonly=True)
    last = fields.Datetime(readonly=True)
    evidence = fields.Json(readonly=True, help="Model → ids.")

    @api.model
    def _med_made(self, run, found):
        """Keep what a trial found."""
        rows = []
        for one in found:
            evidence = {}
            for model, number, _moment in one.evidence:
                evidence.setdefault(model, []).append(number)
            rows.append({
                "run_id": run.id, "label": one.label, "count": one.count, "first": one.first,
                "last": one.last, "product_ids": [Command.set(one.products)],
                "partner_id": one.partner, "workcenter_id": one.place, "evidence": evidence})
        with permit(self._name, (), "born"):
            return self.sudo().create(rows)

    def _med_plain(self):
        return {"what": self.label or "", "products": self.product_ids.ids, "count": self.count,
                "supplier": self.partner_id.id or 0, "workcenter": self.workcenter_id.id or 0,
                "first": iso(self.first), "last": iso(self.last)}

    def action_evidence(self):
        """Open the records that are its evidence, those of the commonest kind."""
        self.ensure_one()
        self.check_access("read")
        return opened(self.env, self.evidence)
