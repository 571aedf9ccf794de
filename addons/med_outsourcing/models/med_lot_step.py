from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.report import parameters_text
from .med_outsourcing_event import KINDS

STEPS = [("work", "Operation"), ("batch", "Process Batch"), ("inspection", "Inspection"),
         *((kind, label) for kind, label in KINDS)]


class MedLotStep(models.Model):
    """Every step of a lot wherever it was done: on our floor, in a process batch, at a processor.

    A query; nothing is kept twice. Reports that were corrected do not count.
    """

    _name = "med.lot.step"
    _description = "Step of a Lot"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "mrp.workorder": ["name", "state", "date_start", "date_finished", "workcenter_id"],
        "mrp.production": ["lot_producing_ids", "product_id", "company_id"],
        "med.process.batch": ["name", "state", "ended_at", "equipment", "partner_id", "cycle"],
        "med.process.batch.line": ["lot_id", "quantity"],
        "med.inspection": ["lot_ids", "state", "submitted_at", "decided_at", "equipment"],
        "med.outsourcing.event": ["kind", "event_time", "superseded", "person", "equipment"],
        "med.outsourcing.event.lot": ["lot_id", "quantity", "outcome"],
    }

    lot_id = fields.Many2one("stock.lot", "Lot or Serial", readonly=True)
    product_id = fields.Many2one("product.product", "Product", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime("Happened", readonly=True)
    entered = fields.Datetime(readonly=True)
    place = fields.Selection(
        [("here", "Own Site"), ("processor", "Processor")], "Where", readonly=True)
    partner_id = fields.Many2one("res.partner", "Processor", readonly=True)
    kind = fields.Selection(STEPS, "What", readonly=True)
    name = fields.Char("Step", readonly=True)
    equipment = fields.Char(readonly=True)
    person = fields.Char("By", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    code = fields.Char("Result Code", readonly=True)
    result = fields.Char(compute="_compute_result")
    deviates = fields.Text("Not as Ordered", readonly=True)
    parameters = fields.Json("Values", readonly=True)
    parameters_text = fields.Text("Parameters", compute="_compute_parameters_text")
    note = fields.Text(readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)

    @api.depends_context("lang")
    def _compute_result(self):
        words = {}
        for model, name in (
                ("mrp.workorder", "state"), ("med.process.batch", "state"),
                ("med.inspection", "state"), ("med.outsourcing.event.lot", "outcome")):
            words.update(self.env[model]._fields[name]._description_selection(self.env))
        for step in self:
            step.result = ", ".join(
                words.get(code, code) for code in (step.code or "").split(",") if code)

    def _compute_parameters_text(self):
        for step in self:
            step.parameters_text = parameters_text(step.parameters)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join([
            self._select_work(), self._select_batches(), self._select_inspections(),
            self._select_events()])

    def _select_work(self):
        """Work orders of ours, by those who booked time on them."""
        return SQL("""
            SELECT (w.id::bigint * 4) << 20 | (r.stock_lot_id & 1048575) AS id,
                   r.stock_lot_id AS lot_id, l.product_id, p.company_id,
                   COALESCE(w.date_finished, w.date_start) AS date, w.create_date AS entered,
                   'here' AS place, NULL::int AS partner_id, 'work' AS kind, w.name,
                   c.name AS equipment,
                   (SELECT string_agg(DISTINCT partner.name, ', ')
                      FROM mrp_workcenter_productivity t JOIN res_users u ON u.id = t.user_id
                      JOIN res_partner partner ON partner.id = u.partner_id
                     WHERE t.workorder_id = w.id) AS person,
                   w.qty_produced::float AS quantity, w.state AS code, NULL::text AS deviates,
                   NULL::jsonb AS parameters, NULL::text AS note, 'mrp.workorder' AS res_model,
                   w.id AS res_id
              FROM mrp_workorder w JOIN mrp_production p ON p.id = w.production_id
              JOIN mrp_production_stock_lot_rel r ON r.mrp_production_id = p.id
              JOIN stock_lot l ON l.id = r.stock_lot_id
         LEFT JOIN (SELECT wc.id, rr.name FROM mrp_workcenter wc
                      JOIN resource_resource rr ON rr.id = wc.resource_id) c
                ON c.id = w.workcenter_id
             WHERE w.state IN ('progress', 'done')""")

    def _select_batches(self):
        """Loads and charges, ours and those of processors."""
        return SQL("""
            SELECT (b.id::bigint * 4 + 1) << 20 | (line.id & 1048575), line.lot_id,
                   line.product_id, b.company_id, COALESCE(b.ended_at, b.started_at),
                   b.create_date,
                   CASE WHEN b.partner_id IS NULL THEN 'here' ELSE 'processor' END, b.partner_id,
                   'batch', concat_ws(' · ', b.name, b.number, b.cycle), b.equipment,
                   (SELECT string_agg(DISTINCT s.name, ', ') FROM med_signature s
                     WHERE s.res_model = 'med.process.batch' AND s.res_id = b.id
                       AND s.transition = 'run'),
                   line.quantity::float, b.state, NULL, NULL::jsonb, b.conclusion,
                   'med.process.batch',
                   b.id
              FROM med_process_batch_line line
              JOIN med_process_batch b ON b.id = line.batch_id
             WHERE b.state IN ('processed', 'accepted', 'rejected')""")

    def _select_inspections(self):
        return SQL("""
            SELECT (i.id::bigint * 4 + 2) << 20 | (r.stock_lot_id & 1048575), r.stock_lot_id,
                   i.product_id, i.company_id, COALESCE(i.submitted_at, i.decided_at),
                   i.create_date, 'here', NULL::int, 'inspection', i.name, i.equipment,
                   (SELECT partner.name FROM res_users u
                      JOIN res_partner partner ON partner.id = u.partner_id
                     WHERE u.id = i.user_id), NULL::float, i.state, NULL, NULL::jsonb, i.conclusion,
                   'med.inspection', i.id
              FROM med_inspection i
              JOIN med_inspection_stock_lot_rel r ON r.med_inspection_id = i.id
             WHERE i.state NOT IN ('open', 'cancelled')""")

    def _select_events(self):
        """Reports of processors: of the lots they name; those that name none, of all lots of
        the order."""
        return SQL("""
            SELECT (e.id::bigint * 4 + 3) << 20 | (x.lot_id & 1048575), x.lot_id, lot.product_id,
                   e.company_id, e.event_time, e.create_date, 'processor', o.partner_id, e.kind,
                   COALESCE(NULLIF(e.operation, ''), o.name), e.equipment, e.person,
                   x.quantity::float,
                   x.outcomes, e.deviates, e.parameters, e.note, 'med.outsourcing.order', o.id
              FROM med_outsourcing_event e
              JOIN med_outsourcing_order o ON o.id = e.order_id
              JOIN (SELECT r.event_id, r.lot_id, sum(r.quantity) AS quantity,
                           string_agg(DISTINCT r.outcome, ',') AS outcomes
                      FROM med_outsourcing_event_lot r
                     WHERE r.lot_id IS NOT NULL AND r.outcome <> 'used'
                  GROUP BY r.event_id, r.lot_id
                     UNION ALL
                    SELECT n.id, own.lot_id, NULL, NULL FROM med_outsourcing_event n
                      JOIN (SELECT order_id, lot_id FROM med_outsourcing_lot
                             UNION
                            SELECT r.order_id, r.lot_id FROM med_outsourcing_event_lot r
                              JOIN med_outsourcing_event f ON f.id = r.event_id
                             WHERE f.kind = 'finished' AND NOT COALESCE(f.superseded, FALSE)
                               AND r.outcome IN ('good', 'reject') AND r.lot_id IS NOT NULL) own
                        ON own.order_id = n.order_id
                     WHERE NOT EXISTS (SELECT FROM med_outsourcing_event_lot r
                                        WHERE r.event_id = n.id AND r.outcome <> 'used')) x
                ON x.event_id = e.id
              JOIN stock_lot lot ON lot.id = x.lot_id
             WHERE NOT COALESCE(e.superseded, FALSE)""")

    def _med_kind_word(self):
        """Return what the step is, in the reader's words."""
        return dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, "")

    def action_open(self):
        """Open the document that says so."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "view_mode": "form"}
