"""Trigger rules over one million inspection results, beside asking group by group.

Results, inspections, alerts, stops and actions are written by SQL. A search is what the past is
tried with; a run makes signals with their evidence, audit trail and activities as well.
"""

import time
from datetime import timedelta

import support
from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL
from support import say

RESULTS, INSPECTIONS, PRODUCTS, SUPPLIERS, CENTERS, DAYS = 1_000_000, 20_000, 200, 50, 20, 730
KINDS = {
    "defect of a product": {"by_product": True, "count": 3, "days": 30},
    "defect of a supplier": {"by_product": False, "by_partner": True, "count": 5, "days": 30},
    "defect at a work center": {"by_product": False, "by_workcenter": True, "count": 8,
                                "days": 30},
    "single results of a product": {"by_product": True, "count": 3, "days": 30,
                                    "counted": "results"},
    "control charts": {"kind": "chart", "count": 2, "days": 30},
    "stopped sampling": {"kind": "stopped", "count": 1, "days": 30},
    "overdue actions": {"kind": "overdue", "count": 5, "days": 7, "by_product": False},
}


def bench():
    figures = support.Figures("trigger")
    with support.databases(trigger=support.template()), \
            support.open_database("trigger", 1) as env:
        figures.about = support.server(env.cr)
        seed(env)
        rules = {name: rule(env, name, values) for name, values in KINDS.items()}
        env.cr.commit()
        trials(env, figures, rules)
        naive(env, figures, rules["defect of a product"])
        runs(env, figures, rules)
    figures.show()


def rule(env, name, values):
    from odoo.addons.med_signature.models.med_signable_state import set_state
    one = env["med.trigger.rule"].create({
        "name": name, "kind": "defect", "date_from": "2020-01-01", **values})
    set_state(one, "in_force")  # the benchmark needs no signer
    return one


