from odoo import api, fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    med_controlled = fields.Boolean(
        "Controlled Medical Device", tracking=True,
        help="The rules for medical devices apply to this product and its lots. Nothing is "
             "blocked for a product that is not marked.")
    med_di_ids = fields.Many2many(
        'med.udi.di', string="Device Identifiers", compute='_compute_med_di_ids',
        search='_search_med_di_ids', groups='med_base.med_base_group_viewer',
        help="Of all variants of the product.")
    med_di_missing = fields.Boolean(
        "No Device Identifier", compute='_compute_med_di_ids', search='_search_med_di_missing',
        groups='med_base.med_base_group_viewer',
        help="A controlled medical device without a device identifier in use.")

    @api.depends('product_variant_ids.med_di_ids.state', 'med_controlled')
    def _compute_med_di_ids(self):
        for template in self:
            template.med_di_ids = template.product_variant_ids.med_di_ids
            template.med_di_missing = template.med_controlled and not any(
                di.state == 'active' for di in template.med_di_ids)

    def _search_med_di_ids(self, operator, value):
        return [('product_variant_ids.med_di_ids', operator, value)]

    def _search_med_di_missing(self, operator, value):
        if operator != 'in':
            return NotImplemented
        missing = Domain('med_controlled', '=', True) & Domain(
            'product_variant_ids.med_di_ids', 'not any', [('state', '=', 'active')])
        return missing if list(value) == [True] else ~missing

    def action_view_med_dis(self):
        """Open the device identifiers of the product."""
        variants = self.product_variant_ids
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Device Identifiers"),
            'res_model': 'med.udi.di', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('product_id', 'in', variants.ids)],
            'context': {'default_product_id': variants.id if len(variants) == 1 else False},
        }
