from itertools import count

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import clean_context

VERSION = 1


class MedNonconformityLine(models.Model):
    """The stock documents of what was decided, and parts of lots with a number of their own."""

    _inherit = "med.nonconformity.line"

    # ------------------------------------------------------------------ parts

    def split(self, quantity: float, unit: int = 0):
        """Give a part of this lot a number of its own, to be decided about by itself.

        :param quantity: of the part
        :param unit: id of the unit of measure; 0: the product's
        :return: ``{"version", "line" (id of the part's), "lot" (id), "name"}``
        :raise UserError: the part is not smaller than the lot, or the lot is in several places
        """
        self.ensure_one()
        record = self.nonconformity_id
        self.check_access("read")
        record._med_check_quality()
        self._med_check_open()
        if isinstance(quantity, bool) or not isinstance(quantity, int | float) or not quantity > 0:
            raise UserError(self.env._("“quantity” must be a number above 0."))
        uom = self.env["uom.uom"].browse(unit or self.uom_id.id).exists()
        if not uom or not uom._has_common_reference(self.uom_id):
            raise UserError(self.env._(
                "“unit” must be a unit that converts to %s.", self.uom_id.name))
        wanted = uom._compute_quantity(quantity, self.uom_id, rounding_method="HALF-UP")
        mine = self.sudo()
        mine._med_read()
        if not 0 < wanted or self.uom_id.compare(wanted, mine.quantity) >= 0:
            raise UserError(self.env._(
                "A part of %(lot)s must be less than %(quantity)s %(unit)s.",
                lot=self.lot_id.name, quantity=f"{mine.quantity:g}", unit=self.uom_id.name))
        part, _repack = self.lot_id._med_split(
            wanted, self.lot_id._med_place_of(0), record.name)
        record._med_add(part, {part: "part"})
        mine._med_read()
        line = mine.search([("nonconformity_id", "=", record.id), ("lot_id", "=", part.id)])
        return {"version": VERSION, "line": line.id, "lot": part.id, "name": part.name}

    def action_split(self):
        """Open the dialog that splits off a part."""
        return {"type": "ir.actions.act_window", "res_model": "med.nonconformity.split",
                "view_mode": "form", "target": "new", "name": self.env._("Split Off a Part"),
                "context": {"default_line_id": self[:1].id}}

    # ------------------------------------------------------------------ documents

    def _med_make_documents(self):
        """Make what is still lacking of the documents of these lines."""
        lines = self.with_context(clean_context(self.env.context))
        for line in lines.filtered(lambda one: one.decision and one.quantity and not one.done):
            maker = getattr(line, f"_med_make_{line.decision}", None)
            if maker:
                maker()
        lines.filtered(lambda one: one.decision == "return")._med_send_all_back()

    def _med_quants(self):
        return self.lot_id.quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.usage == "internal"
            and quant.company_id == self.company_id)

    def _med_one_place(self):
        """Return the only place of the lot."""
        places = self._med_quants().location_id
        if len(places) != 1:
            raise UserError(self.env._(
                "%(lot)s is in %(places)s: bring it together first.", lot=self.lot_id.name,
                places=", ".join(places.mapped("display_name")) or self.env._("no place")))
        return places

    def _med_make_scrap(self):
        for quant in self._med_quants():
            scrap = self.env["stock.scrap"].create({
                "product_id": self.product_id.id, "product_uom_id": self.uom_id.id,
                "lot_id": self.lot_id.id, "scrap_qty": quant.quantity,
                "location_id": quant.location_id.id, "package_id": quant.package_id.id,
                "owner_id": quant.owner_id.id, "company_id": self.company_id.id,
                "origin": self.nonconformity_id.name, "med_nonconformity_line_id": self.id})
            scrap.action_validate()
            if scrap.state != "done":
                raise UserError(self.env._(
                    "%s is reserved for something else: free it first.", self.lot_id.name))

    def _med_make_rework(self):
        """Make the order that reworks the lot: it goes in, and comes out under a new number.

        A serial number is on the unit: it stays.
        """
        if self.production_id._med_rework_orders().filtered(
                lambda order: order.state not in ("done", "cancel")):
            return
        place, quantity = self._med_one_place(), sum(self._med_quants().mapped("quantity"))
        order = self.env["mrp.production"].create({
            "product_id": self.product_id.id, "product_qty": quantity,
            "product_uom_id": self.uom_id.id, "bom_id": self.bom_id.id,
            "company_id": self.company_id.id, "origin": self.nonconformity_id.name,
            "picking_type_id": place.warehouse_id.manu_type_id.id,
            "location_src_id": place.id, "location_dest_id": place.id})
        self.production_id = order
        values = order._get_move_raw_values(self.product_id, quantity, self.uom_id)
        order.move_raw_ids = [Command.create({
            **values, "location_id": place.id, "med_nonconformity_line_id": self.id,
            "manual_consumption": True})]
        order.lot_producing_ids = self.lot_id if self.product_id.tracking == "serial" else (
            self.env["stock.lot"].create({
                "name": self._med_rework_name(), "product_id": self.product_id.id,
                "company_id": self.lot_id.company_id.id,
                "expiration_date": self.lot_id.expiration_date}))
        order.action_confirm()
        self._med_reserve(order.move_raw_ids.filtered(
            lambda move: move.med_nonconformity_line_id == self), place)

    def _med_make_repair(self):
        self._med_make_rework()

    def _med_rework_name(self):
        taken = set(self.env["stock.lot"].search([
            ("product_id", "=", self.product_id.id),
            ("name", "=like", f"{self.lot_id.name}-R%")]).mapped("name"))
        return next(name for n in count(1) if (name := f"{self.lot_id.name}-R{n}") not in taken)

    def _med_make_regrade(self):
        if self.repack_id:
            return
        place = self._med_one_place()
        self.repack_id = self.env["med.repack"].create({
            "kind": "repack", "reason": self.nonconformity_id.name, "location_id": place.id,
            "company_id": self.company_id.id,
            "input_ids": [Command.create({
                "lot_id": self.lot_id.id, "quantity": self.quantity, "back_quantity": 0,
                "scrap_quantity": 0})],
            "output_ids": [Command.create({
                "product_id": self.product_to_id.id, "quantity": self.quantity, "lot_id": False,
                "expiration_date": self.lot_id.expiration_date,
                "lot_name": f"{self.lot_id.name}-G"})]})
        self.repack_id.action_post()

    def _med_send_all_back(self):
        """Make one transfer to each supplier from each place, reserved, for the warehouse."""
        todo = self.filtered(lambda line: not line.done and not line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")))
        groups = {}
        for line in todo:
            partner = line.nonconformity_id.partner_id or line._med_supplier()
            if not partner:
                raise UserError(self.env._(
                    "%s: name the supplier in the nonconformity.", line.lot_id.name))
            for place, quants in line._med_quants().grouped("location_id").items():
                groups.setdefault((partner, place), []).append(
                    (line, sum(quants.mapped("quantity"))))
        for (partner, place), rows in groups.items():
            self._med_send_back(partner, place, rows)

    def _med_supplier(self):
        """Return whom the lot, or what it is a part of, was received from."""
        family = list(self.lot_id._med_lineage()[self.lot_id.id])
        return self.env["stock.move.line"].search([
            ("lot_id", "in", family), ("state", "=", "done"),
            ("location_id.usage", "=", "supplier")], limit=1).picking_id.partner_id

    def _med_send_back(self, partner, place, rows):
        target = partner.with_company(self.company_id).property_stock_supplier
        picking = self.env["stock.picking"].create({
            "picking_type_id": place.warehouse_id.out_type_id.id, "partner_id": partner.id,
            "location_id": place.id, "location_dest_id": target.id,
            "company_id": place.company_id.id,
            "origin": ", ".join(sorted({line.nonconformity_id.name for line, _q in rows}))})
        for line, quantity in rows:
            move = self.env["stock.move"].create({
                "picking_id": picking.id, "product_id": line.product_id.id,
                "product_uom_qty": quantity, "product_uom": line.uom_id.id,
                "location_id": place.id, "location_dest_id": target.id,
                "company_id": picking.company_id.id, "med_nonconformity_line_id": line.id})
            move._action_confirm(merge=False)
            line._med_reserve(move, place)

    def _med_reserve(self, move, place):
        """Reserve this lot, and no other, for a move."""
        move.move_line_ids.unlink()
        move._update_reserved_quantity(
            move.product_qty, place, lot_id=self.lot_id, strict=False)
        move._recompute_state()
