from odoo import fields, models


class MedQualityProcess(models.Model):
    """How a policy is carried out (流程), by whom, for which clauses, and with which records."""

    _name = "med.quality.process"
    _description = "Process"
    _inherit = ["mail.thread"]
    _order = "sequence, code, id"
    _rec_names_search = ("code", "name")
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, tracking=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    policy_id = fields.Many2one(
        "med.quality.policy", "Policy", index="btree_not_null", tracking=True,
        check_company=True, ondelete="restrict")
    document = fields.Char("Procedure", help="Number and version of the written procedure.",
                           tracking=True)
    owner_id = fields.Many2one(
        "res.users", "Responsible", index="btree_not_null", tracking=True,
        help="Who answers for it. He does not audit it.")
    clause_ids = fields.Many2many("med.external.clause", string="Clauses")
    document_ids = fields.Many2many("med.external.document", string="External Documents",
                                    check_company=True)
    record_ids = fields.One2many("med.quality.record", "process_id", "Records")
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    active = fields.Boolean(default=True, tracking=True)

    _uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "This code is used already.")
