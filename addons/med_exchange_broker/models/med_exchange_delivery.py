import json

from odoo import models
from odoo.addons.med_exchange.tools.reply import Reply, read_reply


class MedExchangeDelivery(models.Model):
    """A broker takes our messages; what the partner says to them comes later."""

    _inherit = "med.exchange.delivery"

    def _med_answered(self, answers, at=0.0):
        """Write down the partner's own answers to messages that a broker has handed it.

        :param answers: rows as ``submit`` answers them
        :param at: when it wrote them, seconds since 1970; 0: it does not say
        """
        reply = Reply(status=200, body=json.dumps({"answers": answers}).encode(), at=at)
        for line, some in self.grouped("line_id").items():
            line = line._med_lock()
            some.invalidate_recordset()
            result = read_reply(reply, some.mapped("message_id"))
            by_id = some.grouped("message_id")
            line._med_settle("sent", [by_id[one].id for one in result.taken], result)
            refused = [by_id[one].id for one in result.refused]
            line._med_settle("refused", refused, result)
            line._med_ask_again(result.missing)
            if refused:
                line._med_refused(self.browse(refused))
