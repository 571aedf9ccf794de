from odoo import api, fields, models
from odoo.exceptions import UserError

SYMBOLOGIES = [
    ('gs1_datamatrix', "GS1 DataMatrix"), ('gs1_128', "GS1-128"),
    ('datamatrix', "Data Matrix (HIBC, ISBT 128, MA)"), ('code128', "Code 128 (HIBC, ISBT 128)"),
    ('qr', "QR Code (MA)"),
]


class MedLabelSymbolRule(models.Model):
    """How small a symbol may be printed, and how high its bars must be.

    No template and no label goes below it (GS1 General Specifications, symbol specification
    tables; ANSI/HIBC 2). Without a rule that holds, no label of that symbology is made.
    """

    _name = 'med.label.symbol.rule'
    _description = 'Rule for Symbols on Labels'
    _inherit = ['med.statutory.mixin']
    _order = 'symbology, valid_from desc, id desc'

    symbology = fields.Selection(SYMBOLOGIES, required=True, tracking=True)
    module_min = fields.Float(
        "Smallest Module (mm)", digits=(6, 3), required=True, tracking=True,
        help="Least width of a module or narrow bar. It is rounded up to whole dots of the "
             "printer.")
    module_max = fields.Float("Largest Module (mm)", digits=(6, 3), required=True, tracking=True)
    height_min = fields.Float(
        "Least Height of Bars (mm)", digits=(6, 2), tracking=True,
        help="Linear symbols only.")

    _sizes = models.Constraint(
        'CHECK (module_min > 0 AND module_max >= module_min AND height_min >= 0)',
        "The smallest module is above zero and not above the largest one.")

    @api.model
    def _med_rule(self, symbology):
        """Return the rule that holds today for a symbology.

        :raises UserError: there is none
        """
        today = fields.Date.today()
        rule = self.sudo().search(
            self._domain_valid(today) & self._domain_company()
            & fields.Domain('symbology', '=', symbology), limit=1, order='company_id, id desc')
        if not rule:
            raise UserError(self.env._(
                "No rule says how small a symbol of this kind may be: regulatory affairs enters "
                "one under Label Rules."))
        return rule
