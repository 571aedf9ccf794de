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

    def _med_least_busy(self, model, person, domain):
        """Return who of quality assurance in this company has the fewest open records.

        :param model: whose records are counted
        :param person: its field that names the user
        :param domain: which of them are open
        :return: a user, as superuser; empty where nobody of quality assurance works here
        """
        self.ensure_one()
        people = self.env.ref("med_base.med_base_group_qa").sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
            and user != self.env.ref("base.user_root")).sorted("id")
        load = dict(self.env[model].sudo()._read_group(
            [(person, "in", people.ids), *domain], [person], ["__count"]))
        return min(people, key=lambda user: load.get(user, 0), default=people)
