from odoo import fields, models


class MedQualityPolicy(models.Model):
    """What the house has decided (制度). Processes carry it out."""

    _name = "med.quality.policy"
    _description = "Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, code, id"
    _rec_names_search = ("code", "name")

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, tracking=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    purpose = fields.Text(translate=True)
    document = fields.Char(help="Number and version of the written policy.", tracking=True)
    owner_id = fields.Many2one("res.users", "Owner", index="btree_not_null", tracking=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    active = fields.Boolean(default=True, tracking=True)
    process_ids = fields.One2many("med.quality.process", "policy_id", "Processes")

    _uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "This code is used already.")
