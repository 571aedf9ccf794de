from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedReading(models.Model):
    """One value as it was entered. Never changed: a correction is a new one beside it."""

    _name = "med.reading"
    _description = "Reading"
    _inherit = ["med.kept.row.mixin"]
    _order = "inspection_id desc, id"
    _rec_name = "characteristic"
    _med_refusals = {
        "create": _lt("Readings are entered in their inspection."),
        "write": _lt("A reading is never changed: correct it with a reason."),
        "unlink": _lt("A reading is never removed."),
    }

    inspection_id = fields.Many2one(
        "med.inspection", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    characteristic = fields.Char(required=True, help="Its key.")
    unit = fields.Char(help="Serial or number of the drawn unit; empty: the lot.")
    place = fields.Integer(help="Which of the several readings of the unit, from 0.")
    value = fields.Char()
    uom = fields.Char("Unit of Measure")
    number = fields.Float(digits=False, help="In the characteristic's unit, for charts.")
    defects = fields.Json()
    attachment_id = fields.Many2one("ir.attachment", "File", ondelete="restrict")
    document = fields.Char("SHA-256 of the File")
    gauge = fields.Char()
    note = fields.Char("Reason of the Change")
    user_id = fields.Many2one("res.users", "Person", required=True)
    person = fields.Char("Measured By", help=(
        "Who measured, where that is not who entered it: a laboratory's program enters for its "
        "people."))
    event_time = fields.Datetime("Time of the Reading", required=True, index=True)
    retest_of_id = fields.Many2one("med.reading", "Retest Of", index="btree_not_null")
    record = fields.Char("Out-of-Specification Record")
    corrects_id = fields.Many2one("med.reading", "Corrects", index="btree_not_null")
    outcome = fields.Selection(
        [("pass", "Pass"), ("fail", "Fail"), ("missing", "Missing"), ("invalid", "Unusable")],
        required=True)
    reason = fields.Char("Why", required=True)
    product_id = fields.Many2one(related="inspection_id.product_id")
    lot_id = fields.Many2one(related="inspection_id.lot_id")

    _first_uniq = models.UniqueIndex(
        "(inspection_id, characteristic, COALESCE(unit, ''), place) "
        "WHERE retest_of_id IS NULL AND corrects_id IS NULL",
        "Another person has entered this value just now.")
    _correction_uniq = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "Another person has corrected this value just now.")
    _record_uniq = models.UniqueIndex(
        "(inspection_id, record) WHERE record IS NOT NULL AND corrects_id IS NULL",
        "One record allows one retest.")
