from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    med_controlled = fields.Boolean(
        "Controlled Medical Device", tracking=True,
        help="The rules for medical devices apply to this product and its lots. Nothing is "
             "blocked for a product that is not marked.")
