from odoo import fields, models


class MedCertificateKind(models.Model):
    """A kind of certificate that a process of a processor may need; the list comes with Odoo."""

    _name = "med.certificate.kind"
    _description = "Kind of Certificate"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The kind as certificates of processors name it.")
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a kind of this code already.")
