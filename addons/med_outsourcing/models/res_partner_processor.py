from odoo import fields, models

READERS = "med_base.med_base_group_viewer"


class ResPartner(models.Model):
    """From a contact to the file of its processor."""

    _inherit = "res.partner"

    med_processor_count = fields.Integer(
        "Processor Files", compute="_compute_med_processor_count", groups=READERS)

    def _med_own_processors(self):
        """Return the files of these contacts' organisations that the reader may see."""
        return self.env["med.processor"].search(
            [("partner_id", "in", self.commercial_partner_id.ids),
             ("company_id", "in", self.env.companies.ids)])

    def _compute_med_processor_count(self):
        files = self._med_own_processors()
        for partner in self:
            partner.med_processor_count = len(files.filtered(
                lambda one, it=partner: one.partner_id == it.commercial_partner_id))

    def action_med_processors(self):
        """Open the processor files of these contacts' organisations."""
        return self._med_own_processors()._med_show()
