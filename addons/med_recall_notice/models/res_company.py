from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_recall_link_mails = fields.Integer(
        "Customers of Consignees Told a Day", default=500,
        help="How many customers of consignees are written to within 24 hours, over all recalls, "
             "because a consignee named them on his page or from his system: whoever has a link "
             "could otherwise have letters sent to any address. 0: nobody. Those whom your own "
             "people note do not count.")

    _med_recall_link_mails_not_negative = models.Constraint(
        "CHECK (med_recall_link_mails >= 0)", "The number of customers told a day is 0 or more.")
