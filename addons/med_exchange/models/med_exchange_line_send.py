import logging
import time
from concurrent.futures import ThreadPoolExecutor

from odoo import api, models
from odoo.tools import SQL
from psycopg2 import DatabaseError, InterfaceError, OperationalError
from psycopg2.errors import LockNotAvailable
from psycopg2.extensions import TransactionRollbackError

_logger = logging.getLogger(__name__)
LINES = 8        # that are sent at a time
MESSAGES = 100   # of a line in one request
BYTES = 4 << 20
PAUSE = 0.2       # seconds after a round of few messages: more of them go in the next request


class MedExchangeLine(models.Model):
    """Sending: in the order of the numbers on a line, several lines at a time."""

    _inherit = "med.exchange.line"

    @api.model
    def _med_lines(self, keys):
        """Return ``{(partner id, stream): line}``, made where missing, locked in one order."""
        partners, streams = map(list, zip(*sorted(keys), strict=True))
        self.env.cr.execute(SQL("""
            INSERT INTO med_exchange_line (
                exchange_partner_id, company_id, stream, last_sequence, delivered, acknowledged,
                handed_out, state, attempts, single_until, rule, tries)
            SELECT p.id, p.company_id, t.stream, 0, 0, 0, 0, 'running', 0, 0, 'stop', 10
              FROM unnest(%s::int[], %s::varchar[]) AS t (partner, stream)
              JOIN med_exchange_partner p ON p.id = t.partner
                ON CONFLICT (exchange_partner_id, stream) DO NOTHING""", partners, streams))
        found = [row[0] for row in self.env.execute_query(SQL("""
            SELECT l.id FROM med_exchange_line l
              JOIN unnest(%s::int[], %s::varchar[]) AS t (partner, stream)
                ON (l.exchange_partner_id, l.stream) = (t.partner, t.stream)
          ORDER BY l.id FOR NO KEY UPDATE OF l""", partners, streams))]
        self.invalidate_model()
        return {(line.exchange_partner_id.id, line.stream): line for line in self.browse(found)}

    def _med_message_id(self, sequence):
        """Return the id of a message: the same each time it is sent."""
        return f"{self.exchange_partner_id._med_our_code()}.{self.id}.{sequence}"

    # ------------------------------------------------------------------ the scheduled action

    @api.model
    def _cron_drain(self):
        """Deal events, then send what is due, until nothing is left or the time is up.

        What fails concerns its line and is written there; no failure ends this action, which
        would keep the other partners waiting.
        """
        cron, events = self.env["ir.cron"], self.env["med.exchange.event"]
        while True:
            dealt = self._med_safely(events._med_deal) or 0
            cron._commit_progress(dealt, remaining=0)
            sent = self._med_send_due()
            more = dealt or sent
            left = cron._commit_progress(sent, remaining=int(bool(more)))
            if not more or not left:
                break
            if max(dealt, sent) < MESSAGES:
                time.sleep(PAUSE)
        self._med_safely(events._med_watch)
        self._med_safely(self._med_watch)
        return True

    def _med_safely(self, step, *arguments):
        """Run a step in a savepoint; what goes wrong is logged, and None returned.

        :raise psycopg2.OperationalError: the database is gone, for all steps alike
        """
        try:
            with self.env.cr.savepoint():
                return step(*arguments)
        except (TransactionRollbackError, LockNotAvailable) as error:  # another was first
            _logger.info("exchange: a step of the outbox is tried again: %s", error)
            return None
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # another partner's messages wait behind this one
            _logger.exception("exchange: a step of the outbox failed and is tried again")
            return None

    @api.model
    def _med_send_due(self):
        """Send one request on each line that is due; return how much went on."""
        parcels = []
        for line in self._med_due():
            if (parcel := self._med_safely(line._med_pack)) is not None:
                parcels.append((line, *parcel))
        if not parcels:
            return 0
        # Nothing of the database is held while others take their time.
        self.env["ir.cron"]._commit_progress(0, remaining=1)
        with ThreadPoolExecutor(min(LINES, len(parcels))) as pool:
            replies = list(pool.map(_post, [call for _line, _deliveries, call in parcels]))
        done = 0
        for (line, deliveries, _call), reply in zip(parcels, replies, strict=True):
            told = self._med_safely(line._med_record, deliveries, reply)
            if told is None:  # else the same is sent again at once, for ever
                self._med_safely(line._med_unrecorded, deliveries)
            done += told or 0
            self.env["ir.cron"]._commit_progress(0, remaining=1)
        return done

    def _med_due(self):
        return self.browse(row[0] for row in self.env.execute_query(SQL("""
            SELECT l.id FROM med_exchange_line l
              JOIN med_exchange_partner p ON p.id = l.exchange_partner_id
             WHERE l.state <> 'stopped' AND p.active AND p.state = 'active'
               AND p.transport <> 'pull'
               AND (l.next_try IS NULL OR l.next_try <= clock_timestamp() AT TIME ZONE 'UTC')
               AND (EXISTS (SELECT FROM med_exchange_delivery d
                             WHERE d.line_id = l.id AND d.state = 'queued')
                    OR EXISTS (SELECT FROM med_exchange_delivery d
                                WHERE d.line_id = l.id AND d.hollow))
          ORDER BY l.next_try NULLS FIRST, l.id""")))

    def _med_pack(self):
        """Return ``(deliveries, call)``: the next messages of this line, ready to be sent."""
        self.invalidate_recordset()
        partner = self.exchange_partner_id
        first = self.env["med.exchange.delivery"].search(
            [("line_id", "=", self.id), "|", ("state", "=", "queued"), ("hollow", "=", True)],
            order="sequence", limit=MESSAGES)
        if not first or not partner.active or partner.state != "active":
            return None
        if first[0].sequence <= self.single_until:
            first = first[0]
        try:
            transport = self.env["med.exchange.transport"]._med_transport(partner)
            first._med_withdraw()
            first.filtered(lambda one: not one.hollow)._med_make()
            size, texts = 0, []
            for one in first:
                text = one._med_text()
                size += len(text.encode())
                if texts and size > BYTES:
                    break
                texts.append(text)
            parcel, call = first[:len(texts)], transport._med_prepare(partner, texts)
            self._med_left(parcel[-1].sequence)
            return parcel, call
        except DatabaseError:
            raise  # of the database, not of the line
        except Exception as error:  # no key, no address: it is told on the line
            line = self._med_spoken()
            line._med_failed(first, line.env._("It could not be prepared: %s", error), None)
            return None

    def _med_left(self, sequence):
        """Note that the partner may have what is told up to a number."""
        self.env.cr.execute(SQL(
            "UPDATE med_exchange_line SET handed_out = %s WHERE id = %s AND handed_out < %s",
            sequence, self.id, sequence))
        self.invalidate_recordset(["handed_out"])


def _post(call):
    """Send one request, in a thread; the database is not touched here."""
    return call.send()
