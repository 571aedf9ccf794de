from odoo import api, fields, models
from odoo.exceptions import UserError


class MedCapaWhy(models.Model):
    """One question of the five, or one bone of the fish, with what is known about it."""

    _name = "med.capa.why"
    _description = "Question About the Cause"
    _order = "capa_id desc, sequence, id"
    _rec_name = "question"

    capa_id = fields.Many2one(
        "med.capa", "CAPA", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="capa_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    category = fields.Selection(
        [("people", "People"), ("machine", "Machine"), ("material", "Material"),
         ("method", "Method"), ("measurement", "Measurement"), ("environment", "Environment")],
        help="Of an Ishikawa diagram.")
    question = fields.Char("Question or Cause", required=True)
    answer = fields.Text()
    evidence = fields.Char(help="What shows it.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        if "capa_id" in vals:
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_open()

    def _check_open(self):
        self.capa_id._med_check_mine()
        if closed := self.capa_id.filtered(lambda one: one.state != "open"):
            raise UserError(self.env._(
                "%s is analysed. Choose “Analyse Anew” to change it.", closed[0].name))
