from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

VERSION = 1
DEEPEST = 30
VIEWER = "med_base.med_base_group_viewer"


class MedChange(models.Model):
    """Where-used: what a material or product goes into, and all that hangs on it."""

    _inherit = "med.change"

    @api.model
    @api.readonly
    def where_used(self, products: list, depth: int = DEEPEST):
        """Return what some products go into, through all levels of the bills of materials.

        :param products: ids of ``product.product``
        :param depth: how many levels up, 1 to 30
        :return: ``{"version", "counts": {kind: number}, "rows": [{"kind", "model", "id", "name",
            "level", "text", "new_di"}]}``; kinds: bom, product, operation, plan, di, label,
            supplier, purchase, production, delivery, stock, registration, and what addons add
        :raise UserError: an argument is wrong
        """
        if not self.env.su and not self.env.user.has_group(VIEWER):
            raise AccessError(self.env._("This is for those who may see quality records."))
        if not isinstance(depth, int) or isinstance(depth, bool) or not 1 <= depth <= DEEPEST:
            raise UserError(self.env._("“depth” must be a whole number from 1 to %s.", DEEPEST))
        found = self.env["med.capa"]._med_named("product.product", "products", products)
        rows = self._med_where_used(found, depth=depth)
        counts = {}
        for row in rows:
            counts[row["kind"]] = counts.get(row["kind"], 0) + 1
        return {"version": VERSION, "counts": counts, "rows": rows}

    @api.model
    def _med_where_used(self, materials, products=None, udi_fields=(), depth=DEEPEST):
        """Return rows of what changes reach.

        :param materials: ``product.product`` that change as material: their uses are walked up
        :param products: ``product.product`` that change themselves: they and their uses count
        :param udi_fields: names of the data elements of device identifiers that change
        :return: list of dictionaries as of :meth:`where_used`
        """
        own = products or materials.browse()
        companies = tuple(self.env.companies.ids)
        boms, levels = self._med_uses((materials | own).ids, companies, depth)
        mine = self.env["mrp.bom"].sudo().search([
            ("product_tmpl_id", "in", own.product_tmpl_id.ids),
            ("company_id", "in", [False, *companies])])
        boms.update(dict.fromkeys(mine.ids, 0))
        used = self.env["product.product"].sudo().browse(levels)
        scope = {
            "boms": boms, "levels": levels, "materials": materials.sudo(), "own": own.sudo(),
            "used": used, "reached": (used | own.sudo()), "companies": companies,
            "udi_fields": tuple(udi_fields)}
        rows = []
        for kind, model, find in self._med_impact_kinds():
            found = find(scope)
            records = self.env[model].sudo().browse([row[0] for row in found])
            for record, (number, text, *more) in zip(records, found, strict=True):
                level, new_di = (*more, "", "")[:2] if more else (0, "")
                rows.append({"kind": kind, "model": model, "id": number,
                             "name": record.display_name or "", "level": level or 0,
                             "text": text or "", "new_di": new_di or ""})
        return rows

    def _med_impact_kinds(self):
        """Return (kind, model, function of the scope → rows) of what a change may reach.

        A row is ``(id, text)``, ``(id, text, level)`` or ``(id, text, level, new_di)``. For
        addons to extend: documents, processors.
        """
        return [
            ("bom", "mrp.bom", self._med_reach_boms),
            ("product", "product.product", self._med_reach_products),
            ("operation", "mrp.routing.workcenter", self._med_reach_operations),
            ("plan", "med.inspection.plan", self._med_reach_plans),
            ("di", "med.udi.di", self._med_reach_devices),
            ("label", "med.label.template", self._med_reach_labels),
            ("supplier", "product.supplierinfo", self._med_reach_suppliers),
            ("purchase", "purchase.order", self._med_reach_purchases),
            ("production", "mrp.production", self._med_reach_productions),
            ("delivery", "stock.picking", self._med_reach_deliveries),
            ("stock", "stock.lot", self._med_reach_stock),
            ("registration", "med.udi.registration", self._med_reach_registrations),
        ]

    @api.model
    def _med_uses(self, products, companies, depth):
        """Return ``{bom id: level}`` and ``{product id: level}`` above some products.

        Level by level through the lines of active bills of materials, kits included; a circle
        ends at the depth. A bill of materials of a template stands for all its variants.
        """
        for model in ("mrp.bom", "mrp.bom.line", "product.product"):
            self.env[model].flush_model()
        rows = self.env.execute_query(SQL("""
            WITH RECURSIVE used (bom_id, product_id, level) AS (
                SELECT b.id, p.id, 1
                  FROM mrp_bom_line l
                  JOIN mrp_bom b ON b.id = l.bom_id AND b.active
                   AND (b.company_id IS NULL OR b.company_id IN %(companies)s)
                  JOIN product_product p ON p.product_tmpl_id = b.product_tmpl_id
                   AND (b.product_id IS NULL OR p.id = b.product_id)
                 WHERE l.product_id IN %(products)s
                 UNION
                SELECT b.id, p.id, u.level + 1
                  FROM (SELECT DISTINCT product_id, level FROM used) u
                  JOIN mrp_bom_line l ON l.product_id = u.product_id
                  JOIN mrp_bom b ON b.id = l.bom_id AND b.active
                   AND (b.company_id IS NULL OR b.company_id IN %(companies)s)
                  JOIN product_product p ON p.product_tmpl_id = b.product_tmpl_id
                   AND (b.product_id IS NULL OR p.id = b.product_id)
                 WHERE u.level < %(depth)s)
            SELECT bom_id, product_id, min(level) FROM used
             GROUP BY bom_id, product_id ORDER BY 3, 1, 2""",
            products=tuple(products) or (0,), companies=companies or (0,), depth=depth))
        boms, levels = {}, {}
        for bom, product, level in rows:
            boms.setdefault(bom, level)
            levels.setdefault(product, level)
        return boms, levels

    # ------------------------------------------------------------------ what hangs on it

    def _med_reach_boms(self, scope):
        return [(bom, "", level) for bom, level in scope["boms"].items()]

    def _med_reach_products(self, scope):
        return [*((one.id, "", 0) for one in scope["own"]),
                *((one, "", level) for one, level in scope["levels"].items()
                  if one not in scope["own"].ids)]

    def _med_reach_operations(self, scope):
        found = self.env["mrp.routing.workcenter"].sudo().search(
            [("bom_id", "in", list(scope["boms"]))], order="bom_id, sequence, id")
        return [(one.id, one.workcenter_id.name) for one in found]

    def _med_reach_plans(self, scope):
        templates = (scope["reached"] | scope["materials"]).product_tmpl_id
        found = self.env["med.inspection.plan"].sudo().search([
            ("state", "=", "approved"), ("company_id", "in", scope["companies"]), "|",
            ("product_tmpl_ids", "in", templates.ids),
            ("operation_ids.bom_id", "in", list(scope["boms"]))])
        words = dict(found._fields["stage"]._description_selection(self.env))
        return [(one.id, words[one.stage]) for one in found]

    def _med_devices(self, scope):
        if "devices" not in scope:
            scope["devices"] = self.env["med.udi.di"].sudo().search([
                ("product_id", "in", scope["reached"].ids), ("state", "!=", "retired")])
        return scope["devices"]

    def _med_reach_devices(self, scope):
        """Device identifiers, and on which markets the changed data ask for a new one."""
        rules = self.env["med.udi.change.rule"].sudo()._in_force().filtered(
            lambda one: one.verdict == "new_di" and one.field in scope["udi_fields"])
        return [(di.id, di.market_codes or "", 0, ", ".join(sorted({
            rule.jurisdiction_id.code for rule in rules if rule._holds_for(di)})))
            for di in self._med_devices(scope)]

    def _med_reach_labels(self, scope):
        devices = self._med_devices(scope)
        found = self.env["med.label.template"].sudo().search([
            ("state", "=", "approved"), ("level", "in", devices.mapped("level")),
            ("jurisdiction_id", "in", devices.market_ids.ids),
            ("company_id", "in", [False, *scope["companies"]])])
        return [(one.id, one.jurisdiction_id.code) for one in found]

    def _med_reach_suppliers(self, scope):
        bought = scope["materials"] | scope["own"]
        found = self.env["product.supplierinfo"].sudo().search([
            ("product_tmpl_id", "in", bought.product_tmpl_id.ids), "|",
            ("product_id", "=", False), ("product_id", "in", bought.ids),
            ("company_id", "in", [False, *scope["companies"]])])
        return [(one.id, one.product_tmpl_id.display_name) for one in found]

    def _med_reach_purchases(self, scope):
        lines = self.env["purchase.order.line"].sudo().search([
            ("product_id", "in", (scope["materials"] | scope["own"]).ids),
            ("company_id", "in", scope["companies"]),
            ("state", "in", ("draft", "sent", "to approve", "purchase"))])
        return self._med_sums((line.order_id.id, line.product_id, line.product_qty
                               - line.qty_received, line.product_uom_id) for line in lines)

    def _med_reach_productions(self, scope):
        orders = self.env["mrp.production"].sudo().search([
            ("state", "not in", ("done", "cancel")), ("company_id", "in", scope["companies"]),
            "|", ("product_id", "in", scope["reached"].ids),
            ("move_raw_ids.product_id", "in", (scope["materials"] | scope["own"]).ids)])
        return self._med_sums((one.id, one.product_id, one.product_qty, one.product_uom_id)
                              for one in orders)

    def _med_reach_deliveries(self, scope):
        moves = self.env["stock.move"].sudo().search([
            ("product_id", "in", scope["reached"].ids), ("picking_id", "!=", False),
            ("state", "not in", ("done", "cancel", "draft")),
            ("company_id", "in", scope["companies"]),
            ("location_dest_id.usage", "=", "customer")])
        return self._med_sums((move.picking_id.id, move.product_id, move.product_uom_qty,
                               move.product_uom) for move in moves)

    def _med_reach_stock(self, scope):
        groups = self.env["stock.quant"].sudo()._read_group(
            [("product_id", "in", (scope["reached"] | scope["materials"]).ids),
             ("location_id.usage", "in", ("internal", "transit")), ("lot_id", "!=", False),
             ("quantity", ">", 0), ("company_id", "in", scope["companies"])],
            ["lot_id"], ["quantity:sum"])
        return self._med_sums((lot.id, lot.product_id, quantity, lot.product_id.uom_id)
                              for lot, quantity in groups)

    def _med_reach_registrations(self, scope):
        found = self._med_devices(scope).registration_ids.filtered(
            lambda one: one.state != "ended")
        return [(one.id, one.jurisdiction_id.code) for one in found]

    @api.model
    def _med_sums(self, parts):
        """Return ``(id, "product: quantity unit; …")`` of parts that are summed by record."""
        sums = {}
        for number, product, quantity, unit in parts:
            row = sums.setdefault(number, {})
            row[product, unit] = row.get((product, unit), 0) + quantity
        return [(number, "; ".join(f"{product.display_name}: {quantity:g} {unit.name}" for (
            product, unit), quantity in row.items())) for number, row in sums.items()]
