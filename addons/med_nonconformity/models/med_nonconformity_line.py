from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

DECISIONS = [
    ("conforms", "Inspected Again: Conforms"), ("use_as_is", "Use As Is (Concession)"),
    ("rework", "Rework"), ("repair", "Repair"), ("regrade", "Regrade"), ("scrap", "Scrap"),
    ("return", "Return to the Supplier"),
]
BASES = [("reported", "Reported"), ("part", "Part of a Lot"), ("exact", "By Genealogy, Exact"),
         ("possible", "By Genealogy, Possible")]
KEPT = ("conforms", "use_as_is")
CONCEDED = ("use_as_is", "repair")
INSTRUCTED = ("rework", "repair")
LEAVES = {"rework": "production", "repair": "production", "scrap": "inventory",
          "return": "supplier"}
"""Decision → where a posting takes the goods to."""

FREE = {"decision", "instruction", "bom_id", "note", "concession_id", "product_to_id"}


class MedNonconformityLine(models.Model):
    """One lot that does not conform, how much of it there is, and what becomes of all of it."""

    _name = "med.nonconformity.line"
    _description = "Nonconforming Lot"
    _inherit = ["med.signed.line.mixin"]
    _order = "nonconformity_id desc, id"
    _rec_name = "lot_id"
    _med_parent = "nonconformity_id"

    nonconformity_id = fields.Many2one(
        "med.nonconformity", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", required=True, readonly=True, index=True,
        ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    uom_id = fields.Many2one(related="lot_id.product_uom_id", string="Unit")
    condition = fields.Char(related="lot_id.med_condition")
    state = fields.Selection(related="nonconformity_id.state")
    basis = fields.Selection(BASES, required=True, readonly=True, default="reported")
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="All that was in our stock when it was read.")
    on_hand = fields.Float(digits="Product Unit", compute="_compute_stock")
    gone = fields.Float("With Consignees", digits="Product Unit", compute="_compute_stock")
    decision = fields.Selection(DECISIONS)
    concession_id = fields.Many2one("med.deviation", "Concession", index="btree_not_null",
                                    ondelete="restrict", domain=[("kind", "=", "concession")])
    instruction = fields.Char(help="Number and version of the approved instruction.")
    bom_id = fields.Many2one("mrp.bom", "Bill of Materials of the Rework", check_company=True,
                             help="For its operations and further components; may be empty.")
    product_to_id = fields.Many2one("product.product", "Regraded To", check_company=True,
                                    domain=[("med_controlled", "=", True)])
    note = fields.Char("Grounds")
    scrap_ids = fields.One2many("stock.scrap", "med_nonconformity_line_id", "Scrap Orders")
    move_ids = fields.One2many("stock.move", "med_nonconformity_line_id", "Moves")
    production_id = fields.Many2one(
        "mrp.production", "Order", readonly=True, copy=False, index="btree_not_null")
    repack_id = fields.Many2one("med.repack", "Regrading", readonly=True, copy=False)
    posted = fields.Float(digits="Product Unit", compute="_compute_posted")
    done = fields.Boolean(compute="_compute_posted")

    _lot_uniq = models.Constraint(
        "UNIQUE (nonconformity_id, lot_id)", "The nonconformity has this lot already.")

    # ------------------------------------------------------------------ what stock says

    @api.depends("lot_id.quant_ids.quantity", "lot_id.quant_ids.location_id")
    def _compute_stock(self):
        here, gone = self._med_in_stock(), {}
        for row in self.env["med.hold"]._gone(self.lot_id.ids or [0]):
            gone[row["lot"]] = row["quantity"]
        for line in self:
            line.on_hand = here.get(line._origin.id, 0.0)
            line.gone = gone.get(line.lot_id.id, 0.0)

    def _med_in_stock(self):
        """Return line id → quantity in the company's own places, in transit between them too."""
        self.flush_model(["lot_id", "company_id"])
        self.env["stock.quant"].flush_model()
        return {line: float(quantity) for line, quantity in self.env.execute_query(SQL("""
            SELECT n.id, sum(q.quantity) FROM med_nonconformity_line n
              JOIN stock_quant q ON q.lot_id = n.lot_id AND q.company_id = n.company_id
              JOIN stock_location l ON l.id = q.location_id
               AND l.usage IN ('internal', 'transit')
             WHERE n.id IN %s GROUP BY n.id""", tuple(self.ids) or (0,)))}

    @api.depends("decision", "lot_id", "production_id", "repack_id.state", "move_ids.state",
                 "lot_id.med_status", "lot_id.med_hold_count", "lot_id.quant_ids.quantity")
    def _compute_posted(self):
        posted = self._med_posted()
        for line in self:
            line.posted = posted.get(line.id, 0.0)
            line.done = line._med_is_done()

    def _med_posted(self):
        """Return line id → quantity that posted documents of the line took where it belongs."""
        self.env["stock.move.line"].flush_model()
        self.env["stock.move"].flush_model()
        rows = self.env.execute_query(SQL("""
            SELECT n.id, n.decision, t.usage, sum(l.quantity_product_uom)
              FROM med_nonconformity_line n
              JOIN stock_move m ON m.med_nonconformity_line_id = n.id AND m.state = 'done'
              JOIN stock_move_line l ON l.move_id = m.id AND l.lot_id = n.lot_id
              JOIN stock_location f ON f.id = l.location_id AND f.usage IN ('internal', 'transit')
              JOIN stock_location t ON t.id = l.location_dest_id
             WHERE n.id IN %s GROUP BY n.id, n.decision, t.usage""", tuple(self.ids) or (0,)))
        posted = {}
        for line, decision, usage, quantity in rows:
            if usage == LEAVES.get(decision):
                posted[line] = posted.get(line, 0.0) + float(quantity)
        for line in self.filtered(lambda one: one.decision == "regrade"):
            if line.repack_id.state == "done":
                posted[line.id] = sum(line.repack_id.input_ids.filtered(
                    lambda one, lot=line.lot_id: one.lot_id == lot).mapped("quantity"))
        return posted

    def _med_is_done(self):
        """Return whether all of the lot has become what was decided."""
        if not self.decision:
            return False
        if self.decision in KEPT:
            return self.lot_id.med_status in ("released", "conditional") and (
                not self.lot_id.med_hold_count)
        return self.uom_id.compare(self.posted, self.quantity) == 0 and (
            self.uom_id.is_zero(self.on_hand) or self.lot_id.product_id.tracking == "serial"
            and self.decision in INSTRUCTED)

    def _med_is_good(self):
        """Return whether it was decided that the lot may be used, and it was made so."""
        return self.state in ("decided", "closed") and (
            self.decision in KEPT or self.decision in INSTRUCTED and self.done)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Lots are added by “Add Lots”, or split off."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - FREE:
            raise AccessError(self.env._("What is in stock is read, not written."))
        if FREE & vals.keys():
            self._med_check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._med_check_open()
        if not self.env.su:
            self.nonconformity_id._med_check_quality()
        if signed := self.filtered(lambda line: line.basis == "part"):
            raise UserError(self.env._(
                "%s is a part that was split off here: decide about it.", signed[0].lot_id.name))

    def _med_check_open(self):
        """Refuse a change once it was decided: “Decide Anew” opens it."""
        if closed := self.nonconformity_id.filtered(
                lambda one: one.state not in ("reported", "evaluated")):
            raise UserError(self.env._(
                "%s: what becomes of the lots is decided. Choose “Decide Anew” to change it.",
                closed[0].name))
