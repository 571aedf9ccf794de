from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def opened(env, evidence):
    """Return the action that opens records, given as model → ids: of the commonest model."""
    model = max(evidence, key=lambda name: len(evidence[name]))
    return {"type": "ir.actions.act_window", "res_model": model, "views": [
        (False, "list"), (False, "form")], "name": env["ir.model"]._get(model).name,
        "domain": [("id", "in", evidence[model])]}


class MedTriggerEvidence(models.Model):
    """One record that a signal rests on. Never changed, and never evidence of the same twice."""

    _name = "med.trigger.evidence"
    _description = "Evidence of a Signal"
    _inherit = ["med.kept.row.mixin"]
    _order = "hit_id desc, moment desc, id desc"
    _rec_name = "model"
    _med_refusals = {"create": _lt("Signals and their evidence are found by rules.")}

    hit_id = fields.Many2one(
        "med.trigger.hit", "Signal", required=True, readonly=True, index=True,
        ondelete="restrict")
    rule_id = fields.Many2one("med.trigger.rule", required=True, readonly=True)
    run_id = fields.Many2one(
        "med.trigger.run", required=True, readonly=True, help="In which it was found.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    key = fields.Char(required=True, readonly=True)
    model = fields.Char("Record Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="model", required=True, readonly=True)
    moment = fields.Datetime("Time", required=True, readonly=True)

    _once = models.UniqueIndex(
        "(rule_id, key, model, res_id)", "This is evidence of a signal of the rule already.")

    @api.model
    def _med_add(self, run, hits, found):
        """Keep evidence, in one statement however much it is.

        :param found: one :class:`Found` for each hit
        """
        rows = [(hit.id, one.key, *evidence) for hit, one in zip(hits, found, strict=True)
                for evidence in one.evidence]
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.flush_all()
        self.env.execute_query(SQL("""
            INSERT INTO med_trigger_evidence (hit_id, key, model, res_id, moment, rule_id, run_id,
                                              company_id, create_uid, create_date, write_uid,
                                              write_date)
            SELECT *, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC'
              FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::timestamp[])
            RETURNING id""",
            run.rule_id.id, run.id, run.company_id.id, self.env.uid, self.env.uid, *columns))
        hits.invalidate_recordset(["evidence_ids"])