def seed(env):
    say(f"{RESULTS:,} results of {INSPECTIONS:,} inspections in {DAYS} days")
    from odoo.addons.med_signature.models.med_signable_state import set_state
    products = env["product.product"].create([
        {"name": f"Bench {number}", "is_storable": True} for number in range(PRODUCTS)])
    partners = env["res.partner"].create([
        {"name": f"Bench supplier {number}"} for number in range(SUPPLIERS)])
    centers = env["mrp.workcenter"].create([
        {"name": f"Bench center {number}"} for number in range(CENTERS)])
    codes = env["med.defect.code"].create([
        {"code": f"B-{number}", "name": f"Defect {number}"} for number in range(20)])
    plan = env["med.inspection.plan"].create({
        "name": "Bench", "stage": "incoming", "characteristic_ids": [Command.create({
            "key": "look", "name": "Look", "kind": "check", "defect_code_ids": codes.ids})]})
    set_state(plan, "approved")
    env.flush_all()

    def triggers(how):
        for table in SEEDED:
            env.cr.execute(SQL("ALTER TABLE %s %s TRIGGER USER", SQL.identifier(table), SQL(how)))

    names = {"company": env.company.id, "plan": plan.id, "days": DAYS, "results": RESULTS,
             "inspections": INSPECTIONS, "products": products.ids, "partners": partners.ids,
             "centers": centers.ids, "codes": codes.mapped("code"),
             "each": RESULTS // INSPECTIONS}
    env.cr.commit()
    # The audit trail of the seed is not what is measured.
    triggers("DISABLE")
    for statement in SEED:
        env.cr.execute(SQL(statement, **names))
    triggers("ENABLE")
    for table in SEEDED:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.commit()
    env.invalidate_all()


SEEDED = ("med_inspection", "med_reading", "med_control_chart", "med_control_limits",
          "med_control_alert", "med_switching", "med_switching_step", "med_capa",
          "med_capa_action")
SEED = ("""
    INSERT INTO med_inspection (name, company_id, stage, plan_id, product_id, partner_id,
                                workcenter_id, state, verdict, med_signature_round)
    SELECT 'B' || n, %(company)s, 'incoming', %(plan)s, (%(products)s::int[])[n %% 200 + 1],
           (%(partners)s::int[])[(n / 7) %% 50 + 1], (%(centers)s::int[])[(n / 3) %% 20 + 1],
           'accepted', 'accepted', 1
      FROM generate_series(1, %(inspections)s) n""", """
    INSERT INTO med_reading (inspection_id, company_id, characteristic, unit, place, value, defects,
                             user_id, event_time, outcome, reason)
    SELECT i.id, %(company)s, 'look', u, 0, CASE WHEN bad THEN 'fail' ELSE 'pass' END,
           CASE WHEN bad THEN jsonb_build_array(
               (%(codes)s::text[])[1 + mod(hashint4(i.id * 51 + u) & 65535, 20)]) END,
           1, now() AT TIME ZONE 'UTC' - make_interval(days => %(days)s)
              + (row_number() OVER (ORDER BY i.id, u)) * make_interval(days => %(days)s)
                / %(results)s,
           CASE WHEN bad THEN 'fail' ELSE 'pass' END, 'seed'
      FROM med_inspection i CROSS JOIN generate_series(1, %(each)s) u
     CROSS JOIN LATERAL (SELECT (hashint4(i.id * 97 + u) & 1023) < 20 AS bad) b
     WHERE i.plan_id = %(plan)s""", """
    INSERT INTO med_control_chart (name, active, company_id, product_id, characteristic, kind, size,
                                   rules)
    SELECT 'Bench', TRUE, %(company)s, p, 'look', 'i_mr', 5, 'nelson'
      FROM unnest(%(products)s::int[]) p""", """
    INSERT INTO med_control_limits (chart_id, company_id, number, state, kept,
                                    med_signature_round)
    SELECT id, company_id, 1, 'approved', '{}', 1
      FROM med_control_chart WHERE name = 'Bench'""", """
    INSERT INTO med_control_alert (chart_id, limits_id, company_id, product_id, inspection_id,
                                   series, point, broken, state, med_signature_round)
    SELECT c.id, l.id, c.company_id, c.product_id, r.inspection_id, 'value', r.id, 'beyond_3s',
           'open', 1
      FROM med_reading r JOIN med_inspection i ON i.id = r.inspection_id
      JOIN med_control_chart c ON c.product_id = i.product_id
      JOIN med_control_limits l ON l.chart_id = c.id WHERE r.id %% 200 = 0""", """
    INSERT INTO med_switching (company_id, partner_id, product_id, defect_class, code, standard,
                               aql, severity)
    SELECT %(company)s, s, p, 'major', 'B', 'iso_2859_1_1999', '1.0', 'stopped'
      FROM unnest(%(partners)s::int[]) s CROSS JOIN unnest((%(products)s::int[])[1:40]) p""", """
    INSERT INTO med_switching_step (switching_id, company_id, date, severity_from, severity, code)
    SELECT id, company_id, now() AT TIME ZONE 'UTC' - make_interval(days => mod(id, 700)),
           'tightened', 'stopped', 'stopped'
      FROM med_switching WHERE code = 'B' AND mod(id, 10) = 0""", """
    INSERT INTO med_capa (name, company_id, kind, source, cycle, summary, state,
                          med_signature_round)
    SELECT 'B' || n, %(company)s, 'corrective', 'other', 1, 'Bench', 'planned', 1
      FROM generate_series(1, 2000) n""", """
    INSERT INTO med_capa_action (capa_id, company_id, kind, what, date_due, state)
    SELECT c.id, c.company_id, 'corrective', 'Bench', current_date - mod(c.id * 5 + n, 700), 'open'
      FROM med_capa c CROSS JOIN generate_series(1, 5) n WHERE c.summary = 'Bench'""")


def trials(env, figures, rules):
    say("All rules tried on two years")
    end = fields.Datetime.now()
    start, total = end - timedelta(days=DAYS + 1), 0
    for name, one in rules.items():
        seconds = []
        for _round in range(3):
            begin = time.perf_counter()
            looked, found = one._med_search(start, end, live=False)
            seconds.append(time.perf_counter() - begin)
        total += support.median(seconds)
        say(f"  {name}: {looked:,} rows, {len(found):,} signals")
        figures.add(f"search: {name}", support.median(seconds), "s")
    figures.add("search: all kinds", total, "s", "at most 10", total <= 10)


def naive(env, figures, one):
    """Ask for each product and defect by itself, as a loop over groups does; on a slice."""
    end = fields.Datetime.now()
    start = end - timedelta(days=DAYS + 1)
    begin = time.perf_counter()
    one._med_search(start, end, live=False)
    whole = time.perf_counter() - begin
    groups = [(product, code) for product in env["product.product"].search(
        [("name", "=like", "Bench %")], limit=10).ids
        for code in env["med.defect.code"].search([("code", "=like", "B-%")]).mapped("code")]
    begin = time.perf_counter()
    for product, code in groups:
        readings = env["med.reading"].search([
            ("outcome", "=", "fail"), ("event_time", ">=", start),
            ("inspection_id.product_id", "=", product),
            ("inspection_id.state", "in", ("submitted", "accepted", "concession", "rejected"))],
            order="event_time, id")
        seen = {}
        for reading in readings:
            if code in (reading.defects or []):
                seen.setdefault(reading.inspection_id.id, reading.event_time)
        moments = list(seen.values())
        for number in range(one.count - 1, len(moments)):
            if moments[number] - moments[number - one.count + 1] <= timedelta(days=one.days):
                break
        env.invalidate_all()
    each = (time.perf_counter() - begin) / len(groups)
    every = PRODUCTS * 20 * each
    figures.add("group by group, one group", each * 1000, "ms")
    figures.add("group by group, 4,000 groups, from a slice", every, "s")
    figures.add("group by group / ours", every / whole, "x")


def runs(env, figures, rules):
    """Run for good: signals with evidence, audited; then once more, with nothing new."""
    say("Each rule run, then run again")
    for word in ("first run", "second run"):
        begin = time.perf_counter()
        made = [one._med_run() for one in rules.values()]
        env.cr.commit()
        figures.add(f"{word}, all kinds", time.perf_counter() - begin, "s")
        say("  " + ", ".join(f"{run.hits} new" for run in made))


support.main(bench)
