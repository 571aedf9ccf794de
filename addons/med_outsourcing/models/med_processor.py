from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
PURCHASING = "med_base.med_base_group_purchasing"
RISKS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
CONNECTIONS = [("portal", "Portal"), ("file", "File"), ("api", "Programming Interface")]
SAID = ("partner_id", "risk_class", "risk_note", "audit", "audit_note", "connection",
        "date_review", "scope_ids.process", "scope_ids.product_tmpl_ids", "scope_ids.site_id",
        "scope_ids.certificate_kind_ids")


class MedProcessor(models.Model):
    """Who carries out processes for us, what for, and by which agreement (ISO 13485, 4.1.5)."""

    _name = "med.processor"
    _description = "Processor"
    _inherit = ["med.signable.mixin", "med.processor.due.mixin", "mail.thread",
                "mail.activity.mixin"]
    _order = "partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=SAID,
        transitions=(
            Transition("approve", ("draft", "suspended"), "approved", _lt("Approve"),
                       (Signer("approved", groups=(QUALITY,), differs=("@create_uid",)),),
                       required=("risk_class", "date_review", "scope_ids.process"), least=1),
            Transition("suspend", ("approved",), "suspended", _lt("Suspend"),
                       groups=(QUALITY, PURCHASING), reason=True, restart=True),
            Transition("revise", ("approved", "suspended"), "draft", _lt("Revise"),
                       groups=(QUALITY,), reason=True, restart=True),
            Transition("end", ("draft", "approved", "suspended"), "ended", _lt("End"),
                       groups=(QUALITY,), reason=True),
        ),
        locked=("approved", "suspended", "ended"),
    )

    partner_id = fields.Many2one(
        "res.partner", "Processor", required=True, index=True, ondelete="restrict",
        check_company=True, tracking=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    owner_id = fields.Many2one(
        "res.users", "Responsible", index=True, ondelete="restrict", tracking=True,
        default=lambda self: self.env.user, domain="[('share', '=', False)]",
        help="Who is told when a review, a certificate or an agreement is due.")
    risk_class = fields.Selection(RISKS, tracking=True, help=(
        "How much harm a mistake of this processor may do: the higher, the closer it is watched."))
    risk_note = fields.Text("Why This Class")
    audit = fields.Selection(
        [("site", "On Site"), ("remote", "From Afar"), ("papers", "Papers Alone")],
        "Audited", tracking=True, help=(
            "How it is audited, by risk, quantity and effect on the product (China, good "
            "manufacturing practice for devices, article 61)."))
    audit_note = fields.Text("Why So")
    date_audit = fields.Date("Last Audit", tracking=True)
    connection = fields.Selection(
        CONNECTIONS, required=True, default="portal", tracking=True, help=(
            "How it reports. Portal: people of theirs, in the browser. File: tables that we read. "
            "Programming interface: their program, with a key of its own. The ways before the "
            "chosen one stay open for when the line is down; those after it do not."))
    user_ids = fields.Many2many(
        "res.users", string="Portal Users", domain="[('share', '=', True)]",
        help="They see and report this processor's orders.")
    location_id = fields.Many2one(
        "stock.location", "Place", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null",
        help="Its own place in our books: what was sent and is still there is counted here.")
    scope_ids = fields.One2many("med.processor.scope", "processor_id", "Processes")
    certificate_ids = fields.One2many("med.processor.certificate", "processor_id", "Certificates")
    agreement_ids = fields.One2many("med.quality.agreement", "processor_id", "Agreements")
    date_review = fields.Date("Next Review", tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("suspended", "Suspended"),
         ("ended", "Ended")], required=True, default="draft", readonly=True, copy=False,
        tracking=True, index=True)

    _partner_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE state <> 'ended'",
        "There is a file of this processor already.")
    _location_uniq = models.UniqueIndex(
        "(location_id) WHERE state <> 'ended' AND location_id IS NOT NULL",
        "This place is another processor's.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Files of processors are not deleted: end them."))

    def _med_show(self):
        """Return the action that opens these files: the form of one, a list of several."""
        action = {"type": "ir.actions.act_window", "res_model": self._name,
                  "name": self.env._("Processors")}
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)], "view_mode": "list,form"}

    @api.model
    def _med_of(self, partner, company):
        """Return the file of a contact's organisation in a company, or none."""
        return self.sudo().search([
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("company_id", "=", company.id), ("state", "!=", "ended")], limit=1)
