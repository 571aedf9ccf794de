from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.status import ENFORCE, Use
from .med_zone import ZONE_OF

PLACE = {"location_id", "lot_id", "product_id", "quantity", "reserved_quantity", "package_id",
         "owner_id"}
STOCK = {"quantity", "reserved_quantity"}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    med_status = fields.Selection(related="lot_id.med_status", store=True, index=True)
    med_hold_count = fields.Integer(related="lot_id.med_hold_count")
    med_condition = fields.Char(related="lot_id.med_condition")
    med_age_days = fields.Integer("Age (Days)", compute="_compute_med_age")
    med_zone = fields.Selection(related="location_id.med_zone", string="Zone")
    med_misplaced = fields.Boolean(
        "Not in Its Zone", compute="_compute_med_misplaced", search="_search_med_misplaced")
    med_hold_owner = fields.Char("Seen To By", compute="_compute_med_hold_owner")

    @api.depends("in_date")
    def _compute_med_age(self):
        now = fields.Datetime.now()
        for quant in self:
            quant.med_age_days = (now - quant.in_date).days if quant.in_date else 0

    @api.depends("lot_id.med_hold_line_ids.open")
    def _compute_med_hold_owner(self):
        for quant in self:
            quant.med_hold_owner = ", ".join(quant.lot_id.med_hold_line_ids.filtered(
                "open").owner_id.mapped("name"))

    @api.depends("lot_id.med_status", "location_id")
    def _compute_med_misplaced(self):
        places = self.env["med.zone"]._places(self.location_id.warehouse_id)
        for quant in self:
            status = quant.lot_id.med_status
            place = quant.lot_id.product_id.med_controlled and places.get(
                (quant.location_id.warehouse_id, ZONE_OF.get(status, status)))
            quant.med_misplaced = bool(place) and not quant.location_id._child_of(place)

    @api.model
    def _search_med_misplaced(self, operator, value):
        if operator != "in":
            return NotImplemented
        wrong = Domain.FALSE
        for zone in self.env["med.zone"].sudo().search([]):
            statuses = [zone.state, *(one for one, kept in ZONE_OF.items() if kept == zone.state)]
            if zone.state != "return":
                wrong |= Domain([
                    ("product_id.med_controlled", "=", True), ("lot_id", "!=", False),
                    ("location_id.usage", "=", "internal"),
                    ("location_id.warehouse_id", "=", zone.warehouse_id.id),
                    ("lot_id.med_status", "in", statuses),
                    "!", ("location_id", "child_of", zone.location_id.id)])
        return wrong if True in value else ~wrong

    def action_med_hold(self):
        """Open a new hold of the lots of this stock."""
        return self.lot_id.action_med_hold()

    def action_med_split(self):
        """Open the dialog that splits the lot of this stock, where it is."""
        quant = self[:1]
        action = quant.lot_id.action_med_split()
        action["context"]["default_location_id"] = quant.location_id.id
        return action

    def action_med_to_zones(self):
        """Make the transfers of the lots of this stock into the zones of their status."""
        return self.lot_id.action_med_to_zones()

    def action_med_decide(self):
        """Open a new decision about the lots of this stock."""
        return self.lot_id.action_med_decide()

    @api.model
    def _get_gather_domain(self, product_id, *args, **kwargs):
        domain = super()._get_gather_domain(product_id, *args, **kwargs)
        use = self.env.context.get("med_use")
        if isinstance(use, Use) and product_id.med_controlled:
            bad = self.env["stock.lot"]._med_domain(use.name, use.mode == ENFORCE)
            domain = Domain(domain) & Domain(
                "lot_id", "not any", Domain("product_id", "=", product_id.id) & bad)
        return domain

    @api.model
    def default_get(self, fields):
        """No default, of the caller's context or his own, puts stock where a count was meant."""
        values = super().default_get(fields)
        return {**values, **dict.fromkeys(STOCK & values.keys(), 0.0)}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if STOCK & vals.keys() or not (
                        {"inventory_quantity", "inventory_quantity_auto_apply"} & vals.keys()):
                    self._med_refuse_stock(
                        self.env["product.product"].browse(vals.get("product_id")))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and PLACE & vals.keys():
            self._med_refuse_stock(self.product_id | self.env["product.product"].browse(
                vals.get("product_id") or ()))
        return super().write(vals)

    def _med_refuse_stock(self, products):
        """Stock itself is written by transfers and counts: over RPC a plain write would move it
        past every gate, and past genealogy."""
        if controlled := products.sudo().filtered("med_controlled"):
            raise UserError(self.env._(
                "Stock of %(product)s is moved by a transfer, and corrected by a count.",
                product=controlled[0].display_name))
