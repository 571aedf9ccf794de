from datetime import timedelta

from odoo import api, fields, models


class MedExchangePartner(models.Model):
    """How far a partner's rights reach among goods, and how often he states what he keeps."""

    _inherit = "med.exchange.partner"

    goods_scope = fields.Selection(
        [("party", "What concerns its organisation"), ("all", "All that its rights name")],
        "Goods", required=True, default="party", tracking=True,
        help="A consignee, supplier or processor hears and speaks of what went to it or came from "
             "it. A system of our own (MES, LIMS, warehouse) or of an authority may have all.")
    statement_limit = fields.Integer(
        "Stock Statement Every (hours)", tracking=True,
        help="After so many hours without a new statement of stock somebody is told; 0: none is "
             "expected. For a daily one take some hours more than 24.")
    statement_from = fields.Datetime("Statements Expected Since", readonly=True, copy=False)
    statement_late = fields.Boolean("Statement Is Late", readonly=True, copy=False)

    _statement_limit_positive = models.Constraint(
        "CHECK (statement_limit >= 0)", "Hours between statements are counted from 0.")

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        return super().create([
            {**vals, "statement_from": now if vals.get("statement_limit") else False}
            for vals in vals_list])

    def write(self, vals):
        if "statement_limit" in vals or vals.get("state") == "active":
            vals = {**vals, "statement_from": fields.Datetime.now(), "statement_late": False}
        return super().write(vals)

    @api.model
    def _cron_watch(self):
        """Raise one alarm for each partner whose statement of stock has not come in time."""
        super()._cron_watch()
        partners = self.sudo().search([
            ("statement_limit", ">", 0), ("state", "=", "active")])
        last = dict(self.env["med.stock.statement"].sudo()._read_group(
            [("exchange_partner_id", "in", partners.ids), ("state", "!=", "withdrawn")],
            ["exchange_partner_id"], ["moment:max"]))
        now = fields.Datetime.now()
        late = self.browse()
        for partner in partners:
            since = max(filter(None, (last.get(partner), partner.statement_from)), default=None)
            if since and since < now - timedelta(hours=partner.statement_limit):
                late += partner
        for found in late.filtered(lambda one: not one.statement_late):
            partner = found.with_context(lang=found._med_reader_lang())
            partner._med_alarm(
                partner.env._("No statement of stock from %s", partner.name),
                partner._med_statement_late(last.get(found)))
            partner.statement_late = True
        self.sudo().search([("statement_late", "=", True)]).filtered(
            lambda one: one not in late).statement_late = False

    def _med_statement_late(self, moment):
        """Return what somebody is told of a statement that is late.

        :param moment: as of when the last one is; None: none ever came
        """
        if not moment:
            return self.env._(
                "None has come yet; one is expected every %s hours. Ask for it: until it comes, "
                "nobody has compared the stock.", self.statement_limit)
        return self.env._(
            "The last one is as of %(time)s (UTC); one is expected every %(hours)s hours. Ask for "
            "it: until it comes, nobody has compared the stock.",
            time=moment, hours=self.statement_limit)
