from odoo.fields import Command

from .common import QualityCase


class GoodsCase(QualityCase):
    """Deliveries to be picked, reviewed and received, and people who do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.med_checkout_mode = "enforce"
        cls.picker = cls.person("warehouse", "peter")
        cls.checker = cls.person("warehouse", "clara")

    @classmethod
    def delivery(cls, rows, company=None):
        """Return a delivery of (lot, quantity) rows, reserved, nothing picked."""
        cls.tick()
        warehouse = cls._warehouse(company or cls.company)
        stock = warehouse.lot_stock_id
        picking = cls.env["stock.picking"].create({
            "picking_type_id": warehouse.out_type_id.id, "location_id": stock.id,
            "location_dest_id": cls.customers.id, "partner_id": cls.hospital.id})
        for lot, quantity in rows:
            move = cls.env["stock.move"].create({
                "picking_id": picking.id, "product_id": lot.product_id.id,
                "product_uom_qty": quantity, "location_id": stock.id,
                "location_dest_id": cls.customers.id, "company_id": picking.company_id.id})
            move._action_confirm(merge=False)
            move.move_line_ids.unlink()
            move._update_reserved_quantity(quantity, stock, lot_id=lot, strict=False)
            move._recompute_state()
        return picking

    @classmethod
    def pick(cls, picking, user=None):
        picking.with_user(user or cls.picker).action_med_picked()
        return picking

    @classmethod
    def review_of(cls, picking, user=None):
        told = picking.with_user(user or cls.checker).med_checkout()
        return cls.env["med.checkout.review"].with_user(user or cls.checker).browse(told["review"])

    @classmethod
    def reviewed(cls, picking, user=None):
        """Confirm all of a delivery and close its review; return the review."""
        review = cls.review_of(picking, user)
        for line in picking._med_checkout_lines():
            review.med_scan(code=line.lot_id.name, quantity=line.quantity)
        review.med_transition("record")
        return review

    @classmethod
    def validate(cls, picking, user=None, **context):
        """Post a delivery as the button does, without asking for a backorder."""
        picking.with_user(user or cls.checker).with_context(
            skip_backorder=True, skip_expired=True, **context).button_validate()
        return picking

    @classmethod
    def packed(cls, picking, name, lines=None):
        package = cls.env["stock.package"].create({"name": name})
        (lines or picking.move_line_ids).result_package_id = package
        return package

    @classmethod
    def other_company(cls):
        company = cls.foreign_company("Goods second company")
        warehouse = cls._warehouse(company)
        lot = cls.env["stock.lot"].create({
            "name": "FOREIGN", "product_id": cls.stent.id, "company_id": company.id})
        cls.env["stock.quant"]._update_available_quantity(
            cls.stent, warehouse.lot_stock_id, 5, lot_id=lot)
        return company, lot

    @classmethod
    def on_hand(cls, lot):
        """Return ``{location: quantity}`` of a lot in our own places."""
        return {quant.location_id: quant.quantity for quant in lot.quant_ids
                if quant.location_id.usage == "internal" and quant.quantity}

    @classmethod
    def link(cls, *records):
        return [Command.link(record.id) for record in records]
