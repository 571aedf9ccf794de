from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Transition
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context
from odoo.tools.translate import LazyTranslate

from .med_recall_settle import SETTLERS

_lt = LazyTranslate(__name__)

VERSION = 1
FIXED = {"name", "recall_id", "partner_id", "picking_id", "received_by_id", "received_at", "told"}


class MedRecallReturn(models.Model):
    """What one consignee sends back against a recall: scanned, counted, put into quarantine.

    The goods are booked in a receipt of Odoo's, which this opens; whatever comes is accepted, and
    what should not have come is told (ISO 13485, 8.3.3).
    """

    _name = "med.recall.return"
    _description = "Return Against a Recall"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="draft",
        content=("recall_id", "partner_id", "picking_id", "told"),
        transitions=(
            Transition("receive", ("draft",), "received", _lt("Receive"), groups=SETTLERS),
            Transition("cancel", ("draft",), "cancelled", _lt("Cancel"), groups=SETTLERS),
        ),
        locked=("received", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict",
                                domain="[('state', '=', 'decided')]")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    drill = fields.Boolean(related="recall_id.drill")
    partner_id = fields.Many2one("res.partner", "Consignee", required=True, index=True,
                                 ondelete="restrict", tracking=True)
    known_partner_ids = fields.Many2many(
        "res.partner", compute="_compute_known_partners", string="Consignees in Scope")
    picking_id = fields.Many2one("stock.picking", "Receipt", readonly=True,
                                 copy=False, index=True, ondelete="restrict")
    line_ids = fields.One2many(related="picking_id.move_line_ids", string="Scanned")
    condition = fields.Text(help="Opened, damaged, dirty, complete.")
    reference = fields.Char("Their Reference", tracking=True)
    told = fields.Text("To Be Looked At", readonly=True, copy=False,
                       help="What came that was not expected.")
    received_by_id = fields.Many2one("res.users", "Received By", readonly=True, copy=False)
    received_at = fields.Datetime("Received", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Open"), ("received", "Received"), ("cancelled", "Cancelled")], required=True,
        default="draft", readonly=True, copy=False, tracking=True, index=True)

    @api.depends("recall_id")
    def _compute_known_partners(self):
        for record in self:
            record.known_partner_ids = record.recall_id.consignee_ids.partner_id

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        recalls = self.env["med.recall"].browse([vals.get("recall_id") for vals in vals_list])
        for recall in recalls:
            recall.check_access("read")
            recall._med_check_settler()
            recall._med_check_running()
            recall._med_check_goods()
        number = self.env["ir.sequence"]
        records = super().create([{
            "condition": False, "reference": False, **vals, "told": False, "received_at": False,
            "received_by_id": False, "name": number.next_by_code(self._name) or "/",
            "picking_id": self._med_open_receipt(recall, vals.get("partner_id")).id}
            for vals, recall in zip(vals_list, recalls, strict=True)])
        for record in records:
            record.picking_id.sudo().origin = f"{record.recall_id.name} {record.name}"
        return records

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(self.env._("What a return says of its goods is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Returns are not deleted: cancel them."))

    def copy(self, default=None):
        raise UserError(self.env._("A return is not copied: open a new one."))

    @api.model
    def _med_open_receipt(self, recall, partner):
        """Return an open receipt without lines, from where the goods of a consignee are."""
        company = recall.company_id
        warehouse = self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", company.id)], limit=1)
        kind = warehouse.return_type_id if "return_type_id" in warehouse else warehouse.in_type_id
        source = self.env["res.partner"].browse(partner).sudo().with_company(
            company).property_stock_customer
        zones = self.env["med.zone"]._places(warehouse)
        target = zones.get((warehouse, "return")) or zones.get((warehouse, "quarantine")) or (
            kind.default_location_dest_id)
        return self.env["stock.picking"].sudo().with_context(
            clean_context(self.env.context)).with_company(company).create({
                "picking_type_id": kind.id, "partner_id": partner, "location_id": source.id,
                "location_dest_id": target.id, "company_id": company.id})

    # ------------------------------------------------------------------ scanning

    def scan(self, code: str, quantity: float = 0.0, product_id: int = 0, source: str = "rpc"):
        """Add what one label says, see ``med_scan`` of a receipt.

        :return: as ``med_scan``, and ``told``: what should not have come, in sentences
        """
        self.ensure_one()
        self._med_check_open()
        answer = self.picking_id.sudo(False).med_scan(
            code=code, quantity=quantity, product_id=product_id, source=source)
        return answer | {"told": self._med_tell()}

    def scan_undo(self, scan_id: int = 0):
        """Take back one of your scans, see ``med_scan_undo``."""
        self.ensure_one()
        self._med_check_open()
        answer = self.picking_id.sudo(False).med_scan_undo(scan_id=scan_id)
        return answer | {"told": self._med_tell()}

    def _med_check_open(self):
        self.check_access("write")
        self.recall_id._med_check_settler()
        if self.state != "draft":
            raise UserError(self.env._("%s is closed.", self.name))

    def _med_tell(self):
        """Return what should not have come, in sentences."""
        counted = dict.fromkeys(self.picking_id.sudo().move_line_ids.filtered("picked").mapped(
            lambda line: (line.product_id, line.lot_id, line.lot_name or "")), 0.0)
        for line in self.picking_id.sudo().move_line_ids.filtered("picked"):
            counted[line.product_id, line.lot_id, line.lot_name or ""] += line.quantity_product_uom
        accounts, _given = self.recall_id._med_accounts(
            [lot.id for _product, lot, _name in counted if lot])
        told = []
        for (product, lot, name), quantity in counted.items():
            if lot.id not in accounts:
                told.append(self.env._("%(product)s %(lot)s is not in this recall.",
                                       product=product.display_name, lot=lot.name or name))
                continue
            party = accounts[lot.id].parties.get(self.partner_id.id)
            has = float(party.has) if party else 0.0
            if self.state == "draft" and product.uom_id.compare(quantity, has) > 0:
                told.append(self.env._(
                    "%(product)s %(lot)s: %(quantity)s came, and he had %(has)s.",
                    product=product.display_name, lot=lot.name, quantity=f"{quantity:g}",
                    has=f"{has:g}"))
        return told

    def action_scan(self):
        """Open the page on which the labels of this return are scanned."""
        action = self.env["ir.actions.actions"]._for_xml_id("med_traceability.med_scan_action")
        return {**action, "params": {"picking_id": self.picking_id.id},
                "context": {"active_model": "stock.picking", "active_id": self.picking_id.id}}

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "receive":
            self.recall_id._med_check_running()
            if not self.picking_id.sudo().move_line_ids.filtered("picked"):
                raise UserError(self.env._("%s: scan first what came.", self.name))
            self.sudo().told = "\n".join(self._med_tell()) or False

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        picking = self.picking_id.sudo().with_context(clean_context(self.env.context))
        if transition.name == "cancel":
            picking.action_cancel()
            return
        picking._med_post_return(self)
        self.sudo().write({"received_by_id": self.env.uid, "received_at": fields.Datetime.now()})
        self.recall_id._med_hold_back(picking.move_line_ids.lot_id)
        if self.told:
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.recall_id.owner_id.id,
                summary=self.env._("Look at what came that was not expected"))
