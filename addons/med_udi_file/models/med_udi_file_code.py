from odoo import fields, models


class MedUdiFileCode(models.Model):
    """A row of a code list: what we call it, and what the regulator does."""

    _name = "med.udi.file.code"
    _description = "Code of a Regulator's Form"
    _order = "field_id, id"
    _rec_name = "ours"

    field_id = fields.Many2one("med.udi.file.field", required=True, index=True,
                               ondelete="cascade")
    company_id = fields.Many2one(related="field_id.company_id", store=True, index=True)
    ours = fields.Char("Our Value", required=True, help="Code of ours; yes and no for a box.")
    theirs = fields.Char("Their Code", help="Empty: nothing is written for this value.")

    _ours_uniq = models.Constraint("UNIQUE (field_id, ours)", "This value has a code already.")
