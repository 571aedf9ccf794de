from collections import defaultdict

from odoo import api, models

from .med_inspection_make import Wanted


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _action_done(self):
        result = super()._action_done()
        self.exists()._med_inspect()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "done")._med_inspect()
        return lines

    def _med_stage(self):
        """Return at which stage the lot of this line is inspected now; empty for none."""
        self.ensure_one()
        source, target = self.location_id, self.location_dest_id
        if target.usage != "internal" or not self.lot_id or not self.product_id.med_controlled:
            return ""
        if source.usage == "customer":
            return "return"
        if source.usage == "production":
            order = self.move_id.production_id
            return "final" if order and order.bom_id.type != "subcontract" else ""
        incoming = self.picking_id.picking_type_id.code == "incoming"
        return "incoming" if source.usage == "supplier" or (
            incoming and (source.usage == "transit" or self.move_id._med_from_processor())) else ""

    def _med_partner(self, stage):
        """Return whose series of lots this line continues: the supplier, or nobody."""
        partner = self.picking_id.partner_id.commercial_partner_id
        return partner if stage == "incoming" else partner.browse()

    def _med_inspect(self):
        """Begin the inspections that approved plans ask for: one a product and lot of a document;
        the serials that one order made are one lot of units."""
        groups = defaultdict(self.browse)
        for line in self:
            if stage := line._med_stage():
                together = stage == "final" and line.product_id.tracking == "serial"
                groups[stage, line.company_id, line.picking_id, line.move_id.production_id,
                       line.product_id, line.lot_id.browse() if together else line.lot_id] |= line
        if groups:
            self.env["med.inspection"]._make(self._med_wanted(groups))

    def _med_wanted(self, groups):
        """Return what is to be inspected of some lines, see ``med.inspection._make``."""
        find, wanted = self.env["med.inspection.plan"]._matcher(), []
        for (stage, company, picking, order, product, _lot), lines in groups.items():
            partner = lines[:1]._med_partner(stage)
            plan = find(company, stage, product, partner)
            if not plan:
                continue
            wanted.append(Wanted(
                plan, product, lines.lot_id.sudo(), sum(lines.mapped("quantity_product_uom")),
                lines.result_package_id.sorted("name").mapped("name"), {
                    "partner_id": partner.id, "picking_id": picking.id,
                    "production_id": order.id, "move_id": lines.move_id[:1].id}))
        return wanted
