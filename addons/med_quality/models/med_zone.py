from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import clean_context

ZONES = [("quarantine", "Quarantine"), ("released", "Released"), ("rejected", "Rejected"),
         ("return", "Returned")]
# Colours of the Chinese GSP: yellow, green, red. Numbers of Odoo's palette.
COLOURS = {"quarantine": 3, "released": 10, "rejected": 1, "return": 3}
ZONE_OF = {"conditional": "quarantine", False: "quarantine"}


class MedZone(models.Model):
    """Where in a warehouse goods of a status are kept (CN-GSP-4): 待验, 合格, 不合格, 退货."""

    _name = "med.zone"
    _description = "Zone"
    _inherit = ["mail.thread"]
    _order = "warehouse_id, state"
    _rec_name = "location_id"
    _check_company_auto = True

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, index=True, ondelete="cascade", tracking=True,
        check_company=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    state = fields.Selection(ZONES, "Status", required=True, tracking=True)
    location_id = fields.Many2one(
        "stock.location", "Place", required=True, index=True, ondelete="restrict", tracking=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        check_company=True)
    colour = fields.Integer(compute="_compute_colour")

    _state_uniq = models.Constraint(
        "UNIQUE (warehouse_id, state)", "The warehouse has a zone for this status already.")
    _location_uniq = models.Constraint(
        "UNIQUE (location_id)", "The place is a zone already.")

    @api.depends("state")
    def _compute_colour(self):
        for zone in self:
            zone.colour = COLOURS.get(zone.state, 0)

    @api.constrains("location_id", "warehouse_id")
    def _check_place(self):
        for zone in self:
            if zone.location_id.usage != "internal" or (
                    zone.location_id.warehouse_id != zone.warehouse_id):
                raise UserError(self.env._(
                    "%(place)s is not a place inside %(warehouse)s.",
                    place=zone.location_id.display_name, warehouse=zone.warehouse_id.name))

    @api.model
    def _places(self, warehouses):
        """Return ``{(warehouse, zone): location}`` of warehouses."""
        return {(zone.warehouse_id, zone.state): zone.location_id
                for zone in self.sudo().search([("warehouse_id", "in", warehouses.ids)])}

    @api.model
    def _transfers(self, lots):
        """Make, for each warehouse, one transfer of what is free of lots into its zones.

        :return: the new ``stock.picking``, reserved and open: who moves the goods posts them
        """
        quants = self.env["stock.quant"].sudo().search([
            ("lot_id", "in", lots.ids), ("lot_id.product_id.med_controlled", "=", True),
            ("location_id.usage", "=", "internal"),
            ("quantity", ">", 0), ("company_id", "in", self.env.companies.ids)])
        places = self._places(quants.location_id.warehouse_id)
        wanted = {}
        for quant in quants:
            warehouse = quant.location_id.warehouse_id
            state = quant.lot_id.med_status
            place = places.get((warehouse, ZONE_OF.get(state, state)))
            if place and not quant.location_id._child_of(place) and quant.available_quantity > 0:
                wanted.setdefault((warehouse, place), []).append(quant)
        made = self.env["stock.picking"]
        for (warehouse, place), found in wanted.items():
            made |= self._transfer(warehouse, place, found)
        return made

    @api.model
    def _transfer(self, warehouse, place, quants):
        source = quants[0].location_id if len({quant.location_id for quant in quants}) == 1 else (
            warehouse.view_location_id)
        picking = self.env["stock.picking"].sudo().with_context(
            clean_context(self.env.context)).create({
            "picking_type_id": warehouse.int_type_id.id, "location_id": source.id,
            "location_dest_id": place.id, "company_id": warehouse.company_id.id,
            "origin": self.env._("Into its zone"),
            "move_ids": [Command.create({
                "product_id": quant.product_id.id, "product_uom_qty": quant.available_quantity,
                "product_uom": quant.product_id.uom_id.id, "location_id": quant.location_id.id,
                "location_dest_id": place.id, "company_id": warehouse.company_id.id,
            }) for quant in quants]})
        picking.move_ids._action_confirm(merge=False)
        picking.move_ids.move_line_ids.unlink()
        for move, quant in zip(picking.move_ids, quants, strict=True):
            move._update_reserved_quantity(
                move.product_uom_qty, quant.location_id, lot_id=quant.lot_id,
                package_id=quant.package_id, owner_id=quant.owner_id, strict=True)
        picking.move_ids._recompute_state()
        return picking.with_env(self.env)

    @api.model
    def _transfer_action(self, lots):
        """Return the action that opens the transfers of lots into their zones."""
        pickings = self._transfers(lots)
        if not pickings:
            raise UserError(self.env._(
                "Everything that is free is in its zone, or the warehouse has no zone for it."))
        action = {"type": "ir.actions.act_window", "res_model": "stock.picking",
                  "name": self.env._("Into the Zones"), "view_mode": "list,form",
                  "domain": [("id", "in", pickings.ids)]}
        if len(pickings) == 1:
            action.update(view_mode="form", res_id=pickings.id)
        return action
