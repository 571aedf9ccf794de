from odoo import models
from odoo.exceptions import UserError


class MedExchangeTransport(models.AbstractModel):
    """A way to send messages: ``med.exchange.transport.<value of the partner's transport>``.

    An addon makes one by ``_inherit = "med.exchange.transport"`` with its own ``_name``, and adds
    the value to the selection of the partner. Sending is in three parts, since it takes as long as
    the other side wants: prepared here, sent in a thread without the database, and written down
    here by the line.
    """

    _name = "med.exchange.transport"
    _description = "Transport of Messages"

    def _med_transport(self, partner):
        """Return the transport of a partner."""
        name = f"med.exchange.transport.{partner.transport}"
        if name not in self.env:
            raise UserError(self.env._(
                "There is no way to send by “%s”. Choose another transport.", partner.transport))
        return self.env[name]

    def _med_prepare(self, partner, envelopes):
        """Return an object whose ``send()`` sends, without the database; it raises nothing.

        ``send()`` returns a :class:`..tools.reply.Reply`; a transport that knows no HTTP status
        says 200 for taken, 503 for not reached.

        :param envelopes: texts, in the order of the line
        :raise UserError: partner or key are not set up for it
        """
        raise NotImplementedError

    def _med_send(self, partner, envelopes):
        """Prepare and send at once; return the Reply."""
        return self._med_prepare(partner, envelopes).send()
