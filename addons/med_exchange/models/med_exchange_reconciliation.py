import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class MedExchangeReconciliation(models.Model):
    """One comparison of what a partner has with what we have, and what came of it."""

    _name = "med.exchange.reconciliation"
    _description = "Reconciliation with a Partner"
    _inherit = ["med.exchange.outbox.row"]
    _order = "id desc"
    _rec_name = "schema"
    _log_access = False

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    schema = fields.Char(required=True, readonly=True)
    compared_at = fields.Datetime("Compared", required=True, readonly=True)
    same = fields.Integer("The Same", required=True, readonly=True, aggregator=False)
    missing_here = fields.Integer("Only They Have", required=True, readonly=True, aggregator=False)
    missing_there = fields.Integer("Only We Have", required=True, readonly=True, aggregator=False)
    differing = fields.Integer("Differing", required=True, readonly=True, aggregator=False)
    state = fields.Selection(
        [("equal", "Equal"), ("open", "Differs"), ("settled", "Settled")], "Status",
        required=True, readonly=True)
    settled_by = fields.Many2one("res.users", readonly=True)
    settled_at = fields.Datetime("Settled", readonly=True)
    reason = fields.Char("What Was Done", readonly=True)
    line_ids = fields.One2many("med.exchange.reconciliation.line", "reconciliation_id",
                               "Differences")

    def settle(self, reason: str):
        """Close differences that a person has dealt with.

        :param reason: what was done about them
        :return: ``{"version", "settled"}``
        """
        lines = self.env["med.exchange.line"]
        lines._med_check_staff()
        self.check_access("read")
        lines._med_check_reason(reason)
        if any(one.state != "open" for one in self):
            raise UserError(self.env._("Only what differs is settled."))
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_reconciliation
               SET state = 'settled', reason = %s, settled_by = %s,
                   settled_at = now() AT TIME ZONE 'UTC'
             WHERE id = ANY(%s) AND state = 'open'""", reason.strip(), self.env.uid, self.ids))
        self.invalidate_model()
        return {"version": 1, "settled": len(self)}

    def action_settle(self):
        return self.env["med.exchange.outbox.step"]._med_open("settle", self)

    def _med_keep(self, partner, schema, same, here, there, differing):
        """Write one comparison down, and have somebody look when it differs."""
        state = "open" if here or there or differing else "equal"
        [[number]] = self.env.execute_query(SQL("""
            INSERT INTO med_exchange_reconciliation (
                exchange_partner_id, company_id, schema, compared_at, same, missing_here,
                missing_there, differing, state)
            VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC', %s, %s, %s, %s, %s)
         RETURNING id""", partner.id, partner.company_id.id, schema, same, len(here), len(there),
            len(differing), state))
        rows = [{"kind": "here", "thing": _kept(one)} for one in here]
        rows += [{"kind": "there", "thing": _kept(one)} for one in there]
        rows += [{"kind": "differs", "thing": _kept(one["id"]), "told": _kept("\n".join(
            f"{each['pointer']}: {_shown(each['ours'])} | {_shown(each['theirs'])}"
            for each in one["fields"]))} for one in differing]
        self.env.cr.execute(SQL("""
            INSERT INTO med_exchange_reconciliation_line (
                reconciliation_id, company_id, kind, object_id, told)
            SELECT %s, %s, kind, left(thing, 128), told
              FROM jsonb_to_recordset(%s::jsonb) AS t (kind varchar, thing varchar, told text)""",
            number, partner.company_id.id, json.dumps(rows)))
        self.invalidate_model()
        if state == "open":
            partner._med_alarm(
                self.env._("“%s” differs from what the partner has", schema),
                self.env._("%(here)s only they have, %(there)s only we have, %(differ)s differ: "
                           "see Exchange › Outbox › Reconciliations.", here=len(here),
                           there=len(there), differ=len(differing)))
        return self.browse(number)


def _kept(text):
    """Return a text as the database can keep it: others chose its characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _shown(value):
    return json.dumps(value, ensure_ascii=False)[:500]
