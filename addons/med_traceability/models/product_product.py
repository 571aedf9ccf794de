from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = 'product.product'

    med_di_ids = fields.One2many(
        'med.udi.di', 'product_id', "Device Identifiers", groups='med_base.med_base_group_viewer')
