from odoo import api, fields, models
from odoo.exceptions import AccessError

from .med_risk_hazard import KEEPERS


class MedRiskLinkedMixin(models.AbstractModel):
    """What may say something new about a hazard: nonconformities, deviations, CAPAs."""

    _name = "med.risk.linked.mixin"
    _description = "Linked to Hazards"

    _med_hazard_side = None

    hazard_ids = fields.Many2many(
        "med.risk.hazard", string="Hazards", copy=False, check_company=True, ondelete="restrict",
        domain=[("state", "!=", "superseded")])
    hazard_count = fields.Integer("Number of Hazards", compute="_compute_hazard_count")

    @api.depends("hazard_ids.state")
    def _compute_hazard_count(self):
        for record in self:
            record.hazard_count = len(record._med_hazards())

    def _med_hazards(self):
        """Return the linked hazards, each in its newest revision that was linked."""
        return self.hazard_ids.filtered(lambda one: one.state != "superseded")

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("hazard_ids") for vals in vals_list):
            self._med_check_linker()
        # Written out, so that no default of the caller's context or of a user gets in.
        records = super().create([{"hazard_ids": [], **vals} for vals in vals_list])
        for record in records:
            record._med_tell_hazards(record.hazard_ids)
        return records

    def write(self, vals):
        if "hazard_ids" not in vals:
            return super().write(vals)
        self._med_check_linker()
        before = {record: record.hazard_ids for record in self}
        result = super().write(vals)
        for record, hazards in before.items():
            record._med_tell_hazards(record.hazard_ids - hazards)
        return result

    def _med_tell_hazards(self, hazards):
        hazards._med_linked(self._med_hazard_side, self)

    def _med_check_linker(self):
        if not self.env.su and not any(map(self.env.user.has_group, KEEPERS)):
            raise AccessError(self.env._("Hazards are linked by quality assurance and regulatory "
                                         "affairs."))

    def action_hazards(self):
        """Open the hazards of these records."""
        return {"type": "ir.actions.act_window", "res_model": "med.risk.hazard",
                "view_mode": "list,form", "name": self.env._("Hazards"),
                "domain": [("id", "in", self._med_hazards().ids)]}


class MedNonconformity(models.Model):
    _name = "med.nonconformity"
    _inherit = ["med.nonconformity", "med.risk.linked.mixin"]

    _med_hazard_side = "nonconformity_ids"


class MedDeviation(models.Model):
    _name = "med.deviation"
    _inherit = ["med.deviation", "med.risk.linked.mixin"]

    _med_hazard_side = "deviation_ids"


class MedCapa(models.Model):
    _name = "med.capa"
    _inherit = ["med.capa", "med.risk.linked.mixin"]

    _med_hazard_side = "capa_ids"

    def _med_check_linker(self):
        """The owner links too: what he may write, the case itself says."""
