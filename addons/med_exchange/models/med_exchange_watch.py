from odoo import api, fields, models


class MedExchangePartner(models.Model):
    """Somebody is told when a partner is not heard of any more."""

    _inherit = "med.exchange.partner"

    silence_limit = fields.Integer(
        "Alarm When Silent (hours)",
        help="After so many hours without a call of theirs or an answer; 0: no alarm.")
    hanging = fields.Boolean(readonly=True, copy=False, help="The alarm of a gap was raised.")
    silent = fields.Boolean(readonly=True, copy=False, help="The alarm was raised.")

    @api.model
    def _cron_watch(self):
        """Raise one alarm for each partner that has become silent, and for each whose messages wait
        for one that does not come; note whose do no more."""
        rows = self.env["med.exchange.monitor"].sudo().search([("rating", "!=", "off")])
        now_silent = rows.filtered(lambda one: one.rating == "silent").exchange_partner_id
        for found in now_silent.filtered(lambda one: not one.silent):
            partner = found.with_context(lang=found._med_reader_lang())
            partner._med_alarm(
                partner.env._("%s is not heard of", partner.name),
                partner.env._("Since %(time)s (UTC); asked for is every %(hours)s hours.",
                              time=partner.last_contact or partner.env._("the beginning"),
                              hours=partner.silence_limit))
            partner.silent = True
        (rows.exchange_partner_id - now_silent).filtered("silent").silent = False
        now_hanging = rows.filtered(lambda one: one.waiting and (
            one.hanging >= one.exchange_partner_id.lag_limit)).exchange_partner_id
        for found in now_hanging.filtered(lambda one: not one.hanging):
            partner = found.with_context(lang=found._med_reader_lang())
            streams = self.env["med.exchange.stream"].sudo().search(
                [("exchange_partner_id", "=", partner.id)]).filtered("waiting")
            partner._med_alarm(
                partner.env._("Messages of %s wait for earlier ones", partner.name),
                partner.env._("Ask for them, or go on without: %s", "; ".join(
                    f"{one.name}: {one.missing}" for one in streams[:20])))
            partner.hanging = True
        (rows.exchange_partner_id - now_hanging).filtered("hanging").hanging = False
