from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [("licence", "Production Licence"), ("iso13485", "ISO 13485"), ("iso9001", "ISO 9001"),
         ("iso11135", "ISO 11135"), ("iso11137", "ISO 11137"), ("other", "Other")]

FILED = {"kind", "number", "date_from", "date_to"}


class MedProcessorCertificate(models.Model):
    """A certificate or licence of a processor, and how long it holds.

    Of each kind that is needed one has to be valid; a renewal is a row of its own. Of the kind
    “other” each one stands for itself.
    """

    _name = "med.processor.certificate"
    _description = "Certificate of a Processor"
    _inherit = ["med.processor.due.mixin"]
    _order = "processor_id, date_to desc, id"
    _rec_name = "number"
    _med_due_field = "date_to"

    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, default="iso13485")
    number = fields.Char(required=True)
    issuer = fields.Char("Issued By")
    date_from = fields.Date("Valid From", required=True)
    date_to = fields.Date("Valid Until", required=True)
    needed = fields.Boolean(
        "Needed", default=True, help="No order goes to the processor when it has expired.")
    scan = fields.Binary("Scan", attachment=True)
    scan_name = fields.Char("Name of the Scan")
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A certificate ends after it begins.")

    def write(self, vals):
        if "processor_id" in vals and any(
                one.processor_id.id != vals["processor_id"] for one in self):
            raise UserError(self.env._("A certificate stays with its processor."))
        if any(one[name] and one._fields[name].convert_to_cache(vals[name], one) != one[name]
               for one in self.sudo() for name in FILED & vals.keys()):
            raise UserError(self.env._(
                "A certificate stays as it was filed: file the right one as another one, and "
                "archive this one."))
        if "scan" in vals and any(one.scan for one in self.sudo()):
            raise UserError(self.env._(
                "The scan of a certificate stays: file the new certificate as another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Certificates are not deleted: archive them."))

    def _med_valid(self, day):
        """Return whether it holds on a day."""
        return bool(self.date_from and self.date_to and self.date_from <= day <= self.date_to)

    def _med_due_open(self):
        """Only what is needed, and has no later one of its kind, is to be renewed."""
        return self.filtered(lambda one: one.active and one.needed and (
            one.processor_id.state != "ended") and (one.kind == "other" or not any(
                other.date_to > one.date_to for other in one.processor_id.certificate_ids
                if other.kind == one.kind)))

    def _med_due_text(self, left):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._("Certificate %(number)s (%(kind)s)", number=self.number,
                          kind=labels[self.kind])

    def _med_due_processor(self):
        return self.processor_id
