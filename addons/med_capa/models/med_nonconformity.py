from odoo import api, fields, models
from odoo.exceptions import UserError


class MedNonconformity(models.Model):
    """A nonconformity whose cause is to be investigated begins a CAPA, or says why none."""

    _inherit = "med.nonconformity"

    capa_ids = fields.Many2many("med.capa", string="CAPAs", readonly=True, copy=False)
    capa_count = fields.Integer("Number of CAPAs", compute="_compute_capa_count")
    capa_reason = fields.Text("Why No CAPA", copy=False, help=(
        "Where an investigation is needed and there is no CAPA: why not."))

    def _compute_capa_count(self):
        for record in self:
            record.capa_count = len(record.capa_ids)

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "capa_ids": [], "capa_reason": False}
                               for vals in vals_list])

    def write(self, vals):
        if "capa_ids" in vals:
            raise UserError(self.env._("The nonconformities of a CAPA are named there."))
        if "capa_reason" in vals:
            self._med_check_quality()
            if ended := self.filtered(lambda one: one.state in ("closed", "cancelled")):
                raise UserError(self.env._("%s is closed.", ended[0].name))
        return super().write(vals)

    def _med_check_close(self):
        super()._med_check_close()
        if self.investigation == "needed" and not self.sudo().capa_ids and not (
                self.capa_reason or "").strip():
            raise UserError(self.env._(
                "%s: its cause is to be investigated. Start a CAPA, or say why there is none.",
                self.name))

    def action_start_capa(self):
        """Open a new CAPA for these nonconformities."""
        self.check_access("read")
        Capa = self.env["med.capa"]
        Capa._med_check_opener()
        if len(self.company_id) != 1:
            raise UserError(self.env._("One CAPA is of one company."))
        if lost := self.filtered(lambda one: one.state == "cancelled"):
            raise UserError(self.env._("%s is none: there is nothing to correct.", lost[0].name))
        record = Capa._med_begin(self[0].summary, self, self.company_id,
                                 document=self if len(self) == 1 else None)
        return {"type": "ir.actions.act_window", "res_model": "med.capa", "res_id": record.id,
                "views": [(False, "form")]}

    def action_capas(self):
        """Open the CAPAs of this nonconformity."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.capa",
                "view_mode": "list,form", "name": self.env._("CAPAs"),
                "domain": [("nonconformity_ids", "in", self.ids)]}
