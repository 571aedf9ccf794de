from odoo import api, fields, models


class MedNonconformityWizard(models.TransientModel):
    """Two taps: what is wrong, and report. A picture says the rest."""

    _name = "med.nonconformity.wizard"
    _description = "Report a Problem"

    summary = fields.Char("What Is Wrong", required=True)
    lot_ids = fields.Many2many("stock.lot", string="Lots or Serials",
                               domain=[("product_id.med_controlled", "=", True)])
    product_id = fields.Many2one("product.product", help="Where no lot is known.")
    defect_code_id = fields.Many2one("med.defect.code", "Defect")
    picture = fields.Binary()
    picture_name = fields.Char()
    hold = fields.Boolean("Hold the Lots", default=True)
    may_hold = fields.Boolean(compute="_compute_may_hold")

    @api.depends_context("uid")
    def _compute_may_hold(self):
        self.may_hold = self.env["med.nonconformity"]._med_may_hold()

    def action_report(self):
        """Report it, and open the nonconformity."""
        told = self.env["med.nonconformity"].report(
            self.summary, self.lot_ids.ids, self.product_id.id or 0,
            self.defect_code_id.code or "",
            source="stock" if self.lot_ids else "other", hold=self.hold,
            picture=(self.with_context(bin_size=False).picture or b"").decode(),
            picture_name=self.picture_name or "picture.jpg")
        return {"type": "ir.actions.act_window", "res_model": "med.nonconformity",
                "view_mode": "form", "res_id": told["nonconformity"]}
