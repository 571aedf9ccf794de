from odoo import api, fields, models


class MedRecallLetterTemplate(models.Model):
    """What a letter of one jurisdiction begins with, and what it must not leave out."""

    _name = "med.recall.letter.template"
    _description = "Template of a Recall Letter"
    _order = "jurisdiction_id, lang"

    name = fields.Char(required=True)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", ondelete="restrict", index=True, help="Empty: of all others.")
    lang = fields.Selection("_get_langs", "Language", required=True)
    subject = fields.Char(required=True)
    body = fields.Html(required=True, sanitize_attributes=False)
    required = fields.Char(required=True, help=(
        "Places that a letter must have, with spaces between: lots reason answer."))
    source = fields.Char(required=True, help="The law that asks for them.")
    active = fields.Boolean(default=True)

    @api.model
    def _get_langs(self):
        return [(code, name) for code, name in self.env["res.lang"].sudo().with_context(
            active_test=False).search([]).mapped(lambda one: (one.code, one.name))]
