from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .med_change import QUALITY, REGULATORY

_lt = LazyTranslate(__name__)


class MedProductControl(models.Model):
    """The design transfer from which on a product is under change control (ISO 13485, 7.3.8).

    Its signature writes the first version. It ends by an approved change that says so.
    """

    _name = "med.product.control"
    _description = "Design Transfer"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "product_tmpl_id"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=("product_tmpl_id", "reference", "note"),
        transitions=(
            Transition("transfer", ("draft",), "transferred", _lt("Put under Change Control"),
                       (Signer("approved", groups=(QUALITY, REGULATORY)),),
                       required=("reference",), least=1),
            Transition("end", ("transferred",), "ended", _lt("End Change Control"),
                       (Signer("approved", groups=(QUALITY, REGULATORY)),), reason=True, least=1),
        ),
        locked=("transferred", "ended"),
    )

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="product_tmpl_id.company_id", store=True, index=True)
    reference = fields.Char("Record of the Design Transfer", tracking=True, help=(
        "Number of the record, or of the design and development file."))
    note = fields.Text()
    state = fields.Selection(
        [("draft", "Draft"), ("transferred", "Under Change Control"), ("ended", "Ended")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)

    _product_uniq = models.UniqueIndex(
        "(product_tmpl_id) WHERE state != 'ended'",
        "The product has a design transfer already.")

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("Design transfers are kept."))

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        product = self.product_tmpl_id
        if transition.name == "end" and not self.env["med.change"]._med_implementing(
                product, "control")[product.id]:
            product._med_guard_refuse(product, "control")

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        product = self.product_tmpl_id.sudo()
        if transition.name == "transfer":
            product._med_set_control(fields.Datetime.now())
            self.env["med.product.version"]._med_take(product)
        else:
            product._med_set_control(False)
