from odoo import fields, models
from odoo.tools import SQL

RATINGS = [("bad", "Needs a Person"), ("late", "Late"), ("silent", "Not Heard Of"),
           ("good", "In Order"), ("off", "Not Active")]


class MedExchangeMonitor(models.Model):
    """How it stands with each partner now: one row a partner, read from what was exchanged."""

    _name = "med.exchange.monitor"
    _description = "State of the Exchange"
    _auto = False
    _order = "rank, name, id"
    _rec_name = "name"

    name = fields.Char(readonly=True)
    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    responsible_id = fields.Many2one("res.users", "Responsible", readonly=True)
    last_contact = fields.Datetime(readonly=True)
    rating = fields.Selection(RATINGS, "State", readonly=True)
    rank = fields.Integer("Urgency", readonly=True, aggregator=False)
    refused = fields.Integer("Refused from Them", readonly=True)
    conflicts = fields.Integer(readonly=True)
    waiting = fields.Integer("Wait for Earlier Ones", readonly=True)
    hanging = fields.Integer("Gap Since (minutes)", readonly=True, aggregator="max", help=(
        "How long the oldest of those that wait for earlier ones has waited."))
    received_hour = fields.Integer("Received in the Last Hour", readonly=True)
    received_day = fields.Integer("Received in the Last Day", readonly=True)
    queued = fields.Integer("Queued for Them", readonly=True)
    dead = fields.Integer("Refused by Them", readonly=True)
    broken = fields.Integer("Cannot Be Told", readonly=True, help=(
        "Events they should hear of, of which no message could be made."))
    stopped = fields.Integer("Lines Stopped", readonly=True)
    sent_hour = fields.Integer("Sent in the Last Hour", readonly=True)
    sent_day = fields.Integer("Sent in the Last Day", readonly=True)
    lag = fields.Integer("Lag (minutes)", readonly=True, aggregator="max",
                         help="How long the oldest message for them has waited.")

    @property
    def _table_query(self):
        return SQL("""
            WITH inbound AS (
                SELECT exchange_partner_id,
                       count(*) FILTER (WHERE state = 'rejected') AS refused,
                       count(*) FILTER (WHERE state = 'conflict') AS conflicts,
                       count(*) FILTER (WHERE state = 'waiting') AS waiting,
                       min(create_date) FILTER (WHERE state = 'waiting') AS hanging_since,
                       count(*) FILTER (WHERE create_date > %(hour)s) AS received_hour,
                       count(*) FILTER (WHERE create_date > %(day)s) AS received_day
                  FROM med_exchange_message
                 WHERE state IN ('rejected', 'conflict', 'waiting') OR create_date > %(day)s
                 GROUP BY exchange_partner_id),
            outbound AS (
                SELECT exchange_partner_id,
                       count(*) FILTER (WHERE state = 'queued') AS queued,
                       count(*) FILTER (WHERE state IN ('refused', 'dead')) AS dead,
                       count(*) FILTER (WHERE state = 'sent' AND sent_at > %(hour)s) AS sent_hour,
                       count(*) FILTER (WHERE state = 'sent' AND sent_at > %(day)s) AS sent_day,
                       min(queued_at) FILTER (WHERE state = 'queued') AS oldest
                  FROM med_exchange_delivery
                 WHERE state IN ('queued', 'refused', 'dead') OR sent_at > %(day)s
                 GROUP BY exchange_partner_id),
            untold AS (
                SELECT r.exchange_partner_id, count(*) AS broken
                  FROM med_exchange_event e
                  JOIN med_exchange_right r ON r.schema = e.schema AND r.direction = 'out'
                   AND r.active AND (e.company_id IS NULL OR e.company_id = r.company_id)
                 WHERE e.state = 'broken'
                 GROUP BY r.exchange_partner_id),
            streams AS (
                SELECT exchange_partner_id, max(last_at) AS last_at
                  FROM med_exchange_stream GROUP BY exchange_partner_id),
            lines AS (
                SELECT exchange_partner_id, count(*) FILTER (WHERE state = 'stopped') AS stopped,
                       max(last_contact) AS last_contact
                  FROM med_exchange_line GROUP BY exchange_partner_id),
            told AS (
                SELECT p.id, p.id AS exchange_partner_id, p.name, p.company_id, p.responsible_id,
                       greatest(p.last_contact, l.last_contact, s.last_at) AS last_contact,
                       coalesce(i.refused, 0) AS refused, coalesce(i.conflicts, 0) AS conflicts,
                       coalesce(i.waiting, 0) AS waiting,
                       coalesce(floor(extract(epoch FROM %(now)s - i.hanging_since) / 60), 0)::int
                           AS hanging, coalesce(u.broken, 0) AS broken,
                       coalesce(i.received_hour, 0) AS received_hour,
                       coalesce(i.received_day, 0) AS received_day,
                       coalesce(o.queued, 0) AS queued, coalesce(o.dead, 0) AS dead,
                       coalesce(l.stopped, 0) AS stopped, coalesce(o.sent_hour, 0) AS sent_hour,
                       coalesce(o.sent_day, 0) AS sent_day,
                       coalesce(floor(extract(epoch FROM %(now)s - o.oldest) / 60), 0)::int AS lag,
                       p.state, p.lag_limit, p.silence_limit
                  FROM med_exchange_partner p
             LEFT JOIN inbound i ON i.exchange_partner_id = p.id
             LEFT JOIN outbound o ON o.exchange_partner_id = p.id
             LEFT JOIN untold u ON u.exchange_partner_id = p.id
             LEFT JOIN streams s ON s.exchange_partner_id = p.id
             LEFT JOIN lines l ON l.exchange_partner_id = p.id
                 WHERE p.active),
            rated AS (
                SELECT *, CASE
                    WHEN state <> 'active' THEN 'off'
                    WHEN refused + conflicts + dead + stopped + broken > 0 THEN 'bad'
                    WHEN lag >= lag_limit AND queued > 0 THEN 'late'
                    WHEN hanging >= lag_limit AND waiting > 0 THEN 'late'
                    WHEN silence_limit > 0 AND coalesce(last_contact, '-infinity')
                         < %(now)s - make_interval(hours => silence_limit) THEN 'silent'
                    ELSE 'good' END AS rating
                  FROM told)
            SELECT *, array_position(ARRAY['bad', 'late', 'silent', 'good', 'off'], rating) AS rank
              FROM rated""", **self._med_times())

    def _med_times(self):
        now = fields.Datetime.now()
        return {"now": now, "hour": fields.Datetime.subtract(now, hours=1),
                "day": fields.Datetime.subtract(now, days=1)}

    def action_inbox(self):
        """Open what they sent that a person has to look at."""
        return self._med_open("med.exchange.message", self.env._("Refused and in Conflict"), [
            ("exchange_partner_id", "=", self.id), ("state", "in", ("rejected", "conflict"))])

    def action_waiting(self):
        """Open what waits for earlier messages of its stream."""
        return self._med_open("med.exchange.message", self.env._("Waiting"), [
            ("exchange_partner_id", "=", self.id), ("state", "=", "waiting")])

    def action_lines(self):
        """Open the lines to them."""
        return self._med_open("med.exchange.line", self.env._("Lines"),
                              [("exchange_partner_id", "=", self.id)])

    def action_dead(self):
        """Open what they refused."""
        return self._med_open("med.exchange.delivery", self.env._("Dead Letters"), [
            ("exchange_partner_id", "=", self.id), ("state", "in", ("refused", "dead"))])

    def action_broken(self):
        """Open the events that they should hear of and that cannot be told."""
        heard = self.exchange_partner_id.right_ids.filtered(lambda one: one.direction == "out")
        return self._med_open("med.exchange.event", self.env._("Cannot Be Told"), [
            ("schema", "in", heard.mapped("schema")), ("state", "=", "broken")])

    def action_traffic(self):
        """Open every message from them and to them."""
        return {**self._med_open("med.exchange.traffic", self.env._("Messages"), [
            ("exchange_partner_id", "=", self.id)]), "view_mode": "list,graph"}

    def action_partner(self):
        """Open the partner."""
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.partner",
                "res_id": self.id, "view_mode": "form"}

    def _med_open(self, model, name, domain):
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": model, "name": name,
                "view_mode": "list,form", "domain": domain}
