from odoo import api, models

from .. import waker


class IrCron(models.Model):
    """The scheduled action that sends is woken once for the many events of a moment."""

    _inherit = "ir.cron"

    @api.model
    def _notifydb(self):
        notify = super()._notifydb
        drain = self.env["ir.model.data"]._xmlid_to_res_id("med_exchange.med_exchange_cron_drain")
        if self.ids == [drain]:
            return waker.wake(self.env.cr.dbname, notify)
        return notify()
