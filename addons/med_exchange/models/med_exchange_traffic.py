from odoo import api, fields, models
from odoo.tools import SQL

WAITS = ("rejected", "conflict", "refused", "dead")
"""States of a message that a person has to look at."""


class MedExchangeTraffic(models.Model):
    """Every message, theirs and ours, in one list: to find all that was said of a lot or order."""

    _name = "med.exchange.traffic"
    _description = "Message From or To a Partner"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "med.exchange.message": [
            "name", "state", "words", "object_key", "schema", "stream_id", "sequence"],
        "med.exchange.delivery": [
            "message_id", "state", "object_id", "schema", "stream", "sequence", "queued_at"],
        "med.exchange.event": ["object_id", "body"],
        "med.exchange.stream": ["name"],
    }

    direction = fields.Selection(
        [("in", "From Them"), ("out", "To Them")], "From or To", readonly=True)
    date = fields.Datetime("When", readonly=True, help="Received here, or queued for them.")
    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    name = fields.Char("Message", readonly=True)
    schema = fields.Char(readonly=True)
    object_key = fields.Char("Object", readonly=True)
    stream = fields.Char(readonly=True)
    sequence = fields.Integer("Number", readonly=True, aggregator=False)
    code = fields.Char("State Code", readonly=True)
    state = fields.Char("Status", compute="_compute_state")
    waits = fields.Boolean("Needs a Person", readonly=True)
    words = fields.Text("Lots, Orders and Codes", readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_state(self):
        words = {direction: dict(self.env[model]._fields["state"]._description_selection(self.env))
                 for direction, model in (("in", "med.exchange.message"),
                                          ("out", "med.exchange.delivery"))}
        for one in self:
            one.state = words.get(one.direction, {}).get(one.code, one.code)

    @property
    def _table_query(self):
        # Words are found by the indexes over these very expressions (_named_index, there).
        return SQL("""
            SELECT m.id::bigint * 2 AS id, 'in' AS direction, m.create_date AS date,
                   m.exchange_partner_id, m.company_id, m.name, m.schema, m.object_key,
                   s.name AS stream, m.sequence, m.state AS code, m.state IN %(waits)s AS waits,
                   coalesce(m.object_key, '') || ' ' || coalesce(m.words, '') AS words,
                   'med.exchange.message' AS res_model, m.id AS res_id
              FROM med_exchange_message m
         LEFT JOIN med_exchange_stream s ON s.id = m.stream_id
             UNION ALL
            SELECT d.id::bigint * 2 + 1, 'out', d.queued_at, d.exchange_partner_id, d.company_id,
                   d.message_id, d.schema, d.object_id, d.stream, d.sequence, d.state,
                   d.state IN %(waits)s, e.object_id || ' ' || coalesce(e.body, ''),
                   'med.exchange.delivery', d.id
              FROM med_exchange_delivery d
         LEFT JOIN med_exchange_event e ON e.id = d.event_id""", waits=WAITS)

    @api.model
    def _med_about(self, word):
        """Return the action that lists all messages in which a lot, order or code is named."""
        return {**self.env["ir.actions.act_window"]._for_xml_id(
            "med_exchange.med_exchange_traffic_action"),
            "context": {"search_default_object_key": word}}

    def action_open(self):
        """Open the message."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "view_mode": "form", "views": [(False, "form")]}
