from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = 'product.product'

    med_di_ids = fields.One2many(
        'med.udi.di', 'product_id', "Device Identifiers", groups='med_base.med_base_group_viewer')

    def action_view_med_dis(self):
        """Open the device identifiers of the variant."""
        return {
            **self.product_tmpl_id.action_view_med_dis(),
            'domain': [('product_id', 'in', self.ids)],
            'context': {'default_product_id': self.id if len(self) == 1 else False},
        }
