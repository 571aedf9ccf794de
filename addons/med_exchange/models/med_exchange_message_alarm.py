from odoo import api, models
from odoo.tools import SQL


class MedExchangeMessage(models.Model):
    """Who is told of messages: of what may be an attack, and of what waits for a person."""

    _inherit = "med.exchange.message"

    @api.model
    def _raise_alarms(self, partner, coming):
        """Have somebody look at what may be an attack: one alarm of a kind until he has looked.

        Each is an entry of the audit trail in any case.
        """
        self = self.with_context(lang=partner._med_reader_lang())
        partner = partner.with_env(self.env)
        texts = {
            "forged": self.env._("Messages that %s has not signed or may not speak for were "
                                 "refused", partner.code),
            "tampered": self.env._("Messages of %s arrived changed and were refused", partner.code),
            "clash": self.env._("%s sent other content under an id that it had used", partner.code),
        }
        for kind, text in texts.items():
            rows = [one for one in coming if one.alarm == kind]
            if not rows:
                continue
            note = self.env._(
                "Nothing of them was applied. Messages: %s. Ask the partner by another way what "
                "he sent.", ", ".join(f"{one.claimed or '?'} (#{one.row})" for one in rows[:20]))
            if text not in partner.activity_ids.mapped("summary"):
                partner._med_alarm(text, note)
            for one in rows:
                self.env["med.audit.entry"]._record_event(
                    f"exchange_{kind}", self.browse(one.row),
                    {"partner": partner.code, "id": one.claimed, "digest": one.digest})

    @api.model
    def _ask_for_a_person(self, partner, done):
        """Tell the responsible that something waits for him, once until he has looked."""
        self = self.with_context(lang=partner._med_reader_lang())
        partner = partner.with_env(self.env)
        rows = [one for one in done if one.state in ("rejected", "conflict") and not one.alarm]
        summary = self.env._("Messages of %s wait for a person", partner.code)
        if rows and summary not in partner.activity_ids.mapped("summary"):
            partner._med_alarm(summary, self.env._(
                "Refused or in conflict: %s. Open Exchange, Inbox, To Be Looked At.", ", ".join(
                    f"{one.claimed or '?'} (#{one.row})"
                    for one in sorted(rows, key=lambda one: one.row)[:20])))

    @api.model
    def _heard_of(self, partner):
        """Note when the partner was last heard of, to the minute: its calls may come together."""
        self.env.execute_query(SQL("""
            UPDATE med_exchange_partner SET last_contact = %(now)s
             WHERE id = (SELECT id FROM med_exchange_partner
                          WHERE id = %(partner)s AND (last_contact IS NULL
                                OR last_contact < %(now)s - interval '1 minute')
                            FOR NO KEY UPDATE SKIP LOCKED)
         RETURNING id""", now=self.env.cr.now(), partner=partner.id))
        partner.invalidate_recordset(["last_contact"])
