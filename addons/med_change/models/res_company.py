from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_change_emergency_days = fields.Integer(
        "Emergency Changes Approved Within (Working Days)", default=3, required=True)

    _med_change_emergency_days_range = models.Constraint(
        "CHECK (med_change_emergency_days BETWEEN 0 AND 365)",
        "An emergency change is approved within 0 to 365 working days.")
