from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedSaleOn(models.Model):
    """That a dealer sold goods of ours on, or took them back: to whom, which lots, how much.

    The dealer says so; it changes no stock. A recall reads whom it may have to tell.
    """

    _name = "med.sale.on"
    _description = "Onward Sale"
    _inherit = ["med.kept.row.mixin", "med.stepped.mixin"]
    _order = "moment desc, id desc"
    _med_refusals = {
        "create": _lt("An onward sale is reported by the dealer."),
        "write": _lt("What a dealer reported is not changed."),
        "unlink": _lt("What a dealer reported is kept: he takes it back himself."),
        "copy": _lt("An onward sale is not copied: the dealer reports a new one."),
    }

    name = fields.Char("Number There", required=True, readonly=True, index=True)
    exchange_partner_id = fields.Many2one("med.exchange.partner", "From", required=True,
                                          readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", "Dealer", required=True, readonly=True,
                                 index=True, ondelete="restrict")
    kind = fields.Selection([("sale", "Sold"), ("return", "Came Back")], required=True,
                            readonly=True, default="sale", index=True)
    moment = fields.Datetime("Changed Hands", required=True, readonly=True, index=True)
    document = fields.Char(readonly=True, help="Invoice or delivery note.")
    buyer_code = fields.Char("Code of the Buyer", readonly=True)
    buyer_name = fields.Char("Buyer", required=True, readonly=True, index=True)
    buyer_country_id = fields.Many2one("res.country", "Country", readonly=True,
                                       ondelete="restrict")
    buyer_city = fields.Char("City", readonly=True)
    buyer_address = fields.Char("Address", readonly=True)
    buyer_phone = fields.Char("Telephone", readonly=True)
    buyer_email = fields.Char("E-Mail", readonly=True)
    buyer_licence = fields.Char("Licence", readonly=True)
    state = fields.Selection([("reported", "Reported"), ("withdrawn", "Withdrawn")], "Status",
                             required=True, readonly=True, default="reported", index=True)
    line_ids = fields.One2many("med.sale.on.line", "sale_id", "Goods", readonly=True)

    _number_uniq = models.Constraint("UNIQUE (exchange_partner_id, name)",
                                     "The dealer has reported this number.")

    @api.model_create_multi
    def create(self, vals_list):
        sales = super().create(vals_list)
        self.env["med.exchange.sale_on"]._med_tell(sales)
        return sales

    def write(self, vals):
        done = super().write(vals)
        self.env["med.exchange.sale_on"]._med_tell(self)
        return done
