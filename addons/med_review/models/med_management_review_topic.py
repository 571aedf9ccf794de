from odoo import api, fields, models
from odoo.exceptions import UserError


class MedManagementReviewTopic(models.Model):
    """What a review has to speak about (ISO 13485, 5.6.2 and 5.6.3)."""

    _name = "med.management.review.topic"
    _description = "Topic of Management Reviews"
    _order = "kind, sequence, id"

    name = fields.Char("Topic", required=True, translate=True)
    kind = fields.Selection(
        [("input", "Input"), ("output", "Output")], required=True, default="input")
    clause = fields.Char(help="Of the standard or procedure that asks for it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="Archived: new reviews leave it out.")

    def write(self, vals):
        if any(name in vals and any(one[name] != vals[name] for one in self)
               for name in ("name", "kind", "clause")):
            self._check_unused()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._check_unused()
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        if used := self.env["med.management.review.minute"].sudo().search([
                ("topic_id", "in", self.ids), ("review_id.state", "not in", (
                    "draft", "cancelled"))], limit=1):
            raise UserError(self.env._(
                "%(review)s speaks about “%(topic)s”: archive it, and make another.",
                review=used.review_id.name, topic=used.topic_id.name))
