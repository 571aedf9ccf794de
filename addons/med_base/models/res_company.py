from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_jurisdiction_ids = fields.Many2many(
        "med.jurisdiction", string="Jurisdictions in Force",
        help="Where this company makes devices or places them on the market.",
    )
    med_retention_min_years = fields.Integer(
        string="Minimum Retention (years)",
        help="The company keeps every medical-device record at least this long after its date, "
             "whatever the law says; 0 for no minimum of its own.",
    )

    _med_retention_min_years_range = models.Constraint(
        "CHECK (med_retention_min_years BETWEEN 0 AND 1000)",
        "The minimum retention is between 0 and 1000 years.",
    )
