from odoo import fields, models


class MedExchangePartner(models.Model):
    """How far a partner's rights reach among goods."""

    _inherit = "med.exchange.partner"

    goods_scope = fields.Selection(
        [("party", "What concerns its organisation"), ("all", "All that its rights name")],
        "Goods", required=True, default="party", tracking=True,
        help="A consignee, supplier or processor hears and speaks of what went to it or came from "
             "it. A system of our own (MES, LIMS, warehouse) or of an authority may have all.")
