from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Goods for a processor's contacts go to the processor's own place."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("parent_id")._med_join_processor()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "is_company"} & vals.keys():
            self._med_join_processor()
        if "property_stock_subcontractor" in vals:
            self._med_check_processor_place()
        return result

    def _med_processor_files(self):
        """Return the files of these contacts' organisations that have a place."""
        return self.env["med.processor"].sudo().search([
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("state", "!=", "ended"), ("location_id", "!=", False)])

    def _med_join_processor(self):
        for file in self._med_processor_files() if self else ():
            file._med_bind_contacts(file._med_contacts())

    def _med_check_processor_place(self):
        """Refuse to send a processor's goods elsewhere: its books would no longer add up."""
        for file in self._med_processor_files():
            own = self.sudo().with_company(file.company_id).filtered(
                lambda one, it=file: one.commercial_partner_id == it.partner_id)
            if any(one.property_stock_subcontractor != file.location_id for one in own):
                raise UserError(self.env._(
                    "Goods for “%(name)s” go to %(place)s, as its file says: they are counted "
                    "there.", name=file.display_name, place=file.location_id.display_name))
