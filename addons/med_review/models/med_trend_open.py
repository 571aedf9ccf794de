from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.med_change.models.med_change import FINAL as CHANGED
from odoo.tools import SQL

from ..tools.figures import BUCKETS, OLDEST


class MedTrendOpen(models.Model):
    """An open record, and since when: nonconformities, deviations, CAPAs, changes, findings."""

    _name = "med.trend.open"
    _description = "Age of an Open Record"
    _auto = False
    _order = "opened_at, id"
    _depends = {
        "med.nonconformity": ["name", "company_id", "owner_id", "reported_at", "date_due",
                              "closed_at"],
        "med.deviation": ["name", "company_id", "owner_id", "date_to", "closed_at"],
        "med.capa": ["name", "company_id", "owner_id", "opened_at", "date_due", "closed_at"],
        "med.capa.action": ["capa_id", "what", "owner_id", "date_due", "done_at"],
        "med.change": ["name", "company_id", "owner_id", "requested_at", "date_due", "state",
                       "step_at"],
        "med.quality.finding": ["name", "company_id", "owner_id", "date_due", "ended_at"],
    }

    kind = fields.Selection("_select_kind", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    name = fields.Char("Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    opened_at = fields.Datetime("Opened", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    age_days = fields.Integer("Age (Days)", readonly=True, aggregator="avg")
    bucket = fields.Selection(
        [("0_30", "Up to 30 Days"), ("31_60", "31 to 60 Days"), ("61_90", "61 to 90 Days"),
         ("over_90", "Over 90 Days")], "Age", readonly=True)
    overdue = fields.Boolean(readonly=True)

    @api.model
    def _select_kind(self):
        """Return the kinds of records that have an age. For addons above to extend."""
        return [("nonconformity", self.env._("Nonconformity")),
                ("deviation", self.env._("Deviation or Concession")),
                ("capa", self.env._("CAPA")), ("capa_action", self.env._("Action of a CAPA")),
                ("change", self.env._("Change")), ("finding", self.env._("Finding of an Audit"))]

    @api.model
    def _med_parts(self):
        """Return kind → (model, statement) of its records, closed ones too. To be extended.

        The statement gives ``id``, ``name``, ``company_id``, ``user_id``, ``opened_at``,
        ``date_due`` and ``closed_at`` (null: open), in this order.
        """
        return {
            "nonconformity": ("med.nonconformity", SQL(
                "SELECT id, name, company_id, owner_id, reported_at, date_due, closed_at "
                "FROM med_nonconformity")),
            "deviation": ("med.deviation", SQL(
                "SELECT id, name, company_id, owner_id, create_date, date_to::date, closed_at "
                "FROM med_deviation")),
            "capa": ("med.capa", SQL(
                "SELECT id, name, company_id, owner_id, opened_at, date_due, closed_at "
                "FROM med_capa")),
            "capa_action": ("med.capa.action", SQL(
                "SELECT a.id, c.name || ': ' || a.what, a.company_id, a.owner_id, a.create_date, "
                "a.date_due, LEAST(a.done_at, c.closed_at) "
                "FROM med_capa_action a JOIN med_capa c ON c.id = a.capa_id")),
            "change": ("med.change", SQL(
                "SELECT id, name, company_id, owner_id, requested_at, date_due, "
                "CASE WHEN state IN %s THEN step_at END FROM med_change", CHANGED)),
            "finding": ("med.quality.finding", SQL(
                "SELECT id, name, company_id, owner_id, create_date, date_due, ended_at "
                "FROM med_quality_finding")),
        }

    @api.model
    def _med_records(self):
        """Return the statement of all records, ``number`` being that of their kind."""
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s AS kind, %s AS res_model, %s AS number, t.* FROM (%s) t "
                "(id, name, company_id, user_id, opened_at, date_due, closed_at)",
                kind, model, number, statement)
            for number, (kind, (model, statement)) in enumerate(self._med_parts().items()))

    @property
    def _table_query(self):
        today = fields.Date.today()
        spans = SQL(" ").join(
            SQL("WHEN opened_at >= %s THEN %s", today - timedelta(last), name)
            for name, last in BUCKETS)
        return SQL("""
            SELECT id::bigint * 64 + number AS id, kind, res_model, id AS res_id, name, company_id,
                   user_id, opened_at, date_due, %(today)s - opened_at::date AS age_days,
                   CASE %(spans)s ELSE %(oldest)s END AS bucket,
                   COALESCE(date_due < %(today)s, FALSE) AS overdue
              FROM (%(records)s) r WHERE closed_at IS NULL""",
            today=today, spans=spans, oldest=OLDEST, records=self._med_records())

    @api.model
    def _med_counts(self, companies, moments):
        """Return (kind, moment) → (open, of these overdue): opened before it, not closed then.

        Overdue is what was due before, by the date that the record has now.

        :param list moments: UTC
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL("""
            SELECT kind, m.moment, count(*), count(*) FILTER (WHERE date_due < m.moment::date)
              FROM unnest(%s::timestamp[]) m (moment)
              JOIN (%s) r ON r.opened_at < m.moment
                         AND (r.closed_at IS NULL OR r.closed_at >= m.moment)
             WHERE company_id IN %s GROUP BY kind, m.moment""",
            moments, self._med_records(), tuple(companies.ids) or (0,)))
        return {(kind, moment): (count, late) for kind, moment, count, late in rows}

    def action_open(self):
        """Open the record."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "views": [(False, "form")]}
