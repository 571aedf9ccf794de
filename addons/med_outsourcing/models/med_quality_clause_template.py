from odoo import fields, models

from .med_quality_agreement_clause import TOPICS


class MedQualityClauseTemplate(models.Model):
    """A clause that quality agreements begin with.

    The topics are those of the Chinese guide for quality agreements on entrusted production of
    medical devices (2022, no. 20); the wording is this house's own.
    """

    _name = "med.quality.clause.template"
    _description = "Clause to Begin With"
    _order = "sequence, id"
    _rec_name = "title"

    sequence = fields.Integer(default=10)
    topic = fields.Selection(TOPICS, required=True)
    title = fields.Char(required=True, translate=True)
    text = fields.Text(required=True, translate=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    active = fields.Boolean(default=True)
