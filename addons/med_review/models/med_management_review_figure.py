from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError

UNITS = [("number", "Count"), ("percent", "%"), ("per_100_lots", "per 100 Lots"),
         ("days", "Days")]


class MedManagementReviewFigure(models.Model):
    """One figure of a review, as it was computed. It is not computed again when it is shown."""

    _name = "med.management.review.figure"
    _description = "Figure of a Management Review"
    _order = "review_id desc, sequence, id"

    review_id = fields.Many2one(
        "med.management.review", "Review", required=True, readonly=True, index=True,
        ondelete="restrict")
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    state = fields.Selection(related="review_id.state", string="Review State")
    date_to = fields.Date(related="review_id.date_to", store=True, string="Period To")
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Figure", required=True, readonly=True, translate=True)
    formula = fields.Text(readonly=True, translate=True)
    value = fields.Char(readonly=True, help="Empty: there was nothing to divide by.")
    number = fields.Float(
        "Value as Number", digits=(16, 1), readonly=True, aggregator="avg",
        help="For graphs and spreadsheets; 0 also where there is no value.")
    unit = fields.Selection(UNITS, required=True, readonly=True)
    numerator = fields.Integer(readonly=True, aggregator=False)
    denominator = fields.Integer(readonly=True, aggregator=False, help="0: a count, or nothing.")
    previous = fields.Char("Period Before", readonly=True)
    detail = fields.Text(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "compute"):
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        if not take(self._name, self.ids, "compute"):
            self._refuse()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_computed(self):
        if not take(self._name, self.ids, "compute"):
            self._refuse()

    def _refuse(self):
        raise AccessError(self.env._("Figures are computed, in a draft, and then frozen."))
