from odoo import api, fields, models
from odoo.exceptions import UserError


class MedJurisdiction(models.Model):
    _name = "med.jurisdiction"
    _description = "Jurisdiction"
    _inherit = ["mail.thread"]
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="Short code other programs use: CN.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    authority = fields.Char(translate=True, tracking=True)
    country_ids = fields.Many2many(
        "res.country", string="Countries",
        help="A device shipped to one of these countries is on the market of this jurisdiction.",
    )
    calendar_id = fields.Many2one(
        "med.calendar", string="Calendar", required=True, ondelete="restrict", tracking=True,
        index=True, help="Working days and time zone in which its deadlines are counted.",
    )
    tz = fields.Selection(related="calendar_id.tz")
    note = fields.Text(translate=True)
    clock_ids = fields.One2many("med.clock.rule", "jurisdiction_id", string="Clocks")
    retention_ids = fields.One2many("med.retention.rule", "jurisdiction_id", string="Retention")

    _code_uniq = models.Constraint("UNIQUE (code)", "A jurisdiction has this code already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for jurisdiction in self:
            jurisdiction.display_name = f"{jurisdiction.code} · {jurisdiction.name}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Jurisdictions are not deleted: archive them."))

    @api.model
    def _med_get(self, code):
        """Return the jurisdiction of a code; raise UserError when there is none."""
        self.env["med.calendar"]._med_text("code", code)
        found = self.search([("code", "=", code)])
        if not found:
            raise UserError(self.env._("There is no jurisdiction %(code)s.", code=code))
        return found

    @api.model
    def _med_of_countries(self, countries):
        """Return the jurisdictions on whose market a device is that went to ``countries``."""
        return self.search([("country_ids", "in", countries.ids)])
