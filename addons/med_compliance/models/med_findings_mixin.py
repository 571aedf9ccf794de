from odoo import api, fields, models
from odoo.exceptions import UserError


class MedFindingsMixin(models.AbstractModel):
    """What findings are written about: they have a CAPA or a reason before it is closed.

    A model has ``finding_ids``, and a step ``close``; ``_med_of_finding`` is the field of a finding
    that leads back here.
    """

    _name = "med.findings.mixin"
    _description = "Record With Findings"
    _inherit = ["med.compliance.mixin"]

    _med_of_finding = ""

    finding_count = fields.Integer("Number of Findings", compute="_compute_finding_counts")
    open_finding_count = fields.Integer("Open Findings", compute="_compute_finding_counts")

    @api.depends("finding_ids.state")
    def _compute_finding_counts(self):
        for record in self:
            record.finding_count = len(record.finding_ids)
            record.open_finding_count = len(record._med_open_findings())

    def _med_open_findings(self):
        return self.finding_ids.filtered(lambda one: one.state == "open")

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "close" and self.open_finding_count:
            raise UserError(self.env._(
                "%(name)s: these findings have neither a CAPA nor a reason: %(findings)s.",
                name=self.name,
                findings=", ".join(self._med_open_findings()[:10].mapped("name"))))

    def action_findings(self):
        """Open the findings of this record."""
        self.check_access("read")
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.quality.finding",
                "view_mode": "list,form", "name": self.env._("Findings"),
                "domain": [(self._med_of_finding, "=", self.id)],
                "context": {f"default_{self._med_of_finding}": self.id}}
