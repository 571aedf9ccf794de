from odoo import models
from odoo.tools import SQL

CLASSES = ("minor", "major", "critical")
SUBMITTED = ("submitted", "accepted", "concession", "rejected")


class MedTriggerRule(models.Model):
    """What the kinds of rules look at. A kind of an addon above is a method of its own here."""

    _inherit = "med.trigger.rule"

    def _med_events(self, start, end):
        """Return a SELECT of what a rule may count, from `start` on and before `end` (UTC).

        Its columns: ``thing`` (text: what must be the same), ``label`` (text, for people),
        ``defect_id``, ``product_id``, ``partner_id``, ``workcenter_id`` (each an id or NULL),
        ``model`` and ``res_id`` (the evidence), ``moment`` (timestamp). A row may come twice.
        An addon adds a kind by ``selection_add`` and a method ``_med_events_<kind>``.
        """
        self.ensure_one()
        return getattr(self, f"_med_events_{self.kind}")({
            "company": self.company_id.id, "start": start, "end": end,
            "lang": self.company_id.partner_id.lang or "en_US",
            "classes": CLASSES[CLASSES.index(self.least_class):],
            "submitted": SUBMITTED, "late": self.late_days, "results": self.counted == "results"})

    def _med_events_defect(self, values):
        """Results of submitted inspections that did not pass, and reported nonconformities.

        Corrected readings, readings that a signed record found to be wrong, and retests of
        readings that stand do not count. A reading without a defect code counts by its
        characteristic in the plan, whatever the version.
        """
        return SQL("""
            SELECT * FROM (
            WITH codes AS (
                SELECT DISTINCT ON (code) code, id, defect_class,
                       code || ' ' || COALESCE(name->>%(lang)s, name->>'en_US') AS label
                  FROM med_defect_code WHERE company_id IS NULL OR company_id = %(company)s
                 ORDER BY code, company_id NULLS LAST),
            failed AS (
                SELECT r.id, r.inspection_id, r.event_time, r.characteristic, d.code
                  FROM med_reading r
                  LEFT JOIN LATERAL jsonb_array_elements_text(r.defects) d(code) ON TRUE
                 WHERE r.outcome = 'fail' AND r.company_id = %(company)s
                   AND r.event_time >= %(start)s AND r.event_time < %(end)s
                   AND NOT EXISTS (SELECT FROM med_reading c WHERE c.corrects_id = r.id)
                   AND NOT EXISTS (SELECT FROM med_inspection_oos o
                                    WHERE o.reading_id = r.id AND o.state = 'error')
                   AND (r.retest_of_id IS NULL OR EXISTS (
                            SELECT FROM med_inspection_oos o
                             WHERE o.reading_id = r.retest_of_id AND o.state = 'error')))
            SELECT CASE WHEN f.code IS NULL THEN 'characteristic:' || p.code || '/'
                        || f.characteristic ELSE 'defect:' || f.code END AS thing,
                   COALESCE(c.label, f.code, k.name, f.characteristic) AS label,
                   c.id AS defect_id, i.product_id, s.commercial_partner_id AS partner_id,
                   i.workcenter_id,
                   CASE WHEN %(results)s THEN 'med.reading' ELSE 'med.inspection' END AS model,
                   CASE WHEN %(results)s THEN f.id ELSE i.id END AS res_id,
                   f.event_time AS moment
              FROM failed f
              JOIN med_inspection i ON i.id = f.inspection_id AND i.state IN %(submitted)s
              JOIN med_inspection_plan p ON p.id = i.plan_id
              LEFT JOIN codes c ON c.code = f.code
              LEFT JOIN med_characteristic k ON k.plan_id = i.plan_id AND k.key = f.characteristic
              LEFT JOIN res_partner s ON s.id = i.partner_id
             WHERE COALESCE(CASE WHEN f.code IS NULL THEN k.defect_class ELSE c.defect_class END,
                            'critical') IN %(classes)s
            UNION ALL
            SELECT 'defect:' || d.code, c.label, d.id, n.product_id, s.commercial_partner_id,
                   n.workcenter_id, 'med.nonconformity', n.id, n.event_time
              FROM med_nonconformity n
              JOIN med_defect_code d ON d.id = n.defect_code_id
              JOIN codes c ON c.code = d.code
              LEFT JOIN res_partner s ON s.id = n.partner_id
             WHERE n.company_id = %(company)s AND n.state <> 'cancelled'
               AND n.event_time >= %(start)s AND n.event_time < %(end)s
               AND COALESCE(n.source_model, '') <> 'med.trigger.hit'
               AND COALESCE(n.defect_class, d.defect_class) IN %(classes)s
               AND NOT EXISTS (
                       SELECT FROM med_reading r
                        WHERE n.source_model = 'med.inspection' AND r.inspection_id = n.source_id
                          AND r.outcome = 'fail' AND r.defects ? d.code)
            ) AS defects""", **values)

    def _med_events_chart(self, values):
        """Alerts of control charts, at the time of the reading that ends the point."""
        return SQL("""
            SELECT 'chart:' || c.id AS thing, c.name AS label, NULL::int AS defect_id,
                   c.product_id, s.commercial_partner_id AS partner_id, i.workcenter_id,
                   'med.control.alert' AS model, a.id AS res_id,
                   COALESCE(r.event_time, a.create_date) AS moment
              FROM med_control_alert a
              JOIN med_control_chart c ON c.id = a.chart_id
              JOIN med_inspection i ON i.id = a.inspection_id
              LEFT JOIN med_reading r ON r.id = a.point
              LEFT JOIN res_partner s ON s.id = i.partner_id
             WHERE a.company_id = %(company)s
               AND COALESCE(r.event_time, a.create_date) >= %(start)s
               AND COALESCE(r.event_time, a.create_date) < %(end)s""", **values)

    def _med_events_stopped(self, values):
        """Series of lots whose acceptance was stopped (ISO 2859-1, 9.4)."""
        return SQL("""
            SELECT 'series:' || w.id AS thing, w.code AS label, NULL::int AS defect_id,
                   w.product_id, s.commercial_partner_id AS partner_id, i.workcenter_id,
                   'med.switching.step' AS model, t.id AS res_id, t.date AS moment
              FROM med_switching_step t
              JOIN med_switching w ON w.id = t.switching_id
              LEFT JOIN med_inspection i ON i.id = t.inspection_id
              LEFT JOIN res_partner s ON s.id = w.partner_id
             WHERE t.company_id = %(company)s AND t.severity = 'stopped'
               AND t.severity_from <> 'stopped' AND w.defect_class IN %(classes)s
               AND t.date >= %(start)s AND t.date < %(end)s""", **values)

    def _med_events_overdue(self, values):
        """Actions of approved plans, from the day on which they are so many days overdue."""
        return SQL("""
            SELECT * FROM (
                SELECT '' AS thing, '' AS label, NULL::int AS defect_id,
                       p.product_product_id AS product_id,
                       s.commercial_partner_id AS partner_id, c.workcenter_id,
                       'med.capa.action' AS model, a.id AS res_id,
                       (a.date_due + 1 + %(late)s)::timestamp AS moment, a.done_at
                  FROM med_capa_action a
                  JOIN med_capa c ON c.id = a.capa_id
                  LEFT JOIN med_capa_product_product_rel p ON p.med_capa_id = c.id
                  LEFT JOIN res_partner s ON s.id = c.partner_id
                 WHERE c.company_id = %(company)s
                   AND c.state IN ('planned', 'implemented', 'effective', 'ineffective')) late
             WHERE moment >= %(start)s AND moment < %(end)s
               AND (done_at IS NULL OR done_at >= moment)""", **values)
