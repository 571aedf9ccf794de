from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.serials import RangeError, between

SERIAL_PARTS = {"product_id": int, "from": str, "to": str}
STEP_PARTS = {"process": str, "operation": str, "workcenter_id": int, "equipment": str,
              "from": str, "to": str}
READING_PARTS = {"characteristic": str, "below": str, "above": str}


class StockLot(models.Model):
    """More ways to say which lots are meant, for recalls and for `med_trace_by` alike."""

    _inherit = "stock.lot"

    @api.model
    def _med_criteria(self):
        """Add serial ranges, process steps, readings, components and bills of materials.

        What a lot was made to is asked of its posting. An addon that knows versions adds its own.
        """
        return super()._med_criteria() | {
            "serial_range": (dict, "lot", self._med_serial_domain),
            "step": (dict, "lot", self._med_step_domain),
            "reading": (dict, "lot", self._med_reading_domain),
            "component_id": (int, "made", lambda value: [
                ("event_id.line_ids", "any", [("active", "=", True), ("side", "=", "in"),
                                              ("product_id", "=", value)])]),
            "bom_id": (int, "made", lambda value: _inside("event_id", SQL("""
                SELECT e.id FROM med_genealogy_event e
                  JOIN mrp_production p ON p.id = e.res_id AND e.res_model = 'mrp.production'
                 WHERE p.bom_id = %s""", value))),
        }

    @api.model
    def _med_criterion_parts(self, name, value, parts):
        """Return what a criterion says, a value or None for each part.

        :param parts: ``{part: type}``
        :raise UserError: a part is unknown, empty or of another type, or there is none
        """
        if not value or not value.keys() <= parts.keys() or any(
                type(one) is not parts[key] or not one for key, one in value.items()):
            raise UserError(self.env._(
                "The criterion %(key)s takes these, and at least one: %(known)s.", key=name,
                known=", ".join(f"{part} ({kind.__name__})" for part, kind in parts.items())))
        return {part: value.get(part) for part in parts}

    @api.model
    def _med_serial_domain(self, value):
        product, first, last = self._med_criterion_parts(
            "serial_range", value, SERIAL_PARTS).values()
        if not (product and first and last):
            raise UserError(self.env._(
                "A range of serials needs its product, the first and the last number."))
        self.flush_model(["name", "product_id"])
        names = dict(self.env.execute_query(SQL(
            "SELECT id, name FROM stock_lot WHERE product_id = %s", product)))
        try:
            inside = set(between(names.values(), first, last))
        except RangeError:
            raise UserError(self.env._(
                "From %(first)s to %(last)s is no range of serials.",
                first=first, last=last)) from None
        return [("id", "in", [lot for lot, name in names.items() if name in inside])]

    @api.model
    def _med_step_domain(self, value):
        """Return the domain of the lots that went through a step within a time.

        Process batches, work orders and inspections each know some of it. What has not ended yet
        is going on; without times any time will do.
        """
        told = self._med_criterion_parts("step", value, STEP_PARTS)
        begin = self._med_time(told["from"], "00:00:00") if told["from"] else None
        end = self._med_time(told["to"], "23:59:59") if told["to"] else None
        if begin and end and begin > end:
            raise UserError(self.env._("The time of a step ends after it begins."))
        for model in ("med.process.batch", "med.process.batch.line", "mrp.workorder",
                      "med.inspection", "med.genealogy.event", "med.genealogy.line"):
            self.env[model].flush_model()
        found = []
        if not told["operation"]:
            found.append(self._sql_batches(told, begin, end))
        if not told["process"] and not told["equipment"]:
            found.append(self._sql_workorders(told, begin, end))
        if told["equipment"] and not told["process"] and not told["operation"]:
            found.append(self._sql_inspections(told, begin, end))
        return _inside("id", SQL(" UNION ALL ").join(found)) if found else Domain.FALSE

    def _sql_batches(self, told, begin, end):
        return SQL("""
            SELECT l.lot_id FROM med_process_batch_line l JOIN med_process_batch b
                ON b.id = l.batch_id WHERE b.state <> 'cancelled' AND %s""", _all_of([
            SQL("b.process = %s", told["process"]),
            SQL("b.workcenter_id = %s", told["workcenter_id"]),
            SQL("lower(trim(b.equipment)) = lower(trim(%s))", told["equipment"]),
            SQL("COALESCE(b.started_at, b.create_date) <= %s", end),
            SQL("COALESCE(b.ended_at, 'infinity') >= %s", begin)]))

    def _sql_workorders(self, told, begin, end):
        return SQL("""
            SELECT l.lot_id FROM mrp_workorder w
              JOIN med_genealogy_event e ON e.res_model = 'mrp.production'
                   AND e.res_id = w.production_id
              JOIN med_genealogy_line l ON l.event_id = e.id AND l.active AND l.side = 'out'
             WHERE w.state <> 'cancel' AND l.lot_id IS NOT NULL AND %s""", _all_of([
            SQL("w.name = %s", told["operation"]),
            SQL("w.workcenter_id = %s", told["workcenter_id"]),
            SQL("COALESCE(w.date_start, '-infinity') <= %s", end),
            SQL("COALESCE(w.date_finished, 'infinity') >= %s", begin)]))

    def _sql_inspections(self, told, begin, end):
        return SQL("""
            SELECT r.stock_lot_id FROM med_inspection_stock_lot_rel r
              JOIN med_inspection i ON i.id = r.med_inspection_id
             WHERE i.state <> 'cancelled' AND %s""", _all_of([
            SQL("lower(trim(i.equipment)) = lower(trim(%s))", told["equipment"]),
            SQL("i.workcenter_id = %s", told["workcenter_id"]),
            SQL("i.create_date <= %s", end),
            SQL("COALESCE(i.submitted_at, 'infinity') >= %s", begin)]))

    @api.model
    def _med_reading_domain(self, value):
        """Return the domain of the lots with a reading below or above a value.

        A value that was corrected does not count. Of serials it is the unit that was read, where
        the reading names one.
        """
        name, below, above = self._med_criterion_parts("reading", value, READING_PARTS).values()
        if not name or not (below or above):
            raise UserError(self.env._(
                "A reading needs its characteristic, and “below” or “above” as decimal text."))
        limits = []
        if below:
            limits.append(SQL("r.number < %s", self._med_limit(below)))
        if above:
            limits.append(SQL("r.number > %s", self._med_limit(above)))
        for model in ("med.reading", "med.inspection"):
            self.env[model].flush_model()
        return _inside("id", SQL("""
            SELECT l.id FROM med_reading r
              JOIN med_inspection i ON i.id = r.inspection_id AND i.state <> 'cancelled'
              JOIN med_inspection_stock_lot_rel rel ON rel.med_inspection_id = i.id
              JOIN stock_lot l ON l.id = rel.stock_lot_id
             WHERE r.characteristic = %s AND r.number IS NOT NULL
               AND r.outcome IN ('pass', 'fail') AND (%s)
               AND NOT EXISTS (SELECT 1 FROM med_reading c WHERE c.corrects_id = r.id)
               AND (l.name = r.unit OR NOT EXISTS (
                    SELECT 1 FROM med_inspection_stock_lot_rel o
                      JOIN stock_lot ol ON ol.id = o.stock_lot_id
                     WHERE o.med_inspection_id = i.id AND ol.name = r.unit))""",
            name, SQL(" OR ").join(limits)))

    @api.model
    def _med_limit(self, text):
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if number - number != 0:  # not a number, or without end
            raise UserError(self.env._("%s is not a number; write it like 9.95.", text))
        return number


def _all_of(conditions):
    """Return the SQL of those conditions that have a value; each has a place for one."""
    return SQL(" AND ").join([SQL("TRUE"), *(one for one in conditions if one.params[0])])


def _inside(column, query):
    """Return the domain of the records of which a column is among the rows of a query."""
    return Domain.custom(to_sql=lambda _model, alias, _query: SQL(
        "%s IN (%s)", SQL.identifier(alias, column), query))
