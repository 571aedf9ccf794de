from odoo import fields, models


class MedRiskControl(models.Model):
    """What brings a risk down (ISO 14971, 7.1 to 7.5), in the order of preference there."""

    _name = "med.risk.control"
    _description = "Risk Control"
    _inherit = ["med.signed.line.mixin"]
    _order = "hazard_id desc, kind, sequence, id"
    _rec_name = "what"

    _med_parent = "hazard_id"

    hazard_id = fields.Many2one(
        "med.risk.hazard", "Hazard", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="hazard_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("1_design", "Inherent Safety by Design"), ("2_protective", "Protective Measure"),
         ("3_information", "Information for Safety")], required=True, default="1_design",
        help="In this order: what comes first is tried first.")
    what = fields.Char("Control", required=True)
    implementation = fields.Text("Verified: Implemented", help=(
        "What shows that it is in the device or the process: drawing, test, procedure."))
    effectiveness = fields.Text("Verified: Effective", help="What shows that it brings the risk "
                                "down.")
    new_risks = fields.Text("New Risks", help="Which hazards the control brings itself, or none.")
    state = fields.Selection(related="hazard_id.state", string="State of the Hazard")
