from odoo import fields, models


class MedExchangePartner(models.Model):
    """How far a partner's word reaches among organisations."""

    _inherit = "med.exchange.partner"

    organisation_scope = fields.Selection(
        [("own", "Its own and those that it made"), ("all", "All of its company")],
        "Organisations", required=True, default="own", tracking=True,
        help="What it says of any other organisation, or of a contact below one, waits for a "
             "person here. A system of our own, where customers and suppliers are kept, may "
             "have all.")
