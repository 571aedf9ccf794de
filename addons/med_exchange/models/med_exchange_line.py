from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STAFF = "med_base.med_base_group_qa"
ADMIN = "med_base.med_base_group_system_admin"


class MedExchangeLine(models.Model):
    """The line out to one partner for one stream: what was said, what arrived, how it stands."""

    _name = "med.exchange.line"
    _description = "Line to a Partner"
    _inherit = ["med.exchange.outbox.row"]
    _order = "exchange_partner_id, stream, id"
    _log_access = False
    _med_settings = frozenset({"rule", "tries"})

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    stream = fields.Char(required=True, readonly=True)
    last_sequence = fields.Integer("Last Number", required=True, readonly=True, aggregator=False)
    delivered = fields.Integer("Delivered Up To", required=True, readonly=True, aggregator=False,
                               help="The highest number that arrived.")
    acknowledged = fields.Integer(
        "Confirmed Up To", required=True, readonly=True, aggregator=False,
        help="The number up to which the partner said that it has everything.")
    handed_out = fields.Integer(
        "Left Up To", required=True, readonly=True, aggregator=False,
        help="The highest number that was ever sent or handed out: what may be there already is "
             "not changed any more.")
    state = fields.Selection(
        [("running", "Running"), ("backoff", "Trying Again"), ("stopped", "Stopped")],
        "Status", required=True, readonly=True)
    attempts = fields.Integer("Failed Tries", required=True, readonly=True, aggregator=False)
    single_until = fields.Integer(readonly=True, aggregator=False)
    next_try = fields.Datetime("Tried Again At", readonly=True)
    last_error = fields.Char(readonly=True)
    last_contact = fields.Datetime(readonly=True)
    last_step = fields.Char("Last Step of a Person", readonly=True)
    alarmed = fields.Boolean("Alarm Raised", readonly=True)
    rule = fields.Selection(
        [("stop", "Stop, a person decides"), ("go_on", "Go on with the next")],
        "After a Refused Message", required=True, help="What happens to the messages behind one "
        "that the partner refuses, or answers with an error again and again.")
    tries = fields.Integer("Tries of One Message", required=True, aggregator=False,
                           help="So often is a message sent that the partner answers with an "
                                "error. A partner that cannot be reached is tried for ever.")
    queued = fields.Integer(compute="_compute_queue", aggregator=False)
    dead = fields.Integer("Dead Letters", compute="_compute_queue", aggregator=False)
    lag = fields.Integer("Lag (minutes)", compute="_compute_queue", aggregator=False,
                         help="How long the oldest message has waited.")
    late = fields.Boolean(compute="_compute_queue", search="_search_late")
    sent_hour = fields.Integer("Delivered in the Last Hour", compute="_compute_queue",
                               aggregator=False)
    delivery_ids = fields.One2many("med.exchange.delivery", "line_id", "Messages")

    _stream_unique = models.Constraint("UNIQUE (exchange_partner_id, stream)",
                                       "The partner has this stream already.")

    @api.depends("exchange_partner_id.name", "stream")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.exchange_partner_id.name} · {line.stream}"

    def _compute_queue(self):
        rows = {row["id"]: row for row in self.env.execute_query_dict(SQL("""
            SELECT l.id,
                   count(d.id) FILTER (WHERE d.state = 'queued') AS queued,
                   count(d.id) FILTER (WHERE d.state IN ('refused', 'dead')) AS dead,
                   count(d.id) FILTER (WHERE d.state = 'sent') AS sent,
                   min(d.queued_at) FILTER (WHERE d.state = 'queued') AS oldest
              FROM med_exchange_line l
         LEFT JOIN med_exchange_delivery d ON d.line_id = l.id
               AND (d.state IN ('queued', 'refused', 'dead')
                    OR d.sent_at > (now() AT TIME ZONE 'UTC') - interval '1 hour')
             WHERE l.id = ANY(%s) GROUP BY l.id""", self.ids))}
        now = fields.Datetime.now()
        for line in self:
            row = rows.get(line.id, {})
            line.queued, line.dead = row.get("queued", 0), row.get("dead", 0)
            line.sent_hour = row.get("sent", 0)
            oldest = row.get("oldest")
            line.lag = max(0, (now - oldest).total_seconds() // 60) if oldest else 0
            line.late = bool(oldest) and line.lag >= line.exchange_partner_id.sudo().lag_limit

    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = SQL("""(
            SELECT l.id FROM med_exchange_line l
              JOIN med_exchange_partner p ON p.id = l.exchange_partner_id
             WHERE EXISTS (SELECT FROM med_exchange_delivery d
                            WHERE d.line_id = l.id AND d.state = 'queued' AND d.queued_at
                               <= now() AT TIME ZONE 'UTC' - make_interval(mins => p.lag_limit)))
            """)
        return [("id", "in" if True in value else "not in", late)]

    # ------------------------------------------------------------------ steps of a person

    def resume(self, reason: str):
        """Let stopped lines go on with what is queued; what was refused stays refused.

        :param reason: what was done about it
        :return: ``{"version", "resumed"}``
        """
        self._med_check_staff()
        self._med_check_reason(reason)
        lines = self._med_lock()
        lines._med_note(self.env._("Goes on"), reason)
        lines._med_go_on()
        return {"version": 1, "resumed": len(lines)}

    def stop(self, reason: str):
        """Send nothing more on these lines until a person lets them go on.

        :return: ``{"version", "stopped"}``
        """
        self._med_check_staff()
        self._med_check_reason(reason)
        lines = self._med_lock()
        lines._med_note(self.env._("Stopped"), reason)
        lines._med_store(state="stopped", next_try=None)
        return {"version": 1, "stopped": len(lines)}

    def replay(self, sequence: int, reason: str):
        """Send everything from a number on once more that the partner may know of now, with the
        same message ids.

        :param sequence: the first one to be sent, 1 for all
        :param reason: why, as “they restored a backup”
        :return: ``{"version", "queued"}``
        """
        self.ensure_one()
        self._med_check_staff()
        self._med_check_reason(reason)
        line = self._med_lock()
        if type(sequence) is not int or not 1 <= sequence <= line.last_sequence:
            raise UserError(self.env._(
                "There is no message %(number)s: %(line)s has 1 to %(last)s.", number=sequence,
                line=line.display_name, last=line.last_sequence))
        again = line.env["med.exchange.delivery"].search([
            ("line_id", "=", line.id), ("sequence", ">=", sequence),
            ("state", "!=", "aside")])._med_withdraw()
        again._med_queue()
        line._med_store(delivered=sequence - 1, acknowledged=min(line.acknowledged, sequence - 1))
        line._med_note(self.env._("Sent once more from %s on", sequence), reason)
        line._med_go_on()
        return {"version": 1, "queued": len(again)}

    def _med_check_staff(self):
        if not (self.env.su or self.env.user.has_group(STAFF) or self.env.user.has_group(ADMIN)):
            raise AccessError(self.env._(
                "Quality assurance or a system administrator decides about messages."))
        self.check_access("read")

    def _med_check_reason(self, reason):
        if not isinstance(reason, str) or len(reason.strip()) < 3:
            raise UserError(self.env._("Say why."))

    def _med_lock(self):
        """Return these lines as the superuser sees them, locked until the transaction ends."""
        # Waits, as lock_for_update does not: who asks for news while some are dealt gets them.
        self.env.cr.execute(SQL(
            "SELECT FROM med_exchange_line WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            self.ids))
        lines = self.sudo()
        lines.invalidate_recordset()
        return lines

    def _med_store(self, **values):
        """Write what the exchange found; no other way leads to these columns."""
        sets = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value)
                              for name, value in values.items())
        self.env.cr.execute(SQL("UPDATE med_exchange_line SET %s WHERE id = ANY(%s)",
                                sets, self.ids))
        self.invalidate_model()

    def _med_go_on(self):
        self._med_store(state="running", attempts=0, next_try=None, last_error=None, alarmed=False)
        self.env.ref("med_exchange.med_exchange_cron_drain")._trigger()

    def _med_note(self, step, reason):
        self._med_store(last_step=f"{step}: {reason.strip()} ({self.env.user.name})")

    def action_resume(self):
        return self.env["med.exchange.outbox.step"]._med_open("resume", self)

    def action_stop(self):
        return self.env["med.exchange.outbox.step"]._med_open("stop", self)

    def action_replay(self):
        return self.env["med.exchange.outbox.step"]._med_open("replay", self)

    def action_deliveries(self):
        """Open the messages of the line."""
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.delivery",
                "name": self.env._("Messages"), "view_mode": "list,form",
                "domain": [("line_id", "in", self.ids)]}
