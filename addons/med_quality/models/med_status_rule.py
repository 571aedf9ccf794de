from odoo import api, fields, models, tools
from odoo.exceptions import UserError

STATES = [
    ("quarantine", "Quarantine"), ("released", "Released"),
    ("conditional", "Conditionally Released"), ("rejected", "Rejected"),
    ("held", "Held"), ("expired", "Expired"),
]
USES = [
    ("operation", "Next Operation"), ("pack", "Pack"), ("move", "Move"),
    ("processor", "Send to a Processor"),
    ("notice", "Send to a Processor under a Quarantine Notice"), ("ship", "Ship to a Consignee"),
    ("return", "Return to the Supplier"), ("scrap", "Scrap"), ("rework", "Rework"),
]


class MedStatusRule(models.Model):
    """One cell of the table that says what a status forbids (ISO 13485, 7.5.8 and 8.3)."""

    _name = "med.status.rule"
    _description = "What a Status Forbids"
    _order = "state, use"
    _rec_name = "use"

    state = fields.Selection(STATES, string="Status", required=True)
    use = fields.Selection(USES, required=True)
    forbidden = fields.Boolean()
    source = fields.Char(help="The clause that asks for it.")

    _cell_uniq = models.Constraint("UNIQUE (state, use)", "The table has this cell already.")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The table of statuses keeps its cells: change them instead."))

    @api.model
    @tools.ormcache()
    def _forbidden(self):
        """Return state → frozenset of the uses it forbids; a missing cell forbids."""
        known = {(rule.state, rule.use): rule.forbidden for rule in self.sudo().search([])}
        return {state: frozenset(use for use, _label in USES if known.get((state, use), True))
                for state, _label in STATES}
