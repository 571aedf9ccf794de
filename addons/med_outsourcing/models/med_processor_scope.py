from odoo import api, fields, models
from odoo.addons.med_inspection.models.med_process_batch import PROCESSES
from odoo.exceptions import UserError

SCOPES = [*PROCESSES, ("assembly", "Assembly"), ("machining", "Machining"),
          ("packaging", "Packaging"), ("testing", "Testing")]

PROPOSED = {"sterilisation_eo": "iso11135", "sterilisation_radiation": "iso11137"}
"""Process → kind of certificate that a new line begins with; else ISO 13485."""


class MedProcessorScope(models.Model):
    """A process that a processor is approved for, at which site and of which products."""

    _name = "med.processor.scope"
    _description = "Process of a Processor"
    _inherit = ["med.signed.line.mixin"]
    _order = "processor_id, process, id"
    _rec_name = "process"
    _med_parent = "processor_id"
    _check_company_auto = True

    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    process = fields.Selection(SCOPES, required=True)
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, ondelete="restrict",
        help="Empty: every product.")
    site_id = fields.Many2one(
        "res.partner", "Site", ondelete="restrict",
        help="Where the process is carried out, if not at the processor's own address.")
    certificate_kind_ids = fields.Many2many(
        "med.certificate.kind", string="Certificates Needed", ondelete="restrict", help=(
            "Of each of these kinds one has to be valid, or nothing of this process is ordered "
            "here. Empty: what the certificates themselves say."))
    state = fields.Selection(related="processor_id.state")

    @api.depends("process")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["process"]._description_selection(self.env))
        for one in self:
            one.display_name = labels.get(one.process, "")

    @api.onchange("process")
    def _onchange_process(self):
        """Propose what the standard of a process asks for; who fills in the file decides."""
        if self.process and not self.certificate_kind_ids:
            self.certificate_kind_ids = self.env["med.certificate.kind"].search(
                [("code", "=", PROPOSED.get(self.process, "iso13485"))])

    def write(self, vals):
        if "processor_id" in vals and any(
                one.processor_id.id != vals["processor_id"] for one in self):
            raise UserError(self.env._("A process stays with its processor's file."))
        return super().write(vals)
