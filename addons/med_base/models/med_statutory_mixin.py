from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class MedStatutoryMixin(models.AbstractModel):
    """A number that the law may change: whose it is, where it stands, and from when it holds.

    Rules are never deleted, because decisions of the past were taken under them: they end
    (``valid_to``) or are archived.
    """

    _name = "med.statutory.mixin"
    _description = "Statutory Rule"
    _inherit = ["mail.thread"]

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", string="Jurisdiction", index=True, ondelete="restrict", tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Company", index=True, tracking=True,
        help="Only this company; empty for every company.",
    )
    regime = fields.Char(required=True, translate=True, help="The regulation, in short.")
    source = fields.Char(
        required=True, translate=True, tracking=True, help="Clause the number comes from.",
    )
    valid_from = fields.Date(required=True, tracking=True)
    valid_to = fields.Date(
        string="Valid Until", tracking=True, help="First day on which it no longer holds.",
    )
    checked = fields.Boolean(
        string="Compared with the Text", tracking=True,
        help="Somebody responsible has read the clause and confirms the number.",
    )
    note = fields.Text(translate=True)

    _valid_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to > valid_from)",
        "A rule must end after the day from which it holds.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "Statutory rules are not deleted: give them an end date or archive them."
        ))

    @api.model
    def _domain_company(self):
        return Domain("company_id", "in", [False, self.env.company.id])

    @api.model
    def _domain_valid(self, first, last=None):
        """Return the domain of rules that hold on ``first``, or at some time up to ``last``."""
        return Domain("valid_from", "<=", last or first) & (
            Domain("valid_to", "=", False) | Domain("valid_to", ">", first)
        )
