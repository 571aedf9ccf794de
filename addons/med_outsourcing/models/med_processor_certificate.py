from odoo import fields, models


class MedProcessorCertificate(models.Model):
    """A certificate or licence of a processor, and how long it holds."""

    _name = "med.processor.certificate"
    _description = "Certificate of a Processor"
    _order = "processor_id, date_to desc, id"
    _rec_name = "number"

    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("licence", "Production Licence"), ("iso13485", "ISO 13485"), ("iso9001", "ISO 9001"),
         ("iso11135", "ISO 11135"), ("iso11137", "ISO 11137"), ("other", "Other")],
        required=True, default="iso13485")
    number = fields.Char(required=True)
    issuer = fields.Char("Issued By")
    date_from = fields.Date("Valid From", required=True)
    date_to = fields.Date("Valid Until", required=True)
    needed = fields.Boolean(
        "Needed", default=True, help="No order goes to the processor when it has expired.")
    active = fields.Boolean(default=True)
