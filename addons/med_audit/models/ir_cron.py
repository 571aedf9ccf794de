from odoo import models

from . import person


class IrCron(models.Model):
    """A scheduled action acts as itself, unless a person started it by hand."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        if person.current():
            return super()._callback(cron_name, server_action_id)
        actor = person.Person(
            uid=self.env.uid, login=self.env.user.login, origin="cron", what=cron_name,
        )
        with person.acting(self.env.cr, actor):
            return super()._callback(cron_name, server_action_id)
